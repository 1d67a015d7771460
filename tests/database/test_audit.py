"""The audit log: every write to every table, who, what, which row and when; never a word of it; and never rewritten."""

import re
from uuid import UUID

import pytest

from tests.database.catalogue import GOES_SILENTLY, REMEMBERED
from tests.database.catalogue import LOGGED as LOGGED_TABLES
from tests.database.operations import op, refusal
from tests.database.scene import ident

LOGGED = sorted(LOGGED_TABLES)
# Children first, so that rows can be deleted without breaking a foreign key.
FROM_THE_LEAVES = [
    "agenda_words", "reratings", "decisions", "meeting_screens", "agenda_items", "meetings",
    "erasure_requests", "legal_holds", "invitations", "retention_periods", "purge_reports",
    "flag_events", "reveals", "flags", "actions", "step_backs", "threshold_changes",
    "check_in_guesses", "check_ins", "goal_progress", "task_checks", "tasks", "goals", "strategy_verdicts", "plan_reviews", "strategies", "sessions",
    "formulation_entries", "case_texts", "questions", "scores", "case_transfers", "mirror_shares",
    "notes", "prompt_uses", "repair_steps", "ruptures", "ratings", "reflection_parts", "reflections", "episodes", "cases",
    "memberships", "team_settings", "prompts", "measures", "people", "teams", "clinics",
]  # fmt: skip


def logged_since(db, mark: int) -> list[tuple]:
    return db.execute(
        "select actor_id, action, table_name, row_id, team_id, subject_id from public.audit_log where id > %s order by id",
        (mark,),
    ).fetchall()


def mark(db) -> int:
    return db.execute("select coalesce(max(id), 0) from public.audit_log").fetchone()[0]


def loosen(db) -> None:
    """What the database itself keeps beside these tables, and would be in the way of deleting their rows."""
    beside = db.execute(
        "select distinct conrelid::regclass::text from pg_constraint where contype = 'f' and confrelid::regclass::text !~ '^private'"
        " and conrelid::regclass::text like 'private.%' and confdeltype <> 'c'"
    ).fetchall()
    for (kept,) in beside:
        db.execute(f"delete from {kept}")
    db.execute("update public.meetings set item_id = null")


def test_every_table_is_logged(sql):
    """Row by row at insert, update and delete; and no way round through TRUNCATE."""
    assert set(FROM_THE_LEAVES) - {"flags", "threshold_changes", "purge_reports"} == LOGGED_TABLES
    triggers = set(
        sql.execute(
            "select tgrelid::regclass::text, tgname from pg_trigger where tgenabled = 'O' and not tgisinternal"
        ).fetchall()
    )
    for table in LOGGED:
        for name in ("audit_insert", "audit_update", "audit_delete", "never_emptied"):
            there = (table, name) in triggers or (f"public.{table}", name) in triggers
            assert there is not (name == "audit_delete" and table in GOES_SILENTLY)


@pytest.mark.parametrize("table", LOGGED)
def test_an_update_is_logged_row_by_row_also_for_the_operator(undone, scene, table: str):
    column = undone.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attidentity = '' limit 1",
        (f"public.{table}",),
    ).fetchone()[0]
    before = mark(undone)
    touched = undone.execute(f"update public.{table} set {column} = {column}").rowcount
    log = logged_since(undone, before)
    assert touched > 1
    assert [(actor, action, name) for actor, action, name, *_ in log] == [(None, "update", table)] * touched


def test_a_delete_is_logged_row_by_row(undone, scene):
    loosen(undone)
    for table in FROM_THE_LEAVES:
        before = mark(undone)
        touched = undone.execute(f"delete from public.{table}").rowcount
        assert [(action, name) for _, action, name, *_ in logged_since(undone, before)] == [
            ("delete", table)
        ] * (touched if table in LOGGED and table not in GOES_SILENTLY else 0)
        assert touched > 1


def test_an_insert_is_logged_with_its_row_team_and_subject(undone, scene):
    """The scene was written by inserts: each of its rows is in the log once."""
    keys = {
        "team_settings": "team_id",
        "reflection_parts": "reflection_id",
        "strategy_verdicts": "review_id",
        "agenda_words": "item_id",
        "reratings": "item_id",
    }
    teams = {
        "teams": "id",
        "clinics": "null::uuid",
        "people": "null::uuid",
        "prompts": "null::uuid",
        "measures": "null::uuid",
        "retention_periods": "null::uuid",
        "legal_holds": "null::uuid",
    }
    subjects = {
        "clinics": "null::uuid", "teams": "null::uuid", "team_settings": "null::uuid", "prompts": "null::uuid",
        "measures": "null::uuid", "invitations": "null::uuid", "retention_periods": "null::uuid", "memberships": "person_id", "people": "id",
        "meetings": "null::uuid", "meeting_screens": "null::uuid",
    }  # fmt: skip
    for table in LOGGED:
        # What ships with Sixfold was there before the log.
        ours = "where clinic_id is not null" if table == "prompts" else ""
        columns = f"{keys.get(table, 'id')}::text, {teams.get(table, 'team_id')}, {subjects.get(table, 'therapist_id')}"
        missing = undone.execute(
            f"select {columns} from public.{table} {ours} except all select row_id, team_id, subject_id from public.audit_log where table_name = %s and action = 'insert'",
            (table,),
        ).fetchall()
        assert missing == [], table


