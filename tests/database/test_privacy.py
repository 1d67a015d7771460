"""What was written stays with its author until shared; and no answer tells a stranger that a row exists."""

import re
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.conftest import op, refusal
from tests.database.matrix import RIGHTS
from tests.database.scene import CANARY, THERAPISTS, Scene, ident

RELATIONS = sorted({table for table, _ in RIGHTS})
WORDS = re.compile(rf"{CANARY} [\w -]+")


def everything(db: psycopg.Connection, scene: Scene) -> set[str]:
    """Every canary that any relation or function gives away to whoever is speaking."""
    texts = []
    for relation in RELATIONS:
        texts += [row[0] for row in db.execute(f"select to_jsonb(r)::text from public.{relation} r")]
    for team in scene.teams.values():
        for call in (
            "public.team_trends(%s, '2020-01-06', '2030-01-07')",
            "public.team_trends_exact(%s, '2020-01-06', '2030-01-07')",
            "(select jsonb_agg(r) from public.lead_waiting_ruptures(%s) r)",
        ):
            try:
                with db.transaction():
                    texts.append(db.execute(f"select {call}::text", (team,)).fetchone()[0] or "")
            except psycopg.errors.InsufficientPrivilege:
                pass
    texts.append(db.execute("select public.lead_overview()::text || public.me()::text").fetchone()[0])
    found = {match.strip() for text in texts for match in WORDS.findall(text)}
    frame = re.compile(rf"{CANARY} (team|clinic|wording|why|sentence|repaired_when|source|\w+$)")  # names of teams and people, prompts
    return {text.removeprefix(f"{CANARY} ") for text in found if not frame.match(text)}


def own_words(therapist: str, *, shared_only: bool = False) -> set[str]:
    parts = ["strength"] if shared_only else ["strength", "intention", "private_text", "not_brought"]
    notes = ["step-note", "shared-note"] if shared_only else ["step-note", "shared-note", "use-note", "secret-note"]
    return {f"{therapist} {reflection} {part}" for reflection in ("open", "read") for part in parts} | {
        f"{therapist} on {therapist} {note}" for note in notes
    }


def test_a_therapist_reads_all_they_wrote_and_what_was_shared_about_their_cases(speaking, scene):
    with speaking(scene.people["alice"]) as db:
        assert everything(db, scene) == own_words("alice") | {"sue on alice step-note"}


def test_a_supervisor_reads_what_was_shared_and_never_the_rest(speaking, scene):
    shared = {words for who in ("alice", "bob", "erin", "lena") for words in own_words(who, shared_only=True)}
    written = {f"sue on {who} {note}" for who in ("alice", "bob", "erin", "lena") for note in ("step-note", "use-note")}
    with speaking(scene.people["sue"]) as db:
        assert everything(db, scene) == shared | written


@pytest.mark.parametrize("person", ["lena", "adam", "erin", "nina"])
def test_a_lead_an_administrator_and_those_without_a_role_read_no_words_at_all(speaking, scene, person: str):
    with speaking(scene.people[person]) as db:
        assert everything(db, scene) == set()


@pytest.mark.parametrize("person", ["lena", "adam"])
def test_a_lead_and_an_administrator_find_no_row_of_case_work(speaking, scene, person: str):
    quiet = {"cases", "episodes", "reflections", "reflection_parts", "ratings", "ruptures", "repair_steps", "notes", "prompt_uses", "history"}
    with speaking(scene.people[person]) as db:
        for table in quiet | {name for name in RELATIONS if name.endswith("_list")}:
            assert db.execute(f"select count(*) from public.{table}").fetchone() == (0,), table


# --- what is private cannot be shared, what was shared can be taken back ---------------------------------------------


@pytest.mark.parametrize("part", ["private_text", "not_brought"])
def test_private_parts_can_never_be_shared_not_even_by_the_operator(undone, speaking, send, scene, part: str):
    share = "update public.reflection_parts set shared = true where reflection_id = %s and part = %s"
    where = (ident("alice", "open"), part)
    with speaking(scene.people["alice"]) as db:
        assert refusal(db, share, where) == ("23514", "private_parts_are_never_shared")
    assert refusal(undone, share, where) == ("23514", "private_parts_are_never_shared")
    handed_in = op(
        "reflection.hand_in", team=scene.teams["north"], week=str(scene.monday), based_on=0, parts={part: {"value": "x", "shared": True}}
    )
    assert send(scene.people["alice"], handed_in)[0]["constraint"] == "private_parts_are_never_shared"


