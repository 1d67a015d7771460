"""Roles: looked up at every statement, given by administrators within bounds, and what a lead sees of a team."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.database.operations import op, refusal
from tests.database.scene import ident

CASE_WORK = [
    "cases",
    "episodes",
    "reflections",
    "reflection_parts",
    "ratings",
    "ruptures",
    "repair_steps",
    "notes",
    "prompt_uses",
    "history",
    "sessions",
    "goals",
    "goal_progress",
    "tasks",
    "task_checks",
    "check_ins",
    "formulation_entries",
    "strategies",
    "plan_reviews",
    "strategy_verdicts",
    "case_texts",
    "questions",
    "scores",
    "case_transfers",
    "mirror_shares",
    "actions",
    "step_backs",
    "flags",
    "flag_events",
    "reveals",
    "meetings",
    "agenda_items",
    "agenda_words",
    "decisions",
    "reratings",
]


def seen(db) -> dict[str, int]:
    return {
        table: db.execute(f"select count(*) from public.{table}").fetchone()[0]
        for table in [*CASE_WORK, "teams", "prompts", "measures", "audit_log"]
    }


@pytest.mark.parametrize("person", ["alice", "sue"])
def test_a_role_that_ends_today_ends_with_the_next_statement(undone, speaking, send, scene, person: str):
    me, today = scene.people[person], scene.today
    with speaking(me) as db:
        assert all(seen(db).values())
    undone.execute("update public.memberships set ends_on = %s where person_id = %s", (today, me))
    with speaking(me) as db:
        assert not any(seen(db).values())
        assert db.execute("select public.me() -> 'memberships'").fetchone() == ([],)
        for function in ("team_trends", "team_trends_exact"):
            asked = f"select public.{function}(%s, '2026-01-05', '2026-02-02')"
            assert refusal(db, asked, (scene.teams["north"],))[0] == "42501"
    case = op("case.open", team=scene.teams["north"], code="CAN-88")
    assert send(me, case)[0]["code"] == "42501"


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (0, None, True),
        (0, 1, True),
        (-10, 1, True),
        (-10, 0, False),
        (1, None, False),
        (1, 5, False),
        (0, 0, False),
    ],
)
def test_a_role_holds_from_its_first_day_to_the_day_before_its_end(
    undone, speaking, scene, starts: int, ends: int | None, holds: bool
):
    day = scene.today
    undone.execute(
        "update public.memberships set starts_on = %s, ends_on = %s where person_id = %s",
        (
            day + timedelta(days=starts),
            None if ends is None else day + timedelta(days=ends),
            scene.people["alice"],
        ),
    )
    with speaking(scene.people["alice"]) as db:
        assert any(seen(db).values()) is holds
        assert bool(db.execute("select public.me() -> 'memberships'").fetchone()[0]) is holds


def test_rights_are_per_team(undone, speaking, scene):
    """Alice also supervises south: there she sees all facts, in north still her own alone."""
    undone.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'supervisor')",
        (scene.people["alice"], scene.teams["south"]),
    )
    with speaking(scene.people["alice"]) as db:
        owners = db.execute("select distinct team_id, therapist_id from public.episodes").fetchall()
        assert set(owners) == {
            (scene.teams["north"], scene.people["alice"]),
            (scene.teams["south"], scene.people["tom"]),
        }
        assert refusal(
            db, "update public.episodes set kind = 'other' where therapist_id = %s", (scene.people["tom"],)
        ) == (None, None)
        assert (
            db.execute(
                "update public.episodes set kind = 'other' where therapist_id = %s", (scene.people["tom"],)
            ).rowcount
            == 0
        )


def test_what_one_wrote_in_a_team_stays_there_when_one_leaves_it(undone, speaking, scene):
    """Erin's role in north has ended; a new one in south brings nothing of north back, its history and log entries aside."""
    undone.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')",
        (scene.people["erin"], scene.teams["south"]),
    )
    with speaking(scene.people["erin"]) as db:
        counts = seen(db)
    assert {table: n for table, n in counts.items() if n} == {
        "teams": 1,
        "prompts": counts["prompts"],
        "measures": counts["measures"],
        "audit_log": counts["audit_log"],
        "meetings": 2,  # those of south
    }


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Etc/GMT-14"])
def test_the_time_zone_a_request_asks_for_moves_no_day(undone, speaking, scene, zone: str):
    """On hosted projects a request may choose one. At any hour one of these two has yesterday or tomorrow."""
    undone.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, 'supervisor', current_date + 1)",
        (scene.people["nina"], scene.teams["north"]),
    )
    undone.execute("select set_config('timezone', %s, true)", (zone,))
    for person in ("erin", "nina"):  # whose role has ended today, and whose begins tomorrow
        with speaking(scene.people[person]) as db:
            assert db.execute("select count(*) from public.teams").fetchone() == (0,)
            assert db.execute("select public.me() -> 'memberships'").fetchone() == ([],)
    assert undone.execute("select private.today()").fetchone() == (scene.today,)


