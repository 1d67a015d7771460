"""Flags: each rule against a plain Python reference, kept current as entries come and days pass, and worked on without loss."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from tests.database import flag_reference
from tests.database.flag_reference import FIELDS, Course, Limits
from tests.database.flagged import FlaggedTeam
from tests.database.operations import op, refusal, stored
from tests.database.scene import ident, put

LATELY = st.integers(0, 120)
COURSES = st.builds(
    Course,
    started=st.integers(0, 400),
    sessions=st.lists(
        st.tuples(LATELY, st.integers(1, 15), st.sampled_from(["attended", "attended", "no_show", "cancelled", "late_cancel"])),
        max_size=14,
        unique_by=lambda s: s[:2],
    ),
    scores=st.dictionaries(
        st.tuples(st.just("phq-9"), LATELY), st.integers(0, 27).map(float), max_size=9
    ).flatmap(
        lambda phq: st.dictionaries(
            st.tuples(st.just("own-flagged"), LATELY), st.integers(0, 80).map(lambda n: n / 2), max_size=9
        ).map(lambda own: phq | own)
    ),
    check_ins=st.lists(st.tuples(LATELY, st.integers(0, 30)), max_size=7, unique_by=lambda c: c[0]),
    ruptures=st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from([None, None, 0]), st.lists(st.integers(0, 60), max_size=3)), max_size=3
    ),
    checks=st.lists(
        st.tuples(LATELY, st.sampled_from(["none", "a_little", "most", "all", "something_else"]), st.sampled_from(["client", "together", "therapist"])),
        max_size=6,
        unique_by=lambda c: c[0],
    ),
    ratings=st.lists(st.tuples(LATELY, st.integers(1, 3), st.integers(0, 4)), max_size=12, unique_by=lambda r: r[:2]),
    formulation=st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 120), max_size=9),
    discussed=st.lists(st.integers(0, 60), max_size=2),
    action_open=st.booleans(),
)  # fmt: skip


@pytest.fixture(scope="module")
def people(account) -> dict[str, UUID]:
    return {role: account(f"{role}@flagged.example") for role in ("therapist", "supervisor", "lead", "admin")}


@pytest.fixture
def flagged(undone, people) -> FlaggedTeam:
    return FlaggedTeam(undone, people, undone.execute("select current_date").fetchone()[0])


def course(**more: object) -> Course:
    """A quiet case: begun lately, talked about, with a session today."""
    return Course(**{"started": 20, "sessions": [(0, 3, "attended")], "discussed": [1], **more})


def rules(found: dict, case: UUID) -> set[str]:
    return {rule for of, rule, _ in found if of == case}


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(courses=st.lists(COURSES, min_size=1, max_size=3))  # fmt: skip
def test_the_database_and_the_plain_reference_find_the_same_flags(flagged, courses):
    with flagged.db.transaction(force_rollback=True):
        cases = [flagged.put_case(one, f"F-{n:03}") for n, one in enumerate(courses)]
        spread = flag_reference.team_spread(courses)
        expected = {
            (case, *which): severity
            for case, one in zip(cases, courses, strict=True)
            for which, severity in flag_reference.flags(
                one, flagged.today, team_sd=spread, limits=Limits()
            ).items()
        }
        assert flagged.anew() == expected


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=st.lists(COURSES, min_size=2, max_size=3), after=COURSES, days=st.sampled_from([0, 0, 1, 15, 40]))  # fmt: skip
def test_bringing_up_to_date_after_entries_and_days_gives_what_starting_from_scratch_gives(
    flagged, before, after, days
):
    with flagged.db.transaction(force_rollback=True):
        cases = [flagged.put_case(one, f"F-{n:03}") for n, one in enumerate(before)]
        assert flagged.kept() == flagged.anew()
        flagged.put_case(after, "F-999")
        flagged.db.execute("update public.cases set state = 'paused' where id = %s", (cases[0],))
        flagged.db.execute("delete from public.task_checks where team_id = %s", (flagged.team,))
        flagged.db.execute(
            "update public.ruptures set closed_on = %s, outcome = 'partly' where case_id = %s and closed_on is null",
            (flagged.today, cases[1]),
        )
        flagged.let_days_pass(days)
        assert flagged.kept() == flagged.anew()


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("sessions", {"number": 1, "attendance": "no_show", "held_on": 0}),
        ("scores", {"measure_id": "phq", "on_day": 0, "value": 20}),
        ("check_ins", {"on_day": 0, "goals": 0, "way_of_working": 0, "relationship": 0}),
        ("goals", {"set_by": "client", "set_on": 0}),
        ("plan_reviews", {"reviewed_on": 0}),
        ("formulation_entries", {"field": "wants", "version": 2, "written_on": 0}),
        ("episodes", {"happened_on": 0, "kind": "stalled"}),
        ("ruptures", {"kind": "mixed", "noticed_on": 30}),
        ("tasks", {"proposed_by": "client", "given_on": 0}),
    ],
)
def test_an_entry_of_any_kind_is_noticed(flagged, table, row):
    case = flagged.put_case(
        course(
            started=300, sessions=[(30, 3, "attended")], scores={("phq-9", 30): 12.0}, check_ins=[(30 + n, 20 + n % 2) for n in range(5)]
        )
    )  # fmt: skip
    flagged.kept()
    named = {k: flagged.ago(v) if k.endswith("_on") or k == "on_day" else v for k, v in row.items()}
    if "measure_id" in named:
        named["measure_id"] = UUID("5c0e0000-0000-4000-8000-000000000001")
    put(
        flagged.db,
        table,
        therapist_id=flagged.therapist,
        team_id=flagged.team,
        case_id=case,
        id=uuid4(),
        **named,
    )
    marks = flagged.db.execute(
        "select count(*) from private.stale_cases where team_id = %s", (flagged.team,)
    ).fetchone()[0]
    assert marks > 0
    assert flagged.kept() == flagged.anew()


def test_nothing_is_computed_twice_while_nothing_happens(flagged):
    case = flagged.put_case(course(ruptures=[(20, None, [])]))
    flagged.refresh()
    flagged.db.execute("update public.flags set first_seen = first_seen - 3 where case_id = %s", (case,))
    before = flagged.db.execute("select xmin, * from public.flags where case_id = %s", (case,)).fetchall()
    flagged.refresh()
    assert (
        flagged.db.execute("select xmin, * from public.flags where case_id = %s", (case,)).fetchall()
        == before
        != []
    )


def test_many_cases_are_looked_at_in_goes_and_none_is_left_out(flagged, speaking):
    cases = [flagged.put_case(course(ruptures=[(20 + n, None, [])]), f"F-{n:03}") for n in range(7)]
    assert [flagged.refresh_some(3) for _ in range(4)] == [4, 1, 0, 0]
    assert flagged.kept() == flagged.anew()
    flagged.let_days_pass(1)
    assert listed(flagged, speaking, "lead", show="all")["behind"] == 0
    flagged.let_days_pass(2)
    assert flagged.refresh_some(2) == 5
    put(
        flagged.db, "goals", id=uuid4(), therapist_id=flagged.therapist, team_id=flagged.team, case_id=cases[0], set_by="client", set_on=flagged.today
    )  # fmt: skip
    assert flagged.kept() == flagged.anew()


def test_a_flag_that_comes_back_is_a_new_spell_and_says_so(flagged):
    case = flagged.put_case(course(ruptures=[(15, None, [])]))
    assert rules(flagged.kept(), case) == {"R5", "R11"}
    rupture = flagged.db.execute("select id from public.ruptures where case_id = %s", (case,)).fetchone()[0]
    put(
        flagged.db, "repair_steps", recorded_by=flagged.therapist, id=uuid4(), therapist_id=flagged.therapist, team_id=flagged.team,
        rupture_id=rupture, stage="named", taken_on=flagged.today,
    )  # fmt: skip
    assert rules(flagged.kept(), case) == set()
    assert flagged.spells(case, "R5") == [(1, flagged.today, flagged.today)]
    flagged.let_days_pass(15)
    assert "R5" in rules(flagged.kept(), case)
    later = flagged.today + timedelta(days=15)
    assert flagged.spells(case, "R5") == [(1, flagged.today, flagged.today), (2, later, None)]


@pytest.mark.parametrize(("days", "up"), [(13, False), (14, False), (15, True)])
def test_a_rupture_waits_from_the_day_after_the_threshold(flagged, days, up):
    case = flagged.put_case(course(ruptures=[(days, None, [])]))
    found = flagged.kept()
    assert ("R5" in rules(found, case)) is up
    if up:
        (since,) = flagged.db.execute(
            "select since from public.flags where case_id = %s and rule = 'R5'", (case,)
        ).fetchone()
        assert since == flagged.today


@pytest.mark.parametrize(("change", "up"), [(5, True), (6, False)])
@pytest.mark.parametrize(("sessions", "severity"), [(3, None), (4, "watch"), (6, "review"), (9, "escalate")])
def test_a_published_reliable_change_counts_from_equality_on(flagged, change, up, sessions, severity):
    case = flagged.put_case(
        course(
            sessions=[(n * 7, 60 - n, "attended") for n in range(sessions)],
            scores={("phq-9", 80): 18.0, ("phq-9", 0): 18.0 - change},
        )
    )
    assert flagged.kept().get((case, "R1", "phq-9")) == (severity if up else None)


def test_a_clinics_own_thresholds_stand_in_for_the_shipped_ones(flagged):
    case = flagged.put_case(course(scores={("phq-9", 30): 10.0, ("phq-9", 0): 14.0}))
    assert (case, "R2", "phq-9") not in flagged.kept()
    clinic = flagged.db.execute(
        "select clinic_id from public.teams where id = %s", (flagged.team,)
    ).fetchone()[0]
    put(
        flagged.db, "measures", clinic_id=clinic, slug="phq-9", name="PHQ-9 here", lowest=0, highest=27, direction="lower_is_better",
        reliable_change=4, reliable_basis="published",
    )  # fmt: skip
    assert flagged.kept()[case, "R2", "phq-9"] == "escalate"


def test_a_flag_is_read_with_the_name_that_its_clinic_gives_to_the_measure(flagged, speaking):
    case = flagged.put_case(course(scores={("phq-9", 30): 10.0, ("phq-9", 0): 20.0}))
    flagged.refresh()
    flag, clinic = flagged.db.execute(
        "select f.id, t.clinic_id from public.flags f join public.teams t on t.id = f.team_id where f.case_id = %s and f.rule = 'R2'", (case,)
    ).fetchone()  # fmt: skip
    put(
        flagged.db, "flag_events", actor_id=flagged.therapist, id=uuid4(), team_id=flagged.team, therapist_id=flagged.therapist, case_id=case,
        flag_id=flag, kind="noted", note="seen",
    )  # fmt: skip

    def read() -> set[str]:
        (watched,) = listed(flagged, speaking, "lead", show="all")["cases"]
        with speaking(flagged.people["therapist"]) as db:
            own = db.execute("select about from public.my_flags(%s) where rule = 'R2'", (flagged.team,)).fetchall()  # fmt: skip
            work = db.execute(
                "select about from public.flag_event_list where flag_id = %s", (flag,)
            ).fetchall()
        return {one["about"] for one in watched["flags"] if one["rule"] == "R2"} | {about for (about,) in own + work}  # fmt: skip

    assert read() == {"PHQ-9"}
    put(
        flagged.db, "measures", clinic_id=clinic, slug="phq-9", name="PHQ-9 on paper", lowest=0, highest=27, direction="lower_is_better",
        reliable_change=4, reliable_basis="published",
    )  # fmt: skip
    assert read() == {"PHQ-9 on paper"}


def test_other_thresholds_hold_from_the_next_look_on_and_what_they_were_is_kept(flagged, speaking):
    case = flagged.put_case(course(ruptures=[(10, None, [])]))
    assert rules(flagged.kept(), case) == set()
    with speaking(flagged.people["admin"]) as db:
        preview = db.execute(
            "select rule::text, stay, come, go from public.preview_thresholds(%s, %s)",
            (flagged.team, Jsonb({"rupture_open_days": 7})),
        ).fetchall()
        assert preview == [("R5", 0, 1, 0), ("R11", 0, 1, 0)]
        db.execute(
            "update public.team_settings set rupture_open_days = 7 where team_id = %s", (flagged.team,)
        )
    assert rules(flagged.kept(), case) == {"R5", "R11"}
    ((by, before, after),) = flagged.db.execute(
        "select changed_by, before ->> 'rupture_open_days', after ->> 'rupture_open_days' from public.threshold_changes where team_id = %s",
        (flagged.team,),
    )
    assert (by, before, after) == (flagged.people["admin"], "14", "7")


def test_no_number_of_a_flag_is_a_raw_score(flagged):
    scores = {("phq-9", 90 - 9 * n): 21.0 + n % 2 for n in range(7)}
    case = flagged.put_case(
        course(started=200, sessions=[(80 - 9 * n, n + 3, "attended") for n in range(9)], scores=scores)
    )
    assert {"R1", "R3"} <= rules(flagged.kept(), case)
    told = flagged.db.execute("select numbers::text from public.flags where case_id = %s", (case,)).fetchall()
    assert not [numbers for (numbers,) in told if "21" in numbers or "22" in numbers]


# --- the list, and work on it ----------------------------------------------------------------------------------------


def listed(flagged, speaking, role: str, **asked: object) -> dict:
    names = "".join(f", {name} => %s" for name in asked)
    with speaking(flagged.people[role]) as db:
        return db.execute(
            f"select public.monitor(array[%s::uuid]{names})", (flagged.team, *asked.values())
        ).fetchone()[0]


def codes(answer: dict) -> list[str]:
    return [case["code"] for case in answer["cases"]]


def work(flagged, case: UUID, rule: str, kind: str, **more: object) -> dict:
    (flag,) = flagged.db.execute(
        "select id from public.flags where case_id = %s and rule = %s::public.flag_rule and cleared_on is null", (case, rule)
    ).fetchone()  # fmt: skip
    return op(
        "flag.work", entity=flag, id=str(uuid4()), team=flagged.team, therapist=flagged.therapist, case=case, kind=kind, **more
    )  # fmt: skip


def test_the_list_is_ordered_by_points_that_add_up_in_the_open(flagged, speaking):
    flagged.put_case(course(started=300, discussed=[40]), "F-100")
    flagged.put_case(course(ruptures=[(60, None, [])]), "F-200")
    flagged.put_case(course(), "F-300")
    answer = listed(flagged, speaking, "lead")
    assert codes(answer) == ["F-200", "F-100"]
    assert answer["total"] == 2
    for case in answer["cases"]:
        assert case["points"] == sum(flag["points"] for flag in case["flags"])
    assert listed(flagged, speaking, "supervisor") == answer


def test_the_list_is_paged_filtered_and_searched_in_the_database(flagged, speaking):
    for n in range(7):
        flagged.put_case(course(ruptures=[(20 + n, None, [])]), f"F-{n:03}")
    seen = [
        code
        for first in (0, 3, 6, 9)
        for code in codes(listed(flagged, speaking, "lead", first=first, amount=3))
    ]
    assert seen == [f"F-{n:03}" for n in reversed(range(7))]
    assert codes(listed(flagged, speaking, "lead", code_part="f-003")) == ["F-003"]
    assert codes(listed(flagged, speaking, "lead", rules=["R9"])) == []


def test_what_one_puts_aside_stays_in_everybody_elses_view_and_a_rest_ends(flagged, speaking, send):
    case = flagged.put_case(course(ruptures=[(20, None, [])]))
    flagged.refresh()
    until = flagged.today + timedelta(days=10)
    rest = [
        work(flagged, case, rule, "snoozed", note="on leave for two weeks", until_on=str(until))
        for rule in ("R5", "R11")
    ]
    assert [answer["state"] for answer in send(flagged.people["lead"], *rest)] == ["applied", "applied"]
    assert codes(listed(flagged, speaking, "lead")) == []
    assert codes(listed(flagged, speaking, "lead", show="resting")) == ["F-001"]
    assert codes(listed(flagged, speaking, "supervisor")) == ["F-001"]
    flagged.let_days_pass(10)
    assert codes(listed(flagged, speaking, "lead")) == ["F-001"]


@pytest.mark.parametrize("kind", ["acknowledged", "resolved"])
def test_seen_or_dealt_with_leaves_ones_own_list_and_a_new_spell_is_new_again(flagged, speaking, send, kind):
    case = flagged.put_case(
        course(started=10, ruptures=[(20, None, [])], formulation=dict.fromkeys(FIELDS, 1))
    )
    flagged.refresh()
    more = {"outcome": "discussed"} if kind == "resolved" else {}
    send(flagged.people["lead"], work(flagged, case, "R5", kind, **more))
    assert codes(listed(flagged, speaking, "lead")) == []
    assert codes(listed(flagged, speaking, "lead", show="all")) == ["F-001"]
    flagged.db.execute("update public.ruptures set noticed_on = %s where case_id = %s", (flagged.today, case))
    flagged.refresh()
    flagged.let_days_pass(20)
    assert codes(listed(flagged, speaking, "lead")) == ["F-001"]


def test_a_flag_given_to_somebody_is_in_their_list(flagged, speaking, send):
    case = flagged.put_case(course(ruptures=[(20, None, [])]))
    flagged.refresh()
    given_to = work(
        flagged, case, "R5", "assigned", assignee=flagged.people["supervisor"], due_on=str(flagged.today + timedelta(7)), note="please"
    )  # fmt: skip
    assert send(flagged.people["lead"], given_to)[0]["state"] == "applied"
    assert codes(listed(flagged, speaking, "supervisor", show="assigned")) == ["F-001"]
    assert codes(listed(flagged, speaking, "lead", show="assigned")) == []
    (case_row,) = listed(flagged, speaking, "lead")["cases"]
    assert case_row["assigned"] == [{"to": "Supervisor", "due_on": str(flagged.today + timedelta(7))}]


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("snoozed", {"note": "short", "until_on": 5}, "23514"),
        ("snoozed", {"note": "long enough a reason"}, "23514"),
        ("snoozed", {"note": "long enough a reason", "until_on": 400}, "SX400"),
        ("snoozed", {"note": "long enough a reason", "until_on": -1}, "SX400"),
        ("assigned", {}, "23514"),
        ("assigned", {"assignee": "lead"}, "SX400"),
        ("assigned", {"assignee": "admin"}, "SX400"),
        ("resolved", {}, "23514"),
        ("acknowledged", {"outcome": "discussed"}, "23514"),
        ("acknowledged", {"due_on": 3}, "23514"),
        ("cleared", {}, "22P02"),
        ("noted", {"note": "x" * 501}, "23514"),
    ],
)
def test_work_that_lacks_what_it_needs_is_refused(flagged, send, kind, more, code):
    case = flagged.put_case(course(ruptures=[(20, None, [])]))
    flagged.refresh()
    more = {k: str(flagged.today + timedelta(v)) if k.endswith("_on") else v for k, v in more.items()}
    if "assignee" in more:
        more["assignee"] = flagged.people[more["assignee"]]
    (answer,) = send(flagged.people["lead"], work(flagged, case, "R5", kind, **more))
    assert (answer["state"], answer["code"]) == ("refused", code)


@pytest.mark.parametrize(
    ("who", "change"),
    [
        ("supervisor", "starts_on = current_date + 1"),
        ("supervisor", "ends_on = current_date"),
        ("supervisor", "team_id = %(elsewhere)s"),
        ("therapist", "role = 'lead'"),
    ],
)
def test_no_flag_and_no_action_goes_to_somebody_without_such_a_role_in_the_team_today(
    flagged, send, who, change
):
    case = flagged.put_case(course(ruptures=[(20, None, [])]))
    flagged.refresh()
    elsewhere, by = uuid4(), flagged.people["admin"]
    flagged.db.execute(
        "insert into public.teams (id, clinic_id, name) select %s, clinic_id, 'Elsewhere' from public.teams where id = %s",
        (elsewhere, flagged.team),
    )
    put(flagged.db, "memberships", person_id=by, team_id=flagged.team, role="supervisor", starts_on=flagged.ago(9))  # fmt: skip
    flagged.db.execute(
        f"update public.memberships set {change} where person_id = %(person)s",
        {"elsewhere": elsewhere, "person": flagged.people[who]},
    )
    (given,) = send(by, work(flagged, case, "R5", "assigned", assignee=flagged.people[who]))
    agreed = op("action.agree", team=flagged.team, therapist=flagged.therapist, case=case, owner=flagged.people[who], what="ask")  # fmt: skip
    (action,) = send(by, agreed)
    assert [(answer["state"], answer["code"]) for answer in (given, action)] == [("refused", "SX400")] * 2


# --- how long it takes -------------------------------------------------------------------------------------------------


def test_spells_count_until_they_are_discussed_acted_on_and_cleared(flagged, speaking):
    case = flagged.put_case(course(started=300, ruptures=[(24, None, [])], discussed=[5, 200]))
    put(
        flagged.db, "actions", created_by=flagged.therapist, id=uuid4(), therapist_id=flagged.therapist, team_id=flagged.team,
        case_id=case, owner_id=flagged.therapist, what="something", created_on=flagged.ago(2),
    )  # fmt: skip
    with speaking(flagged.people["lead"]) as db:
        answer = db.execute(
            "select public.stagnation(array[%s::uuid], %s)", (flagged.team, flagged.ago(60))
        ).fetchone()[0]
    of_r5 = {(s["step"], s["days"], s["over"]): s["n"] for s in answer["spells"] if s["rule"] == "R5"}
    assert of_r5 == {("discussed", 4, True): 1, ("acted", 7, True): 1, ("cleared", 9, False): 1}
    counted = [(w["week"], w["cases"]) for w in answer["weeks"] if w["rule"] == "R5"]
    since = flagged.ago(9)
    assert counted[0] == (str(since - timedelta(days=since.weekday())), 1)


# --- detail for the lead -----------------------------------------------------------------------------------------------

WHY = "The rupture has been open for weeks and nobody has answered."


def sees(flagged, speaking, role: str, case: UUID) -> dict | None:
    with speaking(flagged.people[role]) as db:
        code, _ = refusal(db, "select public.see_case(%s, %s)", (flagged.therapist, case))
        if code:
            assert code == "42501"
            return None
        return db.execute("select public.see_case(%s, %s)", (flagged.therapist, case)).fetchone()[0]


def asks(flagged, speaking, role: str, case: UUID, why: str = WHY) -> str | None:
    with speaking(flagged.people[role]) as db:
        code, _ = refusal(db, "select public.ask_to_see(%s, %s, %s)", (flagged.therapist, case, why))
        if code is None:
            db.execute("select public.ask_to_see(%s, %s, %s)", (flagged.therapist, case, why))
        return code


def test_a_lead_sees_facts_for_an_hour_after_a_reason_and_everybody_concerned_is_told(flagged, speaking):
    case = flagged.put_case(
        course(ruptures=[(20, None, [])], scores={("phq-9", 3): 11.0}, ratings=[(2, 3, 4)])
    )
    flagged.refresh()
    assert sees(flagged, speaking, "lead", case) is None
    assert asks(flagged, speaking, "lead", case) is None
    detail = sees(flagged, speaking, "lead", case)
    assert detail["scores"] == [{"measure": "phq-9", "on": str(flagged.ago(3)), "value": 11.0}]
    assert detail["episodes"][0]["ratings"] == {"3": 4}
    assert not {"notes", "texts", "reflections", "first_blame"} & (set(detail) | set(detail["episodes"][0]))
    for role in ("therapist", "supervisor", "lead"):
        with speaking(flagged.people[role]) as db:
            assert db.execute("select reason from public.reveals where case_id = %s", (case,)).fetchall() == [
                (WHY,)
            ]
    with speaking(flagged.people["therapist"]) as db:
        looked = db.execute(
            "select actor_id from public.audit_log where action = 'read' and row_id = %s", (str(case),)
        ).fetchall()
    assert looked == [(flagged.people["lead"],)]
    flagged.db.execute(
        "update public.reveals set asked_at = now() - interval '61 minutes', ends_at = now() - interval '1 minute'"
    )
    assert sees(flagged, speaking, "lead", case) is None  # fmt: skip


def test_a_page_that_runs_again_is_the_same_look_for_a_minute_and_every_reason_has_a_look_of_its_own(
    flagged, speaking
):
    def looks(lead: str = "lead") -> int:
        return flagged.db.execute(
            "select count(*) from public.audit_log where action = 'read' and row_id = %s and actor_id = %s",
            (str(case), flagged.people[lead]),
        ).fetchone()[0]

    def goes_by(seconds: int, more: int) -> None:
        """So long ago were all looks, and the reasons a little longer."""
        flagged.db.execute("alter table public.audit_log disable trigger append_only")
        flagged.db.execute(
            "update public.audit_log set happened_at = happened_at - %s * interval '1 second' where row_id = %s",
            (seconds, str(case)),
        )
        flagged.db.execute(
            "update public.reveals set asked_at = asked_at - %s * interval '1 second'", (more,)
        )

    case = flagged.put_case(course(ruptures=[(20, None, [])]))
    flagged.refresh()
    asks(flagged, speaking, "lead", case)
    for _ in range(2):
        assert sees(flagged, speaking, "lead", case)
        assert looks() == 1
    goes_by(40, 50)
    assert sees(flagged, speaking, "lead", case)
    assert looks() == 1
    goes_by(21, 21)
    assert sees(flagged, speaking, "lead", case)
    assert looks() == 2
    goes_by(10, 20)
    asks(flagged, speaking, "lead", case, WHY + " Again.")
    assert sees(flagged, speaking, "lead", case)
    assert looks() == 3
    put(
        flagged.db, "memberships", person_id=flagged.people["supervisor"], team_id=flagged.team, role="lead", starts_on=flagged.ago(9)
    )  # fmt: skip
    asks(flagged, speaking, "supervisor", case)
    assert sees(flagged, speaking, "supervisor", case)
    assert (looks(), looks("supervisor")) == (3, 1)


def test_a_reason_opens_one_case_and_only_to_the_lead_who_gave_it(flagged, speaking):
    one = flagged.put_case(course(ruptures=[(20, None, [])]), "F-001")
    other = flagged.put_case(course(ruptures=[(20, None, [])]), "F-002")
    flagged.refresh()
    asks(flagged, speaking, "lead", one)
    assert sees(flagged, speaking, "lead", other) is None
    for role in ("supervisor", "admin", "therapist"):
        assert asks(flagged, speaking, role, one) == "42501"
        assert sees(flagged, speaking, role, one) is None
    flagged.db.execute(
        "update public.memberships set ends_on = current_date where person_id = %s", (flagged.people["lead"],)
    )
    assert sees(flagged, speaking, "lead", one) is None


@pytest.mark.parametrize("why", ["", "x" * 29, " " * 40, "because" + " " * 30])
def test_a_short_reason_opens_nothing(flagged, speaking, why):
    case = flagged.put_case(course(ruptures=[(20, None, [])]))
    flagged.refresh()
    assert asks(flagged, speaking, "lead", case, why) == "SX007"


def test_a_case_without_a_flag_stays_closed_to_the_lead(flagged, speaking):
    case = flagged.put_case(course())
    flagged.refresh()
    assert asks(flagged, speaking, "lead", case) == "42501"


# --- a step back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["therapist", "supervisor"])
def test_a_step_back_becomes_a_plan_review_and_an_action(flagged, send, role):
    case = flagged.put_case(course())
    look_again = str(flagged.today + timedelta(days=21))
    sent = op(
        "step_back.decide", team=flagged.team, therapist=flagged.therapist, case=case, decision="adjust_plan", look_again_on=look_again,
        seen="we see more", let_go="my own hurry", review=str(uuid4()),
        action={"id": str(uuid4()), "owner": str(flagged.therapist), "what": "ask about the goal", "due_on": look_again},
    )  # fmt: skip
    assert send(flagged.people[role], sent)[0]["state"] == "applied"
    assert [
        flagged.db.execute(f"select count(*) from public.{table} where case_id = %s", (case,)).fetchone()[0]
        for table in ("step_backs", "plan_reviews", "actions")
    ] == [2, 1, 1]  # one step back is the course's own


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_nobody_else_steps_back(flagged, send, role):
    case = flagged.put_case(course())
    sent = op(
        "step_back.decide",
        team=flagged.team,
        therapist=flagged.therapist,
        case=case,
        decision="refer",
        review=str(uuid4()),
    )
    (answer,) = send(flagged.people[role], sent)
    assert (answer["state"], answer["code"]) == ("refused", "42501")


def test_going_on_takes_a_day_to_look_again(flagged, send):
    case = flagged.put_case(course())
    sent = op(
        "step_back.decide",
        team=flagged.team,
        therapist=flagged.therapist,
        case=case,
        decision="go_on",
        review=str(uuid4()),
    )
    assert send(flagged.people["therapist"], sent)[0]["code"] == "23514"


def test_the_therapist_of_a_case_reads_what_a_supervisor_is_to_do_and_does_not_say_that_it_is_done(
    send, undone, scene
):
    """It is refused in words, and not silently nothing."""
    mine = op("action.amend", entity=ident("sue", "alice", "action"), created_by=scene.people["sue"], state="done", based_on=1)  # fmt: skip
    (answer,) = send(scene.people["alice"], mine)
    assert (answer["state"], answer["code"]) == ("refused", "42501")
    assert [row["state"] for row in stored(undone, "actions", id=ident("sue", "alice", "action"))] == ["open"]
