"""The matrix of rights, held against Postgres: every table and view × role × verb, and every function × role."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql as query

from tests.database.matrix import CALLS, DELETABLE, RIGHTS, WRITABLE
from tests.database.scene import CLINIC_OF, LEADERS, MEMBERS, PHQ9, ROLES, Scene, ident, nothing_ahead

FORBIDDEN = "42501"


@dataclass(frozen=True)
class Relation:
    """How to tell a relation's rows apart: SQL expressions over its columns."""

    key: str
    owners: str = "null::uuid[]"
    about: str = "null::uuid"
    teams: str = "null::uuid[]"
    clinic: str = "null::uuid"
    shared: str = "false"
    unread: str = "true"
    asked: str = "true"
    standing: str = "true"
    given: str = "null::uuid"
    recorded: str = "null::uuid"


def work(key: str = "therapist_id, id", owners: str = "array[therapist_id]", **more: str) -> Relation:
    """A relation of case work: rows of one therapist in one team."""
    return Relation(key=f"concat_ws('/', {key})", owners=owners, teams="array[team_id]", **more)


READ = "exists (select from public.reflections f where f.therapist_id = r.therapist_id and f.id = r.reflection_id and f.read_at is not null)"
RELATIONS = {
    "clinics": Relation("id::text", clinic="id"),
    "teams": Relation("id::text", teams="array[id]"),
    "team_settings": Relation("team_id::text", teams="array[team_id]"),
    "people": Relation(
        "id::text",
        owners="array[id]",
        teams="array(select m.team_id from public.memberships m where m.person_id = r.id)",
    ),
    "memberships": Relation("id::text", owners="array[person_id]", teams="array[team_id]"),
    "cases": work(),
    "episodes": work(),
    "reflections": work(unread="read_at is null"),
    "reflection_parts": work("therapist_id, reflection_id, part", shared="shared", unread=f"not {READ}"),
    "ratings": work(unread=f"reflection_id is null or not {READ}"),
    "ruptures": work(),
    "repair_steps": work("recorded_by, id"),
    "notes": work("author_id, id", owners="array[author_id]", about="therapist_id", shared="shared"),
    "prompts": Relation("id::text", clinic="clinic_id"),
    "prompt_uses": work("used_by, id", owners="array[used_by, therapist_id]"),
    **{
        name: work()
        for name in (
            "sessions",
            "goals",
            "goal_progress",
            "tasks",
            "task_checks",
            "check_ins",
            "check_in_guesses",
            "formulation_entries",
            "strategies",
            "plan_reviews",
            "scores",
            "goal_list",
            "task_list",
            "check_in_list",
            "score_list",
            "formulation_list",
            "strategy_list",
            "plan_review_list",
        )
    },
    "strategy_verdicts": work("therapist_id, review_id, strategy_id"),
    "case_timeline": work("therapist_id, lane, id"),
    "case_texts": work(shared="shared"),
    "questions": work(standing="state <> 'withdrawn'"),
    "question_list": work(standing="state <> 'withdrawn'"),
    "case_transfers": work(asked="state = 'asked'", given="to_id"),
    "case_transfer_list": work(given="to_id"),
    "mirror_shares": work(standing="not withdrawn"),
    "measures": Relation("id::text", clinic="clinic_id"),
    "invitations": Relation("id::text", teams="array[team_id]"),
    "retention_periods": Relation("id::text", clinic="clinic_id"),
    "legal_holds": Relation("id::text", clinic="clinic_id"),
    "purge_reports": Relation("id::text", clinic="clinic_id"),
    "erasure_requests": work("id"),
    "actions": work("created_by, id", owners="array[owner_id]", about="therapist_id", shared="true"),
    "action_list": work("created_by, id", owners="array[owner_id]", about="therapist_id", shared="true"),
    "step_backs": work("done_by, id"),
    "flags": work("id"),
    "threshold_changes": work("id", owners="null::uuid[]"),
    "flag_events": work("actor_id, id", owners="array[therapist_id, assignee_id]"),
    "flag_event_list": work("actor_id, id", owners="array[therapist_id, assignee_id]"),
    "reveals": work("lead_id, id", owners="array[lead_id, therapist_id]"),
    "reveal_list": work("lead_id, id", owners="array[lead_id, therapist_id]"),
    "meetings": work("led_by, id", owners="null::uuid[]"),
    "meeting_list": work("led_by, id", owners="null::uuid[]"),
    "agenda_items": work("led_by, id"),
    "agenda_words": work("led_by, item_id", shared="released"),
    "decisions": work("recorded_by, id", recorded="recorded_by"),
    "decision_list": work("recorded_by, id"),
    "reratings": work("therapist_id, led_by, item_id, cause"),
    "meeting_screens": work("opened_by, id", owners="null::uuid[]", recorded="opened_by"),
    "audit_log": Relation("id::text", owners="array[subject_id]", teams="array[team_id]", clinic="clinic_id"),
    "history": Relation("id::text", owners="array[owner_id]", teams="array[team_id]"),
    "case_list": work(),
    "episode_list": work(),
    "reflection_list": work(),
    "rupture_list": work(),
    "repair_step_list": work("recorded_by, id"),
    "prompt_use_list": work("used_by, id", owners="array[used_by, therapist_id]"),
    "prompt_memory": work("team_id, prompt", owners="null::uuid[]"),
}