def test_sharing_a_note_shows_it_and_unsharing_hides_it_at_once(send, speaking, scene):
    note = ident("alice", "alice", "secret-note")

    def seen_by(person: str) -> bool:
        with speaking(scene.people[person]) as db:
            return bool(db.execute("select from public.notes where id = %s", (note,)).fetchall())

    assert not seen_by("sue")
    for shared in (True, False):
        assert send(scene.people["alice"], op("note.share", entity=note, shared=shared))[0]["state"] == "applied"
        assert seen_by("sue") is shared
        assert not any(seen_by(person) for person in ("bob", "otto", "lena", "adam"))


def test_a_reflection_shows_its_supervisor_the_shared_parts_only(speaking, scene):
    with speaking(scene.people["sue"]) as db:
        rows = db.execute("select parts from public.reflection_list").fetchall()
    assert len(rows) == 8
    assert all(set(parts) == {"strength"} for (parts,) in rows)


# --- columns and keys that are not theirs to choose ------------------------------------------------------------------

DENIED = ("42501", None)
BROKEN_KEY = "23503"


@pytest.mark.parametrize(
    "statement",
    [
        "update public.reflections set read_at = now()",
        "update public.reflections set read_by = therapist_id",
        "update public.reflections set handed_in_at = now() - interval '1 year'",
        "update public.reflections set week = week - 7",
        "update public.episodes set created_at = now() - interval '1 year'",
        "update public.episodes set stated_at = now() - interval '1 year'",
        "update public.episodes set therapist_id = therapist_id",
        "update public.episodes set team_id = team_id",
        "update public.cases set code = 'B-02'",
        "update public.ruptures set noticed_on = noticed_on - 1",
        "update public.ratings set cause = 2",
        "update public.reflection_parts set part = 'strength'",
        "update public.notes set author_id = author_id",
        "update public.notes set episode_id = null",
        "update public.prompt_uses set verdict = 'helped'",
        "update public.memberships set role = 'supervisor'",
        "update public.memberships set starts_on = starts_on",
        "update public.team_settings set team_id = team_id",
        "update public.audit_log set actor_id = null",
        "update public.history set before = '{}'",
        "delete from public.notes",
        "delete from public.history",
        "insert into public.episodes (therapist_id, id, team_id, case_id, happened_on, kind, created_at) values (null, null, null, null, null, null, now())",
        "insert into public.reflections (therapist_id, id, team_id, week, read_at) values (null, null, null, null, now())",
        "insert into public.cases (therapist_id, id, team_id, code, created_at) values (null, null, null, null, now())",
        "insert into public.audit_log (action, table_name, row_id) values ('read', 'x', 'y')",
        "insert into public.memberships (id, person_id, team_id, role) values (null, null, null, 'admin')",
        "truncate public.notes",
        "select * from private.weekly",
        "select * from private.applied_ops",
        "select private.publish(null)",
        "call private.keep_audit('public.notes')",
    ],
)
@pytest.mark.parametrize("person", ["alice", "sue", "adam"])
def test_times_of_arrival_marks_of_reading_and_keys_are_the_servers(speaking, scene, person: str, statement: str):
    with speaking(scene.people[person]) as db:
        assert refusal(db, statement) == DENIED


def test_an_entry_cannot_hang_on_another_persons_or_teams_entry(undone, send, scene):
    """Alice works in two teams here; her case in one of them is none in the other."""
    undone.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')", (scene.people["alice"], scene.teams["south"])
    )
    day = str(scene.today)
    north, south = scene.teams["north"], scene.teams["south"]
    for team, case in ((north, ident("bob", "case")), (north, uuid4()), (south, ident("alice", "case")), (south, ident("tom", "case"))):
        for operation in (
            op("episode.log", team=team, case=case, happened_on=day, kind="other"),
            op("rupture.open", team=team, case=case, kind="mixed", noticed_on=day),
            op("prompt.mark", team=team, therapist=scene.people["alice"], case=case, episode=ident("alice", "plain"), prompt="x", verdict="used"),
        ):
            assert send(scene.people["alice"], operation)[0]["code"] == BROKEN_KEY
    for operation in (
        op("rupture.open", team=north, case=ident("alice", "case"), episode=ident("bob", "plain"), kind="mixed", noticed_on=day),
        op("rupture.step", entity=ident("bob", "rupture"), team=north, therapist=scene.people["alice"], step=uuid4(), stage="named", taken_on=day),
        op("rupture.step", entity=ident("alice", "rupture"), team=south, therapist=scene.people["alice"], step=uuid4(), stage="named", taken_on=day),
    ):
        assert send(scene.people["alice"], operation)[0]["code"] == BROKEN_KEY