def test_the_log_names_who_did_it_to_whose_row(undone, send, scene):
    people, team = scene.people, scene.teams["north"]
    before = mark(undone)
    closing = op(
        "rupture.close",
        entity=ident("alice", "rupture"),
        therapist=people["alice"],
        closed_on=str(scene.today),
        outcome="partly",
    )
    reading = op("reflection.read", entity=ident("alice", "open"), therapist=people["alice"])
    assert {answer["state"] for answer in send(people["sue"], closing, reading)} == {"applied"}
    assert logged_since(undone, before) == [
        (people["sue"], "update", "ruptures", str(ident("alice", "rupture")), team, people["alice"]),
        (people["sue"], "update", "reflections", str(ident("alice", "open")), team, people["alice"]),
    ]


def test_a_change_that_a_key_carries_on_is_logged_and_remembered_too(undone, send, scene):
    """Moving an episode to another day moves its ratings' day by the foreign key."""
    before = mark(undone)
    moved = op(
        "episode.amend",
        entity=ident("alice", "noted"),
        happened_on=str(scene.today),
        kind="stalled",
        ratings={"1": 2},
        based_on=1,
    )
    assert send(scene.people["alice"], moved)[0]["state"] == "applied"
    assert [(action, table) for _, action, table, *_ in logged_since(undone, before)] == [
        ("update", "episodes"),
        ("update", "ratings"),
    ]


def test_the_log_and_its_columns_hold_no_content(undone, scene):
    """Every text and every json of the scene is a canary; none is in the log, nor is the name of a part."""
    texts = undone.execute(
        """
        select table_name, column_name from information_schema.columns
        where table_schema = 'public' and data_type in ('text', 'character varying', 'jsonb', 'json') and table_name = any(%s)
        """,
        (LOGGED,),
    ).fetchall()
    assert len(texts) >= 13
    for table, column in texts:
        found = undone.execute(
            f"select count(*) from public.{table} where {column}::text ~* 'canary|CAN-'"
        ).fetchone()[0]
        assert found, f"no canary in {table}.{column}: add one to the scene"
    for (line,) in undone.execute("select to_jsonb(a) from public.audit_log a"):
        assert set(line) == {
            "id",
            "happened_at",
            "actor_id",
            "action",
            "table_name",
            "row_id",
            "clinic_id",
            "team_id",
            "subject_id",
        }
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", line["row_id"]), line
        assert line["table_name"] in LOGGED
        for name in ("actor_id", "clinic_id", "team_id", "subject_id"):
            assert line[name] is None or UUID(line[name])


@pytest.mark.parametrize(
    "statement",
    [
        "update public.audit_log set actor_id = null",
        "delete from public.audit_log",
        "truncate public.audit_log",
        "delete from public.audit_log where false",
    ],
)
def test_not_even_the_operator_rewrites_the_log(undone, scene, statement: str):
    assert refusal(undone, statement)[0] == "SX003"
    undone.execute("set local role service_role")
    assert refusal(undone, statement)[0] == "42501"


@pytest.mark.parametrize("table", LOGGED)
def test_no_table_is_emptied_past_the_log(undone, scene, table: str):
    assert refusal(undone, f"truncate public.{table} cascade")[0] == "SX003"


def test_the_log_takes_only_its_own_actions(undone):
    assert (
        refusal(
            undone, "insert into public.audit_log (action, table_name, row_id) values ('rename', 'x', 'y')"
        )[0]
        == "23514"
    )


@pytest.mark.parametrize("table", sorted(REMEMBERED))
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_people_change_is_remembered_as_it_was(undone, scene, table: str, verb: str):
    key = "reflection_id" if table == "reflection_parts" else "id"
    loosen(undone)
    for child in FROM_THE_LEAVES[: FROM_THE_LEAVES.index(table)] if verb == "delete" else []:
        undone.execute(f"delete from public.{child}")
    (last,) = undone.execute("select max(id) from public.history").fetchone()
    author = "author_id" if table == "notes" else "therapist_id"
    rows = undone.execute(
        f"select {author}, team_id, %s, {key}::text, to_jsonb(t) from public.{table} t", (table,)
    ).fetchall()
    undone.execute(
        f"update public.{table} set {key} = {key}" if verb == "update" else f"delete from public.{table}"
    )
    kept = undone.execute(
        "select owner_id, team_id, table_name, row_id, before from public.history where id > %s", (last,)
    ).fetchall()
    assert sorted(map(str, kept)) == sorted(map(str, rows))
    assert len(rows) > 1


def test_an_administrator_finds_in_the_log_what_was_changed_about_team_prompts_and_roles(
    undone, speaking, scene
):
    with speaking(scene.people["adam"]) as db:
        db.execute("update public.teams set name = 'New name' where id = %s", (scene.teams["north"],))
        db.execute("update public.prompts set active = false where clinic_id = %s", (scene.clinics["one"],))
        db.execute(
            "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')",
            (scene.people["nina"], scene.teams["north"]),
        )
        found = db.execute(
            "select table_name, action from public.audit_log where actor_id = %s order by id",
            (scene.people["adam"],),
        ).fetchall()
    assert found == [("teams", "update"), ("prompts", "update"), ("memberships", "insert")]


@pytest.mark.parametrize("place", ["'nowhere'", "null", "'team'"])
def test_the_log_is_read_for_a_team_for_oneself_or_for_the_clinic(speaking, scene, place: str):
    """A team that is not named is none, and says so."""
    with speaking(scene.people["adam"]) as db:
        assert refusal(db, f"select * from public.audit_entries({place})")[0] == "22023"