def reached(sql: psycopg.Connection, scene: Scene, table: str, person: str | None, cell: str) -> set[str]:
    """The keys of the rows that this cell of the matrix means for this person."""
    if cell in ("refused", "-"):
        return set()
    of = RELATIONS[table]
    tests = {
        "own": "%(me)s = any(owners)",
        "own.unread": "%(me)s = any(owners) and unread",
        "own.asked": "%(me)s = any(owners) and asked",
        "given": "%(team)s = any(teams) and %(me)s = given",
        "recorded": "%(team)s = any(teams) and %(me)s = recorded",
        "standing": "%(team)s = any(teams) and standing",
        "others": "%(team)s = any(teams) and %(me)s <> all(owners)",
        "team": "%(team)s = any(teams)",
        "shared": "%(team)s = any(teams) and shared",
        "told": "about = %(me)s and shared",
        "clinic": "clinic = %(clinic)s",
        "shipped": "clinic is null",
    }
    where = " or ".join(f"({tests[part]})" for part in cell.split("+"))
    rows = sql.execute(
        f"select key from (select {of.key} as key, {of.owners} as owners, {of.about} as about, {of.teams} as teams, {of.clinic} as clinic,"
        f" {of.shared} as shared, {of.unread} as unread, {of.asked} as asked, {of.standing} as standing, {of.given} as given, {of.recorded} as recorded from public.{table} r) r where {where}",
        {
            "me": scene.people[person],
            "team": scene.team_of(person),
            "clinic": scene.clinics[CLINIC_OF[MEMBERS[person][0]]] if person in MEMBERS else None,
        },
    )
    return {key for (key,) in rows}


# A column to try an UPDATE on where nobody may; an identity column would be refused for another reason.
NOT_FOR_WRITING = {
    "audit_log": "row_id",
    "history": "row_id",
    "strategy_verdicts": "review_id",
    "threshold_changes": "changed_by",
    "purge_reports": "report",
}
# Where only one change is ever allowed, writing a column onto itself is none.
ONLY_CHANGE = {"case_transfers": "state = 'withdrawn'"}


@contextmanager
def undoing(db: psycopg.Connection) -> Iterator[None]:
    """Whatever happens inside has not happened."""
    with db.transaction(force_rollback=True):
        yield


def outcome(db: psycopg.Connection, statement: str) -> set[str] | str:
    """The keys that the statement reached, or the code it was refused with."""
    try:
        with undoing(db):
            return {key for (key,) in db.execute(statement)}
    except psycopg.Error as refusal:
        return refusal.sqlstate