# --- administrators --------------------------------------------------------------------------------------------------


GIVE = "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, current_date + 1)"


@pytest.mark.parametrize("role", ["therapist", "supervisor", "lead", "admin"])
def test_an_administrator_gives_roles_to_others_never_to_themselves(speaking, scene, role: str):
    with speaking(scene.people["adam"]) as db:
        assert refusal(db, GIVE, (scene.people["nina"], scene.teams["north"], role)) == (None, None)
        assert refusal(db, GIVE, (scene.people["adam"], scene.teams["north"], role))[0] == "42501"
        assert refusal(db, GIVE, (scene.people["nina"], scene.teams["south"], role))[0] == "42501"


@pytest.mark.parametrize("person", ["alice", "sue", "lena", "nina"])
def test_nobody_else_gives_roles(speaking, scene, person: str):
    with speaking(scene.people[person]) as db:
        for someone in (person, "nina"):
            assert (
                refusal(db, GIVE, (scene.people[someone], scene.teams["north"], "supervisor"))[0] == "42501"
            )


@pytest.mark.parametrize(
    ("person", "reads"), [("alice", True), ("lena", True), ("sid", False), ("zoe", False)]
)
def test_names_in_the_log_are_those_of_ones_own_clinic(speaking, scene, person: str, reads: bool):
    with speaking(scene.people[person]) as db:
        (name,) = db.execute("select private.name_of(%s)", (scene.people["bob"],)).fetchone()
    assert (name is not None) is reads


def test_a_person_of_another_clinic_is_refused_like_one_who_is_not_there(speaking, scene):
    with speaking(scene.people["adam"]) as db:
        elsewhere, nobody = (
            refusal(db, GIVE, (person, scene.teams["north"], "therapist"))
            for person in (scene.people["zoe"], uuid4())
        )
    assert elsewhere == nobody == ("42501", None)


def test_an_administrator_ends_roles_of_others_in_their_team_only(undone, speaking, scene):
    end = "update public.memberships set ends_on = current_date where person_id = %s"
    with speaking(scene.people["adam"]) as db:
        counts = {
            name: db.execute(end, (scene.people[name],)).rowcount for name in ("alice", "adam", "tom", "otto")
        }
    assert counts == {"alice": 1, "adam": 0, "tom": 0, "otto": 0}


def test_a_role_cannot_end_before_it_begins(speaking, scene):
    with speaking(scene.people["adam"]) as db:
        assert (
            refusal(
                db,
                "update public.memberships set ends_on = starts_on - 1 where person_id = %s",
                (scene.people["alice"],),
            )[0]
            == "23514"
        )


BOUNDS = {
    "safe_min_therapists": (3, 20), "safe_min_entries": (5, 50), "week_starts_on": (1, 7), "rupture_open_days": (1, 90),
    "silence_days": (7, 120), "frustration_high": (1, 4), "alliance_points": (3, 20), "discuss_days": (7, 365), "formulation_days": (14, 730),
    "formulation_gaps": (1, 9), "high_weeks_of_four": (2, 4), "no_shows_of_four": (1, 4), "plateau_scores": (3, 20), "undone_of_four": (1, 4),
}  # fmt: skip


@pytest.mark.parametrize(("setting", "bounds"), BOUNDS.items())
def test_settings_stay_within_bounds_so_that_the_safe_view_stays_safe(
    undone, speaking, scene, setting: str, bounds: tuple[int, int]
):
    lowest, highest = bounds
    change = f"update public.team_settings set {setting} = %s where team_id = %s"
    with speaking(scene.people["adam"]) as db:
        for value in (lowest, highest):
            assert refusal(db, change, (value, scene.teams["north"])) == (None, None)
        for value in (lowest - 1, highest + 1, 0, -1):
            assert refusal(db, change, (value, scene.teams["north"]))[0] == "23514"
        assert refusal(db, change, (None, scene.teams["north"]))[0] == "23502"
    assert refusal(undone, change, (lowest - 1, scene.teams["north"]))[0] == "23514"


def test_the_numbers_of_sessions_go_up_and_have_bounds(speaking, scene):
    change = (
        "update public.team_settings set sessions_watch = %s, sessions_review = %s, sessions_escalate = %s"
    )
    with speaking(scene.people["adam"]) as db:
        for numbers in ((1, 1, 1), (60, 80, 100), (4, 6, 9)):
            assert refusal(db, change, numbers) == (None, None)
        for numbers in ((7, 6, 9), (4, 10, 9), (0, 6, 9), (61, 80, 100), (60, 81, 100), (60, 80, 101)):
            assert refusal(db, change, numbers)[0] == "23514"


