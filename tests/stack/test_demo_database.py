"""The demo clinic in the real stack: it goes in once, everybody can sign in, and team charts are full in safe view."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb
from supabase import Client, ClientOptions, create_client

import local_stack
import seed_demo
from demo_clinic.people import CASES, LONG, PEOPLE, RUNNING, SIGN_INS, key
from demo_clinic.records import CLOSED_WEEKS, TABLES
from services import (
    change,
    identifying,
    meetings,
    oversight,
    own_items,
    people,
    prompts,
    reflections,
    ruptures,
    themes,
    trends,
)
from tests.conftest import open_directory
from tests.stack.test_demo_cases import SCALES

TODAY = datetime.now(UTC).date()
THIS_MONDAY = TODAY - timedelta(days=TODAY.weekday())
NORTH, SOUTH = key("team", "north"), key("team", "south")
SUPERVISORS = {"north": PEOPLE["sigrid"].id, "south": PEOPLE["omar"].id}

# Other days on which somebody might try the demo: its periods must come out just as well.
OTHER_DAYS = [THIS_MONDAY - timedelta(days=n) for n in (1, 3, 5, 7)] + [date(2026, 1, 1), date(2021, 1, 3)]

Periods = dict[str, dict[tuple[int, int], dict[str, float]]]


def speak_as(db: psycopg.Connection, person: UUID) -> None:
    """The rest of the transaction is asked for by this person."""
    db.execute(
        "select set_config('request.jwt.claim.sub', %(id)s, true),"
        " set_config('request.jwt.claims', json_build_object('sub', %(id)s::text)::text, true)",
        {"id": str(person)},
    )


def safe_view(db: psycopg.Connection, team: str, today: date) -> Periods:
    """measure → (first week, week after the last) → key → what is shown of it; weeks counted as in the story."""
    speak_as(db, SUPERVISORS[team])
    [[answer]] = db.execute(
        "select public.team_trends(%s, '2000-01-03', '2100-01-04')", [key("team", team)]
    ).fetchall()
    monday = today - timedelta(days=today.weekday())

    def week(day: str) -> int:
        return RUNNING + (date.fromisoformat(day) - monday).days // 7

    periods: Periods = defaultdict(lambda: defaultdict(dict))
    for cell in answer["cells"]:
        shown = cell["mean"] if cell["measure"] in ("cause", "reflection") else cell["n"]
        periods[cell["measure"]][week(cell["starts"]), week(cell["ends"])][cell["key"]] = shown
    return periods


@pytest.fixture(scope="module")
def empty() -> Iterator[local_stack.Stack]:
    """A stack of its own: the clinic must not get into the way of other tests."""
    with (
        open_directory() as place,
        local_stack.start(place / "stack", api_port=0, db_port=0, durable=False) as stack,
    ):
        yield stack


@pytest.fixture(scope="module")
def on_other_days(empty: local_stack.Stack) -> dict[tuple[date, str], Periods]:
    """What the safe view shows of a clinic made on each of OTHER_DAYS; all of it taken back again."""
    views = {}
    with psycopg.connect(empty.database_url, autocommit=True) as db:
        for today in OTHER_DAYS:
            with db.transaction(force_rollback=True):
                db.execute(
                    "create or replace function private.today() returns date language sql stable"
                    f" set search_path = '' as $$ select date '{today}' $$"
                )
                seed_demo.write(db, today)
                for team in SUPERVISORS:
                    views[today, team] = safe_view(db, team, today)
    return views


@pytest.fixture(scope="module")
def after_a_failure(empty: local_stack.Stack) -> tuple[int, int, int]:
    """How many accounts, clinics and episodes there are after seeding broke off at its last table."""
    whole = seed_demo.build

    def broken(*asked: Any) -> Any:
        made = whole(*asked)
        made.tables["case_texts"][-1]["body"] = "too long " * 300
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seed_demo, "build", broken)
        with pytest.raises(psycopg.errors.CheckViolation):
            seed_demo.seed(empty.database_url, TODAY)
    with psycopg.connect(empty.database_url) as db:
        return db.execute(
            "select (select count(*) from auth.users), (select count(*) from public.clinics),"
            " (select count(*) from public.episodes)"
        ).fetchone()


@pytest.fixture(scope="module")
def published(empty: local_stack.Stack, on_other_days: object, after_a_failure: object) -> set[str]:
    """The measures that have periods as soon as the clinic has been put in, before anybody has looked."""
    seed_demo.seed(empty.database_url, TODAY)
    with psycopg.connect(empty.database_url) as db:
        return {measure for (measure,) in db.execute("select distinct measure from private.periods")}


@pytest.fixture(scope="module")
def demo(empty: local_stack.Stack, published: object) -> local_stack.Stack:
    """The stack with the demo clinic in it."""
    return empty


@pytest.fixture(scope="module")
def db(demo: local_stack.Stack) -> Iterator[psycopg.Connection]:
    with psycopg.connect(demo.database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=20) as client:
        yield client


@pytest.fixture
def enter(demo: local_stack.Stack, http: httpx.Client):
    """`enter("nora")` signs in as one of the demo's people, with the password that is on the sign-in page."""

    def sign_in(person: str) -> Client:
        [(email, password)] = [(e, p) for e, p, name, _ in SIGN_INS if name == PEOPLE[person].name]
        options = ClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=http)
        client = create_client(demo.url, demo.publishable_key, options)
        client.auth.sign_in_with_password({"email": email, "password": password})
        return client

    return sign_in