@pytest.mark.parametrize(
    ("subject", "about"),
    [
        ({"episode_id": ident("bob", "plain")}, "alice"),
        ({"repair_step_id": ident("bob", "bob", "step")}, "bob"),
        ({"repair_step_id": ident("alice", "alice", "step")}, None),
        ({"prompt_use_id": ident("sue", "alice", "use2")}, "alice"),
        ({"prompt_use_id": ident("alice", "alice", "use2")}, "bob"),
        ({"episode_id": ident("alice", "plain")}, "bob"),
        ({"episode_id": ident("alice", "plain")}, None),
        ({"episode_id": ident("alice", "noted")}, "alice"),
    ],
)
def test_a_note_hangs_on_its_authors_own_entry_and_names_whose_case_it_is(speaking, scene, subject: dict, about: str | None):
    values = {
        "author_id": scene.people["alice"], "id": uuid4(), "team_id": scene.teams["north"], "body": "x",
        "therapist_id": scene.people[about] if about else None, **subject,
    }  # fmt: skip
    with speaking(scene.people["alice"]) as db:
        code, _ = refusal(db, f"insert into public.notes ({', '.join(values)}) values ({', '.join(['%s'] * len(values))})", tuple(values.values()))
    assert code in (BROKEN_KEY, "23514", "23505")


# --- no oracle: what exists and what does not are answered alike -----------------------------------------------------


def probes(scene: Scene, target: dict[str, UUID]) -> list[tuple[str, tuple]]:
    """Statements and operations of a stranger that name rows by id; `target` names real rows, or made-up ones."""
    alice, north, day = target["person"], target["team"], str(scene.today)
    operations = [
        op("case.amend", entity=target["case"], state="closed"),
        op("episode.log", team=north, case=target["case"], happened_on=day, kind="other"),
        op("episode.amend", entity=target["episode"], happened_on=day, kind="other"),
        op("reflection.hand_in", entity=target["reflection"], team=north, week=str(scene.monday), based_on=0),
        op("reflection.read", entity=target["reflection"], therapist=alice),
        op("rupture.open", team=north, case=target["case"], kind="mixed", noticed_on=day),
        op("rupture.step", entity=target["rupture"], team=north, therapist=alice, step=uuid4(), stage="named", taken_on=day),
        op("rupture.close", entity=target["rupture"], therapist=alice, closed_on=day, outcome="ended"),
        op("rupture.close", entity=target["closed"], therapist=alice, closed_on=day, outcome="ended"),
        op("prompt.mark", team=north, therapist=alice, case=target["case"], rupture=target["rupture"], prompt="x", verdict="used"),
        op("note.share", entity=target["note"], shared=True),
    ]
    note = "insert into public.notes (author_id, id, team_id, therapist_id, {}, body) values (%s, %s, %s, %s, %s, 'x')"
    return [
        *(("select public.apply_ops(%s)", (Jsonb([operation]),)) for operation in operations),
        *(
            (f"select * from public.{table} where {column} = %s", (target[key],))
            for table, column, key in (("cases", "id", "case"), ("notes", "id", "note"), ("people", "id", "person"), ("teams", "id", "team"),
                                       ("memberships", "person_id", "person"), ("audit_log", "subject_id", "person"))
        ),
        *(
            (note.format(column), (alice, uuid4(), north, alice, target[key]))
            for column, key in (("episode_id", "episode"), ("repair_step_id", "step"), ("prompt_use_id", "use"))
        ),
        ("insert into public.cases (therapist_id, id, team_id, code) values (%s, %s, %s, 'CAN-01')", (alice, target["case"], north)),
        ("insert into public.reflections (therapist_id, id, team_id, week) values (%s, %s, %s, %s)", (alice, uuid4(), north, scene.monday)),
        ("insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')", (alice, north)),
        ("insert into public.team_settings (team_id) values (%s)", (north,)),
        ("select public.mark_reflection_read(%s, %s)", (alice, target["reflection"])),
        ("select public.team_trends(%s, '2026-01-05', '2026-02-02')", (north,)),
        ("select public.team_trends_exact(%s, '2026-01-05', '2026-02-02')", (north,)),
        ("select public.lead_waiting_ruptures(%s)", (north,)),
        ("select private.still_open(%s, %s)", (alice, target["reflection"])),
    ]  # fmt: skip