def statement(table: str, verb: str) -> str:
    key = RELATIONS[table].key
    match verb:
        case "select":
            return f"select {key} from public.{table}"
        case "update":
            column = min(WRITABLE.get(table, {}).get("update", {NOT_FOR_WRITING.get(table, "id")}))
            change = ONLY_CHANGE.get(table, f"{column} = {column}")
            return f"update public.{table} set {change} returning {key}"
        case "delete":
            return f"delete from public.{table} returning {key}"
    raise ValueError(verb)


@pytest.mark.parametrize(("table", "verb"), [cell for cell in RIGHTS if cell[1] != "insert"])
def test_a_statement_without_a_condition_reaches_what_the_matrix_says(
    undone, speaking, scene, table: str, verb: str
):
    expected, found = {}, {}
    for role, cell in RIGHTS[table, verb].items():
        expected[role] = FORBIDDEN if cell == "refused" else reached(undone, scene, table, ROLES[role], cell)
        with speaking(scene.people.get(ROLES[role])) as db:
            found[role] = outcome(db, statement(table, verb))
    assert found == expected


# Constants, because an UPDATE that reads nothing is not held back by the policies for reading.
BLIND = {
    "teams": "name = 'Blind'", "team_settings": "frustration_high = 2", "memberships": "ends_on = '2100-01-01'", "cases": "state = 'paused'",
    "episodes": "intensity = 1", "reflections": "behaviours = '{}'", "reflection_parts": "content = '{}'", "ratings": "rating = 1",
    "ruptures": "kind = 'mixed'", "notes": "shared = false", "prompts": "active = false",
    "sessions": "mode = 'phone'", "goals": "importance = 1", "tasks": "agreed = false", "strategies": "ended_on = null", "case_texts": "shared = false",
    "questions": "felt = ''", "measures": "active = false", "scores": "version = 2", "case_transfers": "state = 'withdrawn'",
    "check_ins": "goals = 1", "check_in_guesses": "goals = 1", "mirror_shares": "withdrawn = true", "actions": "version = 2", "invitations": "withdrawn_at = null",
    "retention_periods": "days = 90", "legal_holds": "lifted_at = null",
    "meetings": "item_id = null", "agenda_items": "minutes = 10", "agenda_words": "released = false", "decisions": "shown = false", "reratings": "rating = 1",
    "meeting_screens": "closed_at = null",
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "verb"),
    [(table, "update") for table in BLIND] + [(table, "delete") for table in sorted(DELETABLE)],
)
def test_a_statement_that_reads_nothing_reaches_no_more(undone, speaking, scene, table: str, verb: str):
    blind = f"update public.{table} set {BLIND[table]}" if verb == "update" else f"delete from public.{table}"
    expected, found = {}, {}
    for role, cell in RIGHTS[table, verb].items():
        expected[role] = (
            FORBIDDEN if cell == "refused" else len(reached(undone, scene, table, ROLES[role], cell))
        )
        with speaking(scene.people.get(ROLES[role])) as db:
            try:
                with undoing(db):
                    found[role] = db.execute(blind).rowcount
            except psycopg.Error as problem:
                found[role] = problem.sqlstate
    assert set(BLIND) == {name for name, verbs in WRITABLE.items() if "update" in verbs}
    assert found == expected


def test_no_cell_is_empty_by_accident(undone, scene):
    """A right to rows that are not there would prove nothing."""
    empty = [
        (table, verb, role)
        for (table, verb), cells in RIGHTS.items() if verb != "insert"
        for role, cell in cells.items()
        for part in cell.split("+") if part not in ("-", "refused") and not reached(undone, scene, table, ROLES[role], part)
    ]  # fmt: skip
    assert empty == []


def test_no_cell_means_every_row(undone, scene):
    """Nor would a right to all rows: there is always another team, another clinic or an earlier colleague."""
    for (table, verb), cells in RIGHTS.items():
        if verb == "select":
            everything = undone.execute(f"select count(*) from public.{table}").fetchone()[0]
            for role, cell in cells.items():
                assert len(reached(undone, scene, table, ROLES[role], cell)) < everything, (table, role)