@pytest.fixture
def view(db: psycopg.Connection):
    """`view("north")` is what Team North's charts have to draw."""

    def look(team: str) -> Periods:
        with db.transaction():
            return safe_view(db, team, TODAY)

    return look


# --- Going in ---------------------------------------------------------------------------------------------------------


def everything(db: psycopg.Connection) -> dict[str, Any]:
    """A digest of each table that seeding may touch, logs and rollups included."""
    names = [f"public.{name}" for name in (*TABLES, "audit_log", "history")]
    names += ["auth.users", "auth.identities", "private.weekly", "private.periods"]
    return {
        name: db.execute(
            f"select count(*), md5(string_agg(t::text, '|' order by t::text)) from {name} t"
        ).fetchone()
        for name in names
    }


@pytest.mark.parametrize("later", [0, 1, 8])
def test_seeding_again_changes_nothing(demo, db, later):
    before = everything(db)
    seed_demo.seed(demo.database_url, TODAY + timedelta(days=later))
    assert everything(db) == before


def test_the_command_line_tells_how_to_sign_in_and_repeats_nothing(demo, db, tmp_path):
    before = everything(db)
    done = subprocess.run(
        [sys.executable, Path(seed_demo.__file__), demo.database_url],
        capture_output=True, text=True, cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert all(email in done.stdout for email, _, _, _ in SIGN_INS)
    assert everything(db) == before


def test_seeding_is_all_or_nothing(after_a_failure):
    assert after_a_failure == (0, 0, 0)


def test_what_was_written_is_marked_as_the_operators_doing(db):
    [(actors, actions)] = db.execute(
        "select count(actor_id), array_agg(distinct action) from public.audit_log"
    ).fetchall()
    assert (actors, actions) == (0, ["insert"])


# --- Who sees what ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [name for name, person in PEOPLE.items() if person.known])
def test_everybody_signs_in_and_is_known_in_their_roles(enter, person):
    me = people.me(enter(person))
    assert (me.id, me.name) == (PEOPLE[person].id, PEOPLE[person].name)
    expected = {(key("team", role.team), role.role) for role in PEOPLE[person].roles if role.until is None}
    assert {(m.team, m.role) for m in me.memberships} == expected


def test_an_account_without_a_team_signs_in_and_is_nobody(enter):
    zoe = enter("zoe")
    assert people.me(zoe) is None
    assert zoe.table("episodes").select("id").execute().data == []


def test_the_ended_member_reads_nothing_any_more(enter):
    edwin = enter("edwin")
    for table in ("cases", "episodes", "reflections", "ruptures", "notes"):
        assert edwin.table(table).select("*").execute().data == [], table


def test_noras_home_has_something_to_show(enter):
    nora, me = enter("nora"), PEOPLE["nora"].id
    assert reflections.of_week(nora, therapist=me, team=NORTH, week=TODAY) is None
    last = reflections.of_week(nora, therapist=me, team=NORTH, week=TODAY - timedelta(weeks=1))
    assert "mixed-up story" in last.parts["intention"].value
    assert len(last.parts) >= 8
    waiting, in_repair = ruptures.open_in(nora, team=NORTH, therapist=me)
    assert (waiting.code, waiting.stage, waiting.steps) == ("C-0431", None, 0)
    assert 20 <= waiting.days_open <= 26
    assert (in_repair.code, in_repair.stage) == ("C-0455", "named")
    assert in_repair.days_without_step(TODAY) <= 10
    [mended] = [
        r for r in ruptures.closed_in(nora, team=NORTH, therapist=me, limit=100) if r.code == "C-0412"
    ]
    steps = ruptures.steps_of(nora, rupture=mended)
    assert [step.stage for step in steps] == ["noticed", "named", "explored", "need_expressed", "repaired"]
    assert all(step.note and step.note_shared for step in steps)


def test_handing_in_a_seeded_week_again_changes_it(db):
    """The seeded reflection has the id that the app would have given it; otherwise there would be a second one."""
    me, week = PEOPLE["nora"].id, THIS_MONDAY - timedelta(weeks=1)
    operation = {
        "op_id": str(uuid4()),
        "kind": "reflection.hand_in",
        "entity": str(reflections.identity(therapist=me, team=NORTH, week=week)),
        "params": {
            "team": str(NORTH),
            "week": week.isoformat(),
            "based_on": 1,
            "ratings": {"1": 2},
            "parts": {},
        },
    }
    with db.transaction(force_rollback=True):
        speak_as(db, me)
        db.execute("set local role authenticated")
        [[[answer]]] = db.execute("select public.apply_ops(%s)", [Jsonb([operation])]).fetchall()
        assert answer["state"] == "applied", answer
        found = db.execute("select version from public.reflections where week = %s", [week]).fetchall()
        assert found == [(2,)]


def test_the_supervisor_reads_what_was_shared_and_nothing_else(enter, db):
    sigrid = enter("sigrid")
    handed_in = reflections.handed_in(
        sigrid, team=NORTH, since=THIS_MONDAY - timedelta(weeks=26), until=TODAY
    )
    assert len(handed_in) > 60
    assert {r.read_at is None for r in handed_in} == {True, False}
    seen = {part for reflection in handed_in for part in reflection.parts}
    assert {"shared_text", "strength", "intention", "frustration", "expectation"} <= seen
    assert not seen & {"private_text", "not_brought"}
    notes = sigrid.table("notes").select("body, shared, author_id").execute().data
    assert {note["shared"] for note in notes if note["author_id"] != str(PEOPLE["sigrid"].id)} == {True}
    assert len(notes) > 40
    memory = prompts.memory(sigrid, team=NORTH)
    assert sum(verdicts["helped"] for verdicts in memory.values()) > 10
    [(private,)] = db.execute("select count(*) from public.reflection_parts where not shared").fetchall()
    assert private > 300


def test_the_lead_sees_ages_of_what_waits(enter):
    clara = enter("clara")
    north, south = oversight.teams(clara)
    assert (north.therapists, south.therapists) == (5, 4)
    assert south.ruptures_open > north.ruptures_open >= 3
    assert "C-0431" in [rupture.code for rupture in oversight.waiting_ruptures(clara, team=NORTH)]
    assert len(oversight.waiting_ruptures(clara, team=SOUTH)) >= 3
    assert clara.table("episodes").select("id").execute().data == []


def test_nothing_stored_could_identify_anybody(db):
    written = [body for (body,) in db.execute("select body from public.notes")]
    written += [body for (body,) in db.execute("select body from public.case_texts")]
    written += [
        str(value) for (value,) in db.execute("select content -> 'value' from public.reflection_parts")
    ]
    assert [text for text in written if identifying.details(text)] == []


# --- Cases ------------------------------------------------------------------------------------------------------------


def test_the_thresholds_that_the_stories_are_told_by_are_those_of_the_registry(db):
    found = db.execute(
        "select slug, direction::text, reliable_change::float, reliable_basis::text, cut_off::float, cut_off_basis::text"
        " from public.measures where slug = any (%s)",
        [list(SCALES)],
    ).fetchall()
    assert {slug: change.Scale(*scale) for slug, *scale in found} == SCALES


def test_a_supervisor_reads_the_facts_of_a_case_its_shared_words_and_no_guess(enter):
    case, sigrid, nora = str(CASES["C-0431"].id), enter("sigrid"), enter("nora")
    for view in (
        "check_in_list",
        "score_list",
        "goal_list",
        "task_list",
        "formulation_list",
        "case_timeline",
    ):
        hers, supervised = (
            client.table(view).select("*").eq("case_id", case).execute().data for client in (nora, sigrid)
        )
        assert len(hers) == len(supervised) > 0, view
    words = sigrid.table("case_texts").select("shared").eq("team_id", str(NORTH)).limit(1000).execute().data
    assert {text["shared"] for text in words} == {True}
    assert len(words) > 80
    guesses = [client.table("check_in_guesses").select("id").execute().data for client in (nora, sigrid)]
    assert guesses[0]
    assert not guesses[1]
    assert {q["code"] for q in sigrid.table("question_list").select("code").execute().data} == {
        "C-0431",
        "C-0387",
        "C-0398",
        "C-0448",
    }


def test_the_long_case_is_there_in_full(enter):
    [case] = enter("grace").table("case_list").select("*").eq("code", LONG).execute().data
    assert case["sessions_attended"] > 110
    assert case["last_session_number"] > 135
    assert case["next_review_on"] > TODAY.isoformat()


def test_the_rules_for_flags_find_the_stories_and_leave_many_cases_alone(db):
    up, quiet = defaultdict(set), set()
    for code, rule, severity in db.execute(
        "select k.code, f.rule::text, f.severity::text from public.team_settings s, lateral private.flags_of(s.team_id, s) f"
        " join public.cases k on k.therapist_id = f.therapist_id and k.id = f.case_id"
    ):
        if rule == "R9":
            quiet.add(code)
        else:
            up[code].add((rule, severity))
    rules = {code: {rule for rule, _ in found} for code, found in up.items()}
    often = {rule: sum(rule in found for found in rules.values()) for rule in set().union(*rules.values())}
    assert set(often) == {"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R10", "R11"}
    assert max(often[rule] for rule in ("R2", "R3", "R4", "R6", "R7")) <= 3
    talkative = [c for c in CASES.values() if c.state == "active" and c.person != "amara"]
    assert sum(case.code not in up for case in talkative) >= len(talkative) * 0.4
    assert 3 <= len(quiet) <= sum(case.state == "active" for case in CASES.values()) * 0.4
    assert {("R1", "escalate"), ("R3", "review"), ("R7", "watch"), ("R11", "watch")} <= up["C-0387"]
    assert {("R4", "review"), ("R5", "review")} <= up["C-0431"]
    assert ("R4", "watch") in up["C-0547"]
    assert ("R2", "escalate") in up["C-0433"]
    assert all("R6" in rules[code] for code in ("C-0452", "C-0563"))
    assert {c for c in rules if "R10" in rules[c]} == {c.code for c in CASES.values() if c.person == "amara"}


def test_the_meeting_of_today_is_prepared_with_reasons_that_hold(enter, db):
    meeting = meetings.now(enter("sigrid"), team=NORTH)
    assert (meeting.state, meeting.held_on, meeting.leads) == ("planned", TODAY, True)
    up = defaultdict(set)
    for case, rule in db.execute(
        "select k.id, f.rule::text from public.team_settings s, lateral private.flags_of(s.team_id, s) f"
        " join public.cases k on k.therapist_id = f.therapist_id and k.id = f.case_id"
    ):
        up[case].add(rule)
    for item in meeting.items:
        assert {one["rule"] for one in item.known.because if one["why"] == "flag"} <= up[item.known.case]
    assert themes.Theme.from_json(meeting.theme).state == "moved"
    [hers] = [item for item in meeting.items if "moment" in item.released]
    assert hers.person
    assert hers.case
    mine = [item.known for item in meetings.now(enter("nora"), team=NORTH).items if item.known]
    assert [known.code for known in mine if known.case] == ["C-0431"]
    assert meetings.now(enter("lena"), team=SOUTH) is None


def test_the_pulse_of_past_meetings_has_a_course(enter):
    assert [one["answers"] for one in own_items.pulses(enter("theo"), team=NORTH)] == [5, 5, 5]


def test_flags_gone_by_are_known_for_every_complete_week_of_both_teams(db):
    weeks = db.execute(
        "select count(*), count(distinct team_id), max(week) < date_trunc('week', current_date) from private.flag_weeks where week < date_trunc('week', current_date)"
    ).fetchone()
    assert weeks == (2 * RUNNING, 2, True)
    assert db.execute("select count(*) from public.flags where cleared_on is not null").fetchone()[0] > 60


def test_what_waits_in_team_south_is_a_case_to_be_handed_over(enter):
    [asked] = enter("omar").table("case_transfer_list").select("*").execute().data
    assert (asked["code"], asked["therapist"], asked["state"]) == ("C-0518", "Ravi Kestrelwood", "asked")


# --- The charts -----------------------------------------------------------------------------------------------------


def lengths(periods: dict[tuple[int, int], Any]) -> list[int]:
    return [end - start for start, end in periods]


def assert_full(view: Periods) -> None:
    """Charts full of meaning: many short periods up to the last weeks, and hardly anything folded away."""
    causes = view["cause"]
    assert len(causes) >= 18
    assert max(lengths(causes)) <= 2
    assert all(set(cells) == set("123456") for cells in causes.values())
    kinds = view["kind"]
    assert len(kinds) >= 6
    assert set(lengths(kinds)) == {4}
    assert all(len(set(cells) - {"others"}) >= 3 for cells in kinds.values())
    blame = view["first_blame"]
    assert len(blame) >= 9
    assert max(lengths(blame)) <= 4
    assert all(set(cells) == {"client", "myself", "neither"} for cells in blame.values())
    repair = view["rupture"]
    assert len(repair) >= 6
    assert sorted(lengths(repair))[len(repair) // 2] <= 4
    assert all(set(cells) == {"opened", "closed", "open"} for cells in repair.values())
    handed_in = view["reflection"]
    assert len(handed_in) >= 10
    assert max(lengths(handed_in)) <= 3
    assert all(50 <= cells["handed_in"] <= 100 for cells in handed_in.values())
    for measure, periods in view.items():
        assert max(end for _, end in periods) >= RUNNING - 2, measure


def assert_north(view: Periods) -> None:
    """Own agenda falls after the talk in week 9; ruptures are as many, but fewer of them stay open."""
    own_agenda = {start: cells["2"] for (start, _), cells in view["cause"].items()}
    first, last = [v for s, v in own_agenda.items() if s < 10], [v for s, v in own_agenda.items() if s >= 18]
    assert min(first) > 2.5
    assert max(last) < 2
    repair = list(view["rupture"].values())
    assert max(cells["open"] for cells in repair[:2]) >= 7
    assert max(cells["open"] for cells in repair[-3:]) <= 4
    tasks = [cells["homework_not_done"] for cells in view["kind"].values()]
    assert tasks[0] >= 1.5 * tasks[-1]


def assert_south(view: Periods) -> None:
    """Keeping a distance creeps up, ruptures stay open, and the closed weeks are a gap in every chart."""
    distance = [cells["6"] for cells in view["cause"].values()]
    assert max(distance[:5]) < 1.6
    assert min(distance[-5:]) > 2.3
    still_open = [cells["open"] for cells in view["rupture"].values()]
    assert still_open[-1] >= 7 > 4 >= still_open[0]
    closed = set(CLOSED_WEEKS["south"])
    for measure, periods in view.items():
        covered = {week for start, end in periods for week in range(start, end)}
        assert not covered & closed, measure
        assert {min(closed) - 1, max(closed) + 1} <= covered, measure


def test_team_norths_charts_are_full_and_tell_their_story(view):
    north = view("north")
    assert_full(north)
    assert_north(north)


def test_team_souths_charts_are_full_and_tell_their_story(view):
    south = view("south")
    assert_full(south)
    assert_south(south)


@pytest.mark.parametrize("today", OTHER_DAYS, ids=lambda day: f"{day:%a}-{day}")
def test_the_charts_are_as_full_on_any_other_day(on_other_days, today):
    for team, tells in (("north", assert_north), ("south", assert_south)):
        assert_full(on_other_days[today, team])
        tells(on_other_days[today, team])


def test_the_first_visitor_finds_the_periods_published(published):
    assert published == {"cause", "kind", "first_blame", "rupture", "reflection"}


@pytest.mark.parametrize(
    ("person", "team"), [("nora", NORTH), ("sigrid", NORTH), ("lena", SOUTH), ("clara", SOUTH)]
)
def test_the_app_finds_them_full_as_well(enter, person, team):
    shown = trends.team(enter(person), team=team, since=THIS_MONDAY - timedelta(weeks=26), today=TODAY)
    assert shown.weeks == 26
    assert not shown.too_few_weeks
    assert not shown.empty
    assert len(shown.causes) >= 18 * 6
    assert shown.ruptures["open_at_end"].notna().all()


def test_the_stagnant_case_stands_out_to_its_supervisor(enter):
    rows = (
        enter("sigrid").table("episode_list").select("ratings, kind").eq("team_id", str(NORTH))
        .eq("code", CASES["C-0387"].code).order("happened_on", desc=True).limit(4).execute().data
    )  # fmt: skip
    assert [row["ratings"]["2"] >= 3 for row in rows] == [True] * 4