def answers(db: psycopg.Connection, asked: list[tuple[str, tuple]]) -> list:
    """Code and message, or the rows; with whatever was named in the question taken out."""
    found = []
    for statement, values in asked:
        try:
            with db.transaction(force_rollback=True):
                answer = str(db.execute(statement, values).fetchall())
        except psycopg.Error as problem:
            answer = f"{problem.sqlstate} {problem.diag.message_primary} {problem.diag.message_detail}"
        found.append((statement, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "(id)", answer)))
    return found


@pytest.mark.parametrize("person", ["bob", "otto", "nina", "zoe"])
def test_a_stranger_cannot_tell_a_row_that_exists_from_one_that_does_not(undone, speaking, scene, person: str):
    undone.execute("update public.team_settings set week_starts_on = 7")
    real = {
        "person": scene.people["alice"], "team": scene.teams["north"], "case": ident("alice", "case"), "episode": ident("alice", "plain"),
        "reflection": ident("alice", "open"), "rupture": ident("alice", "rupture"), "closed": ident("alice", "closed"),
        "note": ident("alice", "alice", "secret-note"), "step": ident("alice", "alice", "step"), "use": ident("alice", "alice", "use2"),
    }  # fmt: skip
    if person == "bob":  # a colleague knows the team; what he may not know is what she wrote in it
        made_up = {**{name: uuid4() for name in real}, "team": real["team"]}
    else:
        made_up = {name: uuid4() for name in real}
    with speaking(scene.people[person]) as db:
        assert answers(db, probes(scene, real)) == answers(db, probes(scene, made_up))


def test_only_its_author_hears_whether_a_reflection_is_still_open(speaking, scene):
    for person, says in (("alice", True), ("bob", False), ("sue", False)):
        with speaking(scene.people[person]) as db:
            assert db.execute("select private.still_open(%s, %s)", (scene.people["alice"], ident("alice", "open"))).fetchone() == (says,)


def test_ids_are_each_authors_own_so_that_a_clash_tells_nothing(send, scene):
    """Bob may use the very ids of Alice's rows: he makes rows of his own and hears of no other."""
    bob, north, day = scene.people["bob"], scene.teams["north"], str(scene.today)
    answered = send(
        bob,
        op("case.open", entity=ident("alice", "case"), team=north, code="CAN-77"),
        op("episode.log", entity=ident("alice", "plain"), team=north, case=ident("bob", "case"), happened_on=day, kind="other"),
        op("rupture.open", entity=ident("alice", "rupture"), team=north, case=ident("bob", "case"), kind="mixed", noticed_on=day),
        op("reflection.hand_in", entity=ident("alice", "open"), team=north, week=str(scene.monday), based_on=0),
    )
    assert [answer["state"] for answer in answered] == ["applied"] * 4


# --- history ---------------------------------------------------------------------------------------------------------


def test_history_keeps_what_was_said_before_for_its_author_alone(undone, speaking, send, scene):
    team, week = scene.teams["north"], str(scene.monday)
    reflection = uuid4()

    def hand_in(version: int, text: str) -> dict:
        return op("reflection.hand_in", entity=reflection, team=team, week=week, based_on=version, parts={"private_text": {"value": text}})

    for version, text in enumerate(["first words", "second words", "third words"]):
        assert send(scene.people["alice"], hand_in(version, text))[0]["state"] == "applied"

    def earlier(person: str) -> list[str]:
        with speaking(scene.people[person]) as db:
            rows = db.execute("select before -> 'content' ->> 'value' from public.history where row_id = %s and table_name = 'reflection_parts' order by id", (str(reflection),))
            return [text for (text,) in rows]

    assert earlier("alice") == ["first words", "second words"]
    for person in THERAPISTS.keys() - {"alice"} | {"sue", "lena", "adam", "otto"}:
        assert earlier(person) == []


def test_what_a_supervisor_changes_is_in_the_therapists_history_with_who_did_it(undone, send, scene):
    closing = op("rupture.close", entity=ident("alice", "rupture"), therapist=scene.people["alice"], closed_on=str(scene.today), outcome="partly")
    assert send(scene.people["sue"], closing)[0]["state"] == "applied"
    owner, by, before = undone.execute(
        "select owner_id, changed_by, before from public.history where row_id = %s order by id desc limit 1", (str(ident("alice", "rupture")),)
    ).fetchone()
    assert (owner, by, before["closed_on"]) == (scene.people["alice"], scene.people["sue"], None)