# --- INSERT: in the own name, about somebody of the own team, and across the border ---------------------------------


def row(scene: Scene, table: str, author: str, subject: str) -> dict[str, object]:
    """A valid new row that `author` writes about `subject`'s work; where there is only one of them, in `subject`'s name."""
    who, team, day = scene.people[subject], scene.team_of(subject), scene.today
    mine = {"therapist_id": who, "team_id": team}
    about = {**mine, "case_id": ident(subject, "case")}
    episode = scene.today.replace(day=1)

    def in_meeting(person: str) -> dict[str, object]:
        leader = LEADERS[MEMBERS.get(person, ("north",))[0]]
        return {"led_by": scene.people[leader], "meeting_id": ident(leader, "meeting")}

    match table:
        case "cases":
            return {**mine, "id": uuid4(), "code": "Z-99"}
        case "episodes":
            return {**about, "id": uuid4(), "happened_on": day, "kind": "stalled"}
        case "reflections":
            return {**mine, "id": uuid4(), "week": scene.monday}
        case "reflection_parts":
            return {**mine, "reflection_id": ident(subject, "open"), "part": "feelings", "content": "{}"}
        case "ratings":
            return {
                **mine,
                "reflection_id": ident(subject, "open"),
                "on_day": _week_before(scene),
                "cause": 6,
                "rating": 1,
            }
        case "ruptures":
            return {**about, "id": uuid4(), "kind": "mixed", "noticed_on": day}
        case "repair_steps":
            return {
                "recorded_by": scene.people[author],
                "id": uuid4(),
                **mine,
                "rupture_id": ident(subject, "rupture"),
                "stage": "named",
                "taken_on": day,
            }
        case "prompt_uses":
            return {
                "used_by": scene.people[author], "id": uuid4(), **about, "rupture_id": ident(subject, "rupture"), "prompt": "x", "verdict": "used"
            }  # fmt: skip
        case "notes":
            client = next((t for t, s in (("alice", "sue"), ("tom", "otto")) if s == subject), subject)
            return {
                "author_id": who, "id": uuid4(), "team_id": team, "therapist_id": scene.people[client],
                "prompt_use_id": ident(subject, client, "use2"), "body": "a note",
            }  # fmt: skip
        case "sessions":
            return {**about, "id": uuid4(), "number": 4, "held_on": day}
        case "goals":
            return {**about, "id": uuid4(), "set_by": "client", "set_on": day}
        case "goal_progress":
            return {**mine, "id": uuid4(), "goal_id": ident(subject, "goal"), "on_day": day, "progress": 1}
        case "tasks":
            return {**about, "id": uuid4(), "proposed_by": "client", "given_on": day}
        case "task_checks":
            return {**mine, "id": uuid4(), "task_id": ident(subject, "task"), "on_day": day, "done": "all"}
        case "check_ins":
            return {**about, "id": uuid4(), "on_day": day, "goals": 3}
        case "check_in_guesses":
            return {**mine, "id": ident(subject, "unguessed"), "goals": 3}
        case "formulation_entries":
            return {**about, "id": uuid4(), "field": "wants", "version": 1, "written_on": day}
        case "strategies":
            return {**about, "id": uuid4(), "started_on": day}
        case "plan_reviews":
            return {**about, "id": uuid4(), "reviewed_on": day}
        case "strategy_verdicts":
            review = {"review_id": ident(subject, "adjustment"), "strategy_id": ident(subject, "untried")}
            return {**mine, **review, "verdict": "works"}
        case "case_texts":
            return {**about, "id": uuid4(), "about": "socratic", "about_id": uuid4(), "body": "x"}
        case "questions":
            return {**about, "id": uuid4(), "moment": "x", "question": "x"}
        case "scores":
            return {**about, "id": uuid4(), "measure_id": PHQ9, "on_day": day, "value": 3}
        case "case_transfers":
            return {**about, "id": uuid4()}
        case "mirror_shares":
            return {**mine, "id": uuid4(), "item": "repairs", "content": "{}"}
        case "invitations":
            mail = {"email": "new@example.org", "display_name": "x", "role": "therapist"}
            clinic = scene.clinics[CLINIC_OF[MEMBERS.get(subject, ("north",))[0]]]
            return {"clinic_id": clinic, "team_id": team, **mail, "invited_by": scene.people[author]}
        case "retention_periods":
            clinic = scene.clinics[CLINIC_OF[MEMBERS.get(subject, ("north",))[0]]]
            return {"clinic_id": clinic, "what": "closed_cases", "days": 400}
        case "legal_holds":
            clinic = scene.clinics[CLINIC_OF[MEMBERS.get(subject, ("north",))[0]]]
            hold = {"code": "CAN-77", "reason": "long enough a reason"}
            return {"clinic_id": clinic, **hold, "set_by": scene.people[author]}
        case "erasure_requests":
            return {**mine, "asked_by": scene.people[author]}
        case "actions":
            return {**about, "created_by": scene.people[author], "id": uuid4(), "owner_id": who, "what": "x"}
        case "step_backs":
            return {**about, "done_by": scene.people[author], "id": uuid4(), "decision": "consult"}
        case "flag_events":
            flag = {"flag_id": ident(subject, "flag"), "kind": "acknowledged"}
            return {**about, "actor_id": scene.people[author], "id": uuid4(), **flag}
        case "meetings":
            return {"led_by": scene.people[author], "id": uuid4(), "team_id": team, "held_on": day}
        case "agenda_items":
            return {**about, **in_meeting(subject), "id": uuid4(), "position": 1, "kind": "case"}
        case "agenda_words":
            led = in_meeting(subject)["led_by"]
            return {**mine, "led_by": led, "item_id": ident(subject, "bare item"), "body": "x"}
        case "decisions":
            recorded = {"recorded_by": scene.people[author], "id": uuid4(), "item_id": ident(subject, "item")}
            return {**about, **in_meeting(subject), **recorded, "decision": "consult"}
        case "reratings":
            led = in_meeting(subject)["led_by"]
            return {**mine, "led_by": led, "item_id": ident(subject, "item"), "cause": 6, "rating": 1}
        case "meeting_screens":
            return {**in_meeting(subject), "opened_by": scene.people[author], "id": uuid4(), "team_id": team}
        case "measures":
            return {
                "clinic_id": scene.clinics[CLINIC_OF[MEMBERS.get(subject, ("north",))[0]]],
                "slug": "new",
                "name": "x",
                "lowest": 0,
                "highest": 1,
                "direction": "lower_is_better",
            }
        case "memberships":
            return {"person_id": who, "team_id": team, "role": "supervisor"}
        case "team_settings":
            return {"team_id": team}
        case "prompts":
            return {
                "clinic_id": scene.clinics[CLINIC_OF[MEMBERS.get(subject, ("north",))[0]]],
                "slug": f"new-{episode}",
                "stage": "later",
                "wording": "x",
            }
    return {}


