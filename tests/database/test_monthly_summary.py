"""A month of a team: what is counted in it, and that small numbers of people are not told; exports are in the log."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from tests.database.flag_reference import Course
from tests.database.flagged import PHQ9, FlaggedTeam
from tests.database.operations import refusal
from tests.database.scene import put


@pytest.fixture(scope="module")
def people(account) -> dict[str, UUID]:
    return {role: account(f"{role}@monthly.example") for role in ("therapist", "supervisor", "lead", "admin")}


@pytest.fixture(scope="module")
def more(account) -> list[UUID]:
    return [account(f"more{n}@monthly.example") for n in range(2)]


@pytest.fixture
def flagged(undone, people) -> FlaggedTeam:
    return FlaggedTeam(undone, people, undone.execute("select current_date").fetchone()[0])


def month(flagged, speaking, role: str = "lead", on: date | None = None) -> dict:
    with speaking(flagged.people[role]) as db:
        return db.execute(
            "select public.month_of_team(%s, %s)", (flagged.team, on or flagged.today)
        ).fetchone()[0]


def put_therapists(flagged, more: list[UUID], count: int) -> list[UUID]:
    """So many in all, the team's own first."""
    clinic = flagged.db.execute(
        "select clinic_id from public.teams where id = %s", (flagged.team,)
    ).fetchone()[0]
    for person in more[: count - 1]:
        put(flagged.db, "people", id=person, clinic_id=clinic, display_name="More")
        put(
            flagged.db,
            "memberships",
            person_id=person,
            team_id=flagged.team,
            role="therapist",
            starts_on=flagged.ago(300),
        )
    return [flagged.therapist, *more[: count - 1]]


def put_entries(flagged, therapist: UUID, code: str, *, repaired: bool, better: bool) -> None:
    """A case with a rupture of this month, and a first and a last score."""
    mine = {"therapist_id": therapist, "team_id": flagged.team}
    case = uuid4()
    put(flagged.db, "cases", **mine, id=case, code=code, started_on=flagged.ago(100))
    end = {"closed_on": flagged.today, "outcome": "repaired"} if repaired else {}
    put(
        flagged.db,
        "ruptures",
        **mine,
        case_id=case,
        id=uuid4(),
        kind="mixed",
        noticed_on=flagged.today,
        **end,
    )
    for day, value in ((flagged.ago(90), 18), (flagged.today, 10 if better else 18)):
        put(flagged.db, "scores", **mine, case_id=case, id=uuid4(), measure_id=PHQ9, on_day=day, value=value)


@pytest.mark.parametrize(
    ("therapists", "cases", "shown"), [(3, 5, True), (2, 6, False), (3, 4, False), (1, 6, False)]
)
def test_ruptures_and_improvements_are_told_only_from_three_therapists_and_five_entries_on(
    flagged, speaking, more, therapists, cases, shown
):
    people = put_therapists(flagged, more, therapists)
    for n in range(cases):
        put_entries(flagged, people[n % therapists], f"M-{n:03}", repaired=n < 2, better=n < 3)
    found = month(flagged, speaking)
    assert found["ruptures"] == ({"of": cases, "repaired": 2} if shown else {"of": None, "repaired": None})
    assert found["improved"] == ({"of": cases, "cases": 3} if shown else {"of": None, "cases": None})
    assert month(flagged, speaking, "supervisor") == found


def test_what_is_up_and_what_was_done_is_counted(flagged, speaking, send):
    quiet = {"started": 20, "sessions": [(0, 3, "attended")], "discussed": [1]}
    case = flagged.put_case(Course(**quiet, ruptures=[(20, None, [])]), "M-100")
    flagged.put_case(Course(**quiet, ruptures=[(60, None, [])]), "M-200")
    flagged.refresh()
    (flag,) = flagged.db.execute(
        "select id from public.flags where case_id = %s and rule = 'R5' and cleared_on is null", (case,)
    ).fetchone()
    put(
        flagged.db, "flag_events", actor_id=flagged.people["lead"], id=uuid4(), team_id=flagged.team, therapist_id=flagged.therapist,
        case_id=case, flag_id=flag, kind="resolved", outcome="consulted",
    )  # fmt: skip
    found = month(flagged, speaking)
    assert (found["cases"], found["first"]) == (2, 1)
    (r5,) = [rule for rule in found["rules"] if rule["rule"] == "R5"]
    assert r5 == {"rule": "R5", "cases": 2, "oldest": str(flagged.ago(45)), "median_days": 5}
    assert (found["work"], found["outcomes"]) == ({"resolved": 1}, {"consulted": 1})
    flagged.db.execute(
        "update public.ruptures set closed_on = current_date, outcome = 'repaired' where case_id = %s",
        (case,),
    )
    assert (
        month(flagged, speaking)["cleared"] == 2
    )  # the rupture, and the gaps in the formulation that it made count


def test_another_month_says_nothing_of_this_one(flagged, speaking):
    case = flagged.put_case(Course(started=20, ruptures=[(20, None, [])]), "M-100")
    flagged.refresh()
    flagged.db.execute(
        "update public.ruptures set closed_on = current_date, outcome = 'repaired' where case_id = %s",
        (case,),
    )
    before = month(flagged, speaking, on=flagged.today.replace(day=1) - timedelta(days=1))
    assert (before["cleared"], before["work"], before["step_backs"]) == (0, {}, 0)


def test_a_flag_that_went_because_the_case_was_closed_is_not_called_cleared(flagged, speaking):
    case = flagged.put_case(Course(started=20, ruptures=[(20, None, [])]), "M-100")
    flagged.refresh()
    flagged.db.execute("update public.cases set state = 'closed' where id = %s", (case,))
    assert month(flagged, speaking)["cleared"] == 0