@pytest.mark.parametrize(
    ("table", "name", "longest"),
    [("clinics", "name", 120), ("teams", "name", 120), ("people", "display_name", 80)],
)
def test_names_have_a_length(undone, scene, table: str, name: str, longest: int):
    change = f"update public.{table} set {name} = %s where id = (select id from public.{table} limit 1)"
    assert refusal(undone, change, ("x" * longest,)) == (None, None)
    for wrong in ("", "x" * (longest + 1)):
        assert refusal(undone, change, (wrong,))[0] == "23514"


def test_a_prompt_of_a_clinic_is_its_administrators_and_has_bounds(undone, speaking, scene):
    new = "insert into public.prompts (clinic_id, slug, stage, wording) values (%s, %s, 'later', 'x')"
    clinic = scene.clinics["one"]
    with speaking(scene.people["adam"]) as db:
        assert refusal(db, new, (clinic, "a-new-one")) == (None, None)
        assert refusal(db, new, (clinic, "canary-one"))[0] == "23505"
        for slug in ("Not a slug", "", "a--b", "a-\n", "<script>"):
            assert refusal(db, new, (clinic, slug))[0] == "23514"
        for somewhere_else in (scene.clinics["two"], None):
            assert refusal(db, new, (somewhere_else, "a-new-one"))[0] == "42501"
        for change in (
            "causes = '{7}'", "causes = '{0}'", "trigger = '[]'", "wording = ''", "wording = repeat('x', 401)", "why = repeat('x', 401)",
            "sentence = repeat('x', 401)", "repaired_when = repeat('x', 401)", "source = repeat('x', 401)",
        ):  # fmt: skip
            assert (
                refusal(db, f"update public.prompts set {change} where clinic_id = %s", (clinic,))[0]
                == "23514"
            ), change
    twice = "insert into public.prompts (slug, stage, wording) select slug, stage, wording from public.prompts where clinic_id is null limit 1"
    assert refusal(undone, twice)[0] == "23505"


# --- what a lead sees ------------------------------------------------------------------------------------------------


def test_a_lead_sees_counts_and_ages_of_their_own_teams(undone, speaking, scene):
    undone.execute("update public.repair_steps set taken_on = %s", (scene.today - timedelta(days=3),))
    undone.execute("update public.team_settings set rupture_open_days = 2")
    undone.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')",
        (scene.people["nina"], scene.teams["north"]),
    )
    with speaking(scene.people["lena"]) as db:
        (overview,) = db.execute("select public.lead_overview()").fetchone()
        waiting = db.execute(
            "select code, days_open, days_waiting, stage from public.lead_waiting_ruptures(%s)",
            (scene.teams["north"],),
        ).fetchall()
        assert refusal(db, "select public.lead_waiting_ruptures(%s)", (scene.teams["south"],))[0] == "42501"
    (team,) = overview
    expected = {
        "team": str(scene.teams["north"]), "therapists": 3, "active_cases": 4, "episodes_28_days": 12, "ruptures_open": 4,
        "ruptures_waiting": 4, "oldest_days": 9,
    }  # fmt: skip
    assert {key: team[key] for key in expected} == expected
    assert waiting == [("CAN-01", 9, 3, "named")] * 4
    # two each by four whose roles span the last four complete weeks; nina's begins only today
    assert team["reflections_percent"] == round(100 * 8 / (4 * 4))


def test_the_percentage_of_reflections_needs_as_many_therapists_as_the_safe_view(undone, speaking, scene):
    with speaking(scene.people["lena"]) as db:
        (overview,) = db.execute("select public.lead_overview()").fetchone()
    assert (overview[0]["therapists"], overview[0]["reflections_percent"]) == (2, None)


def test_a_rupture_waits_from_its_last_step_and_only_beyond_the_threshold(undone, speaking, scene):
    def waiting() -> int:
        with speaking(scene.people["lena"]) as db:
            return len(
                db.execute("select from public.lead_waiting_ruptures(%s)", (scene.teams["north"],)).fetchall()
            )

    rupture = ident("alice", "rupture")
    undone.execute(
        "update public.repair_steps set taken_on = %s where rupture_id = %s",
        (scene.today - timedelta(days=14), rupture),
    )
    undone.execute(
        "update public.ruptures set noticed_on = %s where id = %s",
        (scene.today - timedelta(days=40), rupture),
    )
    assert waiting() == 0
    undone.execute("update public.repair_steps set taken_on = taken_on - 1 where rupture_id = %s", (rupture,))
    assert waiting() == 1
    undone.execute(
        "update public.ruptures set closed_on = %s, outcome = 'ended' where id = %s", (scene.today, rupture)
    )
    assert waiting() == 0