def _week_before(scene: Scene):
    return scene.monday.fromordinal(scene.monday.toordinal() - 7)


def attempt(db: psycopg.Connection, table: str, values: dict[str, object]) -> str:
    """'yes', or the code of the refusal."""
    names = query.SQL(", ").join(map(query.Identifier, values))
    blanks = query.SQL(", ").join(query.Placeholder() * len(values))
    target = query.Identifier("public", table)
    text = (
        query.SQL("insert into {} ({}) values ({})").format(target, names, blanks)
        if values
        else query.SQL("insert into {} default values").format(target)
    )
    try:
        with undoing(db):
            db.execute(text, list(values.values()))
    except psycopg.Error as refusal:
        return refusal.sqlstate
    return "yes"


@pytest.mark.parametrize("table", [table for table, verb in RIGHTS if verb == "insert"])
def test_an_insert_succeeds_where_the_matrix_says(undone, speaking, scene, table: str):
    if table == "team_settings":
        undone.execute(
            "delete from public.team_settings where team_id = any(%s)", (list(scene.teams.values()),)
        )
    if table == "meetings":
        nothing_ahead(undone)
    single = table in (
        "team_settings",
        "meetings",
        "meeting_screens",
        "prompts",
        "measures",
        "invitations",
        "retention_periods",
        "legal_holds",
    )  # nothing in them is about a colleague
    found = {}
    for role, person in ROLES.items():
        me = person or "alice"
        mate = "nina" if table == "memberships" else scene.mate_of(me)
        stranger = (
            "zoe"
            if table in ("prompts", "measures", "retention_periods", "legal_holds")
            else scene.stranger_to(me)
        )
        with speaking(scene.people.get(person)) as db:
            mine = attempt(db, table, row(scene, table, me, me))
            theirs = FORBIDDEN if single else attempt(db, table, row(scene, table, me, mate))
            assert attempt(db, table, row(scene, table, me, stranger)) == FORBIDDEN, (
                f"{role} wrote into another team"
            )
        found[role] = {
            ("yes", FORBIDDEN): "own",
            ("yes", "yes"): "team",
            (FORBIDDEN, FORBIDDEN): "refused",
        }.get((mine, theirs), "others" if theirs == "yes" else f"own: {mine}, about a colleague: {theirs}")
    assert found == RIGHTS[table, "insert"]


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("repair_steps", "recorded_by"),
        ("prompt_uses", "used_by"),
        ("notes", "author_id"),
        ("actions", "created_by"),
        ("step_backs", "done_by"),
        ("flag_events", "actor_id"),
        ("decisions", "recorded_by"),
    ],
)
@pytest.mark.parametrize("person", ["alice", "sue"])
def test_nobody_writes_in_anothers_name(speaking, scene, table: str, name: str, person: str):
    """The subject may be one's own; the author may not be somebody else."""
    other = "sue" if person == "alice" else "alice"
    forged = {**row(scene, table, person, "alice"), name: scene.people[other]}
    with speaking(scene.people[person]) as db:
        assert attempt(db, table, forged) == FORBIDDEN