@pytest.mark.parametrize("role", ["lead", "supervisor", "admin"])
def test_an_export_is_in_the_log_with_its_name_and_no_content(flagged, speaking, role):
    with speaking(flagged.people[role]) as db:
        db.execute("select public.log_export(%s, 'monitor_list')", (flagged.team,))
        found = db.execute(
            "select actor_id, action, table_name, team_id, subject_id from public.audit_log where action = 'export'"
        ).fetchall()
    assert found == [(flagged.people[role], "export", "monitor_list", flagged.team, None)]


@pytest.mark.parametrize("what", [None, "", "A list of people", "x" * 41, "C-1001"])
def test_an_export_has_a_name_and_nothing_else(flagged, speaking, what):
    with speaking(flagged.people["lead"]) as db:
        code, _ = refusal(db, "select public.log_export(%s, %s)", (flagged.team, what))
    assert code == "22023"


def test_weeks_in_which_flags_were_computed_are_known_and_the_others_are_not(flagged, speaking):
    flagged.put_case(Course(started=20, ruptures=[(30, None, [])]), "M-100")

    def computed() -> list[str]:
        with speaking(flagged.people["lead"]) as db:
            return db.execute(
                "select public.stagnation(array[%s::uuid], %s)", (flagged.team, flagged.ago(30))
            ).fetchone()[0]["computed"]

    monday = flagged.today - timedelta(days=flagged.today.weekday())
    assert computed() == [str(monday)]
    flagged.let_days_pass(14)
    assert computed() == [str(monday), str(monday + timedelta(days=14))]


def test_a_case_with_two_of_the_rules_counts_once_among_all_that_stand_still(flagged, speaking):
    flagged.put_case(
        Course(
            started=200, ruptures=[(30, None, [])], sessions=[(n * 7, 30 - n, "attended") for n in range(9)], scores={("phq-9", 80): 18.0, ("phq-9", 0): 18.0}
        ), "M-100",
    )  # fmt: skip
    with speaking(flagged.people["lead"]) as db:
        weeks = db.execute(
            "select public.stagnation(array[%s::uuid], %s)", (flagged.team, flagged.today)
        ).fetchone()[0]["weeks"]
    assert {"R1", "R5", "R9", "any"} <= {week["rule"] for week in weeks}
    assert [week["cases"] for week in weeks if week["rule"] == "any"] == [1]


# --- the list of the monitor -------------------------------------------------------------------------------------------


def listed(flagged, speaking, role: str = "lead", **asked: object) -> dict:
    names = "".join(f", {name} => %s" for name in asked)
    with speaking(flagged.people[role]) as db:
        return db.execute(
            f"select public.monitor(array[%s::uuid]{names})", (flagged.team, *asked.values())
        ).fetchone()[0]


def test_a_filter_chooses_cases_and_leaves_their_points_and_the_standing_as_they_are(flagged, speaking):
    flagged.put_case(Course(started=300, sessions=[(0, 3, "attended")], ruptures=[(20, None, [])]), "M-100")
    flagged.put_case(
        Course(started=20, sessions=[(0, 3, "attended")], ruptures=[(60, None, [])], discussed=[1]), "M-200"
    )
    whole = listed(flagged, speaking)
    assert whole["standing"] == {"cases": 2, "teams": 1, "first": 1, "undiscussed": 1}
    found = listed(flagged, speaking, rules=["R9"])
    assert [case["code"] for case in found["cases"]] == ["M-100"]
    assert found["cases"] == [case for case in whole["cases"] if case["code"] == "M-100"]
    assert found["standing"] == whole["standing"]


@pytest.mark.parametrize(
    ("at_least", "days", "codes"),
    [(None, 0, {"M-100", "M-200"}), ("escalate", 0, {"M-200"}), (None, 45, {"M-200"}), (None, 46, set())],
)
def test_how_pressing_and_for_how_long_are_asked_of_the_database(flagged, speaking, at_least, days, codes):
    quiet = {"started": 20, "sessions": [(0, 3, "attended")], "discussed": [1]}
    flagged.put_case(Course(**quiet, ruptures=[(20, None, [])]), "M-100")
    flagged.put_case(Course(**quiet, ruptures=[(60, None, [])]), "M-200")
    found = listed(flagged, speaking, at_least=at_least, least_days=days)
    assert {case["code"] for case in found["cases"]} == codes
    assert found["total"] == len(codes)


def test_what_was_given_on_is_no_longer_given_to_the_first(flagged, speaking):
    case = flagged.put_case(
        Course(started=20, sessions=[(0, 3, "attended")], ruptures=[(20, None, [])], discussed=[1]), "M-100"
    )
    flagged.refresh()
    (flag,) = flagged.db.execute(
        "select id from public.flags where case_id = %s and rule = 'R5'", (case,)
    ).fetchone()
    given = {
        "actor_id": flagged.people["lead"],
        "team_id": flagged.team,
        "therapist_id": flagged.therapist,
        "case_id": case,
        "flag_id": flag,
    }
    for minutes, who in ((2, "supervisor"), (1, "therapist")):
        when = flagged.db.execute("select now() - make_interval(mins => %s)", (minutes,)).fetchone()[0]
        put(
            flagged.db,
            "flag_events",
            **given,
            id=uuid4(),
            kind="assigned",
            assignee_id=flagged.people[who],
            happened_at=when,
        )
        total = listed(flagged, speaking, "supervisor", show="assigned")["total"]
        assert total == (1 if who == "supervisor" else 0)
    (one,) = listed(flagged, speaking)["cases"]
    assert one["assigned"] == [{"to": "Therapist", "due_on": None}]