# --- functions -----------------------------------------------------------------------------------------------------

ARGUMENTS: dict[str, Callable[[Scene], tuple[str, tuple]]] = {
    "me": lambda s: ("to_jsonb(public.me())", ()),
    "op_applied": lambda s: ("public.op_applied(%s, 'x')", (s.people["alice"],)),
    "apply_ops": lambda s: ("public.apply_ops(%s)", ('[{"op_id": "x"}]',)),
    "mark_reflection_read": lambda s: (
        "'\"done\"'::jsonb from public.mark_reflection_read(%s, %s)",
        (s.people["alice"], ident("alice", "open")),
    ),
    "team_trends": lambda s: ("public.team_trends(%s, '2020-01-06', '2030-01-07')", (s.teams["north"],)),
    "team_trends_exact": lambda s: (
        "public.team_trends_exact(%s, '2020-01-06', '2030-01-07')",
        (s.teams["north"],),
    ),
    "my_mirror": lambda s: ("public.my_mirror(%s, '2020-01-06')", (s.teams["north"],)),
    "lead_overview": lambda s: ("public.lead_overview()", ()),
    "accept_invitations": lambda s: ("to_jsonb(nullif(public.accept_invitations(), 0))", ()),
    "found_team": lambda s: ("to_jsonb(public.found_team(%s, 'New'))", (s.clinics["one"],)),
    "purge_preview": lambda s: ("jsonb_agg(p) from public.purge_preview(%s) p", (s.clinics["one"],)),
    "purge": lambda s: ("public.purge(%s)", (s.clinics["one"],)),
    "decide_erasure": lambda s: (
        "public.decide_erasure(%s, true, 'asked by the client')",
        (ident("alice", "erasure"),),
    ),
    "monitor": lambda s: ("public.monitor(array[%s::uuid])", (s.teams["north"],)),
    "my_flags": lambda s: ("jsonb_agg(f) from public.my_flags(%s) f", (s.teams["north"],)),
    "stagnation": lambda s: ("public.stagnation(array[%s::uuid], '2026-01-05')", (s.teams["north"],)),
    "preview_thresholds": lambda s: (
        "jsonb_agg(f) from public.preview_thresholds(%s, '{\"discuss_days\": 7}') f",
        (s.teams["north"],),
    ),
    "ask_to_see": lambda s: (
        "to_jsonb(public.ask_to_see(%s, %s, %s))",
        (s.people["alice"], ident("alice", "case"), "a reason that is long enough to be one"),
    ),
    "meeting_screen": lambda s: ("public.meeting_screen(%s)", (s.teams["north"],)),
    "meeting_now": lambda s: ("public.meeting_now(%s)", (s.teams["north"],)),
    "own_picture": lambda s: ("public.own_picture(%s, %s)", (s.teams["north"], ident("alice", "case"))),
    "agenda_candidates": lambda s: ("public.agenda_candidates(%s)", (s.teams["north"],)),
    "repair_memory": lambda s: ("public.repair_memory(%s)", (s.teams["north"],)),
    "pulse_course": lambda s: ("jsonb_agg(p) from public.pulse_course(%s) p", (s.teams["north"],)),
    "audit_entries": lambda s: ("jsonb_agg(e) from public.audit_entries('team', %s) e", (s.teams["north"],)),
    "log_audit_export": lambda s: (
        "'\"done\"'::jsonb from public.log_audit_export('own', %s)",
        (s.teams["north"],),
    ),
    "log_own_export": lambda s: ("'\"done\"'::jsonb from public.log_own_export()", ()),
    "see_case": lambda s: ("public.see_case(%s, %s)", (s.people["alice"], ident("alice", "case"))),
    "month_of_team": lambda s: ("public.month_of_team(%s, '2026-01-05')", (s.teams["north"],)),
    "log_export": lambda s: (
        "'\"done\"'::jsonb from public.log_export(%s, 'monitor_list')",
        (s.teams["north"],),
    ),
    "lead_waiting_ruptures": lambda s: (
        "jsonb_agg(r) from public.lead_waiting_ruptures(%s) r",
        (s.teams["north"],),
    ),
}


@pytest.mark.parametrize("function", list(CALLS))
def test_a_function_answers_whom_the_matrix_says(undone, speaking, scene, function: str):
    undone.execute("update public.team_settings set rupture_open_days = 1")
    undone.execute("update public.repair_steps set taken_on = taken_on - 5")
    if function == "repair_memory":  # which needs five of them
        undone.execute("update public.ruptures set closed_on = noticed_on, outcome = 'repaired' where closed_on is null")  # fmt: skip
    text, parameters = ARGUMENTS[function](scene)
    found = {}
    for role, person in ROLES.items():
        with speaking(scene.people.get(person)) as db:
            try:
                with undoing(db):
                    answer = db.execute(f"select {text}", parameters).fetchone()[0]
                found[role] = "yes" if answer else "empty"
            except psycopg.Error as refusal:
                found[role] = "refused" if refusal.sqlstate == FORBIDDEN else refusal.sqlstate
    assert found == CALLS[function]


def test_an_account_that_sixfold_does_not_know_gets_nothing(speaking, scene):
    with speaking(scene.people["uma"]) as db:
        assert db.execute("select public.me()").fetchone() == (None,)
        for table, verb in RIGHTS:
            if verb == "select":
                assert outcome(db, statement(table, verb)) == set(), table


def test_me_tells_only_of_oneself_and_of_roles_held_today(speaking, scene):
    def me(person: str) -> dict:
        with speaking(scene.people[person]) as db:
            return db.execute("select public.me()").fetchone()[0]

    alice = me("alice")
    assert UUID(alice["id"]) == scene.people["alice"]
    assert [(UUID(m["team"]), m["role"]) for m in alice["memberships"]] == [
        (scene.teams["north"], "therapist")
    ]
    assert me("erin")["memberships"] == me("nina")["memberships"] == []
