"""The one door for writes: each kind stored as sent, for those who may; once, in order, and one refusal never another's."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from tests.database.conftest import op, refusal
from tests.database.scene import ROLES, Scene, ident, put

# Whose hand may do this to alice's entries (for case.open and reflection.hand_in: to one's own).
KINDS = """
kind                therapist  teammate  supervisor  elsewhere  lead     admin    ended    outsider

case.open           yes        yes       refused     refused    refused  refused  refused  refused
case.amend          yes        refused   refused     refused    refused  refused  refused  refused
episode.log         yes        refused   refused     refused    refused  refused  refused  refused
episode.amend       yes        refused   refused     refused    refused  refused  refused  refused
reflection.hand_in  yes        yes       refused     refused    refused  refused  refused  refused
reflection.read     refused    refused   yes         refused    refused  refused  refused  refused
rupture.open        yes        refused   refused     refused    refused  refused  refused  refused
rupture.step        yes        refused   yes         refused    refused  refused  refused  refused
rupture.close       yes        refused   yes         refused    refused  refused  refused  refused
prompt.mark         yes        refused   yes         refused    refused  refused  refused  refused
note.share          yes        refused   refused     refused    refused  refused  refused  refused
"""  # fmt: skip
HEAD, *LINES = [line.split() for line in KINDS.splitlines() if line.strip()]
MAY = {line[0]: dict(zip(HEAD[1:], line[1:], strict=True)) for line in LINES}


def good(kind: str, scene: Scene, /, **more: object) -> dict:
    """An operation of this kind with everything in it, on alice's entries."""
    alice, team, day = scene.people["alice"], scene.teams["north"], str(scene.today)
    case, rupture = ident("alice", "case"), ident("alice", "rupture")
    params: dict[str, tuple[UUID, dict]] = {
        "case.open": (uuid4(), {"team": team, "code": "CAN-55", "control_sensitivity": 4, "started_on": "2026-01-05"}),
        "case.amend": (case, {"state": "paused", "control_sensitivity": 1}),
        "episode.log": (uuid4(), {
            "team": team, "case": case, "happened_on": day, "kind": "stalled", "markers": ["yes_but", "withdrawal"], "intensity": 5,
            "first_blame": "myself", "next_move": "slowed_down", "named": "planned", "outside": ["life_event"],
            "ratings": {"1": 0, "2": 4, "3": None}, "note": {"id": str(uuid4()), "body": "a note", "shared": True},
        }),
        "episode.amend": (ident("alice", "noted"), {"happened_on": day, "kind": "other", "intensity": 1, "ratings": {"1": 3, "6": 1}}),
        "reflection.hand_in": (uuid4(), {
            "team": team, "week": str(scene.monday), "based_on": 0, "behaviours": ["matching", "tone_set"], "ratings": {"4": 2, "5": None},
            "parts": {"strength": {"value": "patience", "shared": True}, "private_text": {"value": "only mine"}, "frustration": {"value": 3}},
        }),
        "reflection.read": (ident("alice", "open"), {"therapist": alice}),
        "rupture.open": (uuid4(), {"team": team, "case": case, "episode": ident("alice", "plain"), "kind": "withdrawal", "noticed_on": day}),
        "rupture.step": (rupture, {
            "team": team, "therapist": alice, "step": uuid4(), "stage": "explored", "taken_on": day,
            "note": {"id": str(uuid4()), "body": "what we found", "shared": False},
        }),
        "rupture.close": (rupture, {"therapist": alice, "closed_on": day, "outcome": "partly"}),
        "prompt.mark": (uuid4(), {
            "team": team, "therapist": alice, "case": case, "rupture": rupture, "prompt": "canary-one", "verdict": "helped",
            "note": {"id": str(uuid4()), "body": "it helped", "shared": True},
        }),
        "note.share": (ident("alice", "alice", "secret-note"), {"shared": True}),
    }  # fmt: skip
    entity, told = params[kind]
    return op(kind, entity=more.pop("entity", entity), op_id=more.pop("op_id", None), **{**told, **more})


def stored(db: psycopg.Connection, table: str, **where: object) -> list[dict]:
    conditions = " and ".join(f"{name} = %s" for name in where)
    return db.cursor(row_factory=dict_row).execute(f"select * from public.{table} where {conditions}", list(where.values())).fetchall()


def shows(row: dict, **expected: object) -> bool:
    return {name: row[name] for name in expected} == expected


@pytest.mark.parametrize("kind", list(MAY))
def test_those_who_may_and_nobody_else(undone, send, scene, kind: str):
    found = {}
    for role in HEAD[1:]:
        with undone.transaction(force_rollback=True):
            (answer,) = send(scene.people[ROLES[role]], good(kind, scene))
        found[role] = "yes" if answer["state"] == "applied" else "refused"
        assert answer["code"] in ({"yes": {None}, "refused": {"42501", "23503"}}[MAY[kind][role]])
    assert found == MAY[kind]


def test_every_kind_is_in_the_table_above(sql):
    (body,) = sql.execute("select prosrc from pg_proc where oid = 'private.apply_op(jsonb)'::regprocedure").fetchone()
    assert [line.split("'")[1] for line in body.splitlines() if line.strip().startswith("when '")] == list(MAY)


def test_a_visitor_is_turned_away_before_anything_is_read(speaking):
    with speaking(None) as db:
        assert refusal(db, "select public.apply_ops('[]')")[0] == "42501"


def test_a_token_without_a_person_is_turned_away(undone):
    undone.execute("set local role authenticated")
    assert refusal(undone, "select public.apply_ops('[]')")[0] == "42501"


# --- each kind is stored as it was sent ------------------------------------------------------------------------------


@pytest.fixture
def done(send, scene, undone) -> Callable[..., dict]:
    """Send one good operation as alice (or another) and expect it to be applied."""

    def apply(kind: str, *, by: str = "alice", **more: object) -> dict:
        sent = good(kind, scene, **more)
        (answer,) = send(scene.people[by], sent)
        assert answer == {"op_id": sent["op_id"], "state": "applied", "code": None, "message": None}
        return sent

    return apply


def test_a_case_is_opened_and_amended(undone, done, scene):
    case = UUID(done("case.open")["entity"])
    (row,) = stored(undone, "cases", id=case)
    assert shows(row, therapist_id=scene.people["alice"], team_id=scene.teams["north"], code="CAN-55", state="active", control_sensitivity=4)
    assert row["started_on"] == date(2026, 1, 5)
    done("case.amend", entity=case, state="closed", control_sensitivity=None)
    assert shows(stored(undone, "cases", id=case)[0], state="closed", control_sensitivity=None, code="CAN-55")
    done("case.amend", entity=case, state="active", control_sensitivity=2)
    amend = op("case.amend", entity=case, state="paused")
    assert amend["params"].keys() == {"state"}
    done("case.amend", entity=case, state="paused", control_sensitivity=2)
    assert shows(stored(undone, "cases", id=case)[0], state="paused", control_sensitivity=2)


def test_what_is_not_mentioned_about_a_case_stays(undone, send, scene):
    case = ident("alice", "case")
    undone.execute("update public.cases set control_sensitivity = 3 where id = %s", (case,))
    send(scene.people["alice"], op("case.amend", entity=case, state="paused"))
    assert shows(stored(undone, "cases", id=case)[0], state="paused", control_sensitivity=3)


def test_an_episode_is_logged_with_its_ratings_and_its_note(undone, done, scene):
    sent = done("episode.log")
    episode = UUID(sent["entity"])
    (row,) = stored(undone, "episodes", id=episode)
    assert shows(
        row, therapist_id=scene.people["alice"], team_id=scene.teams["north"], case_id=ident("alice", "case"), happened_on=scene.today,
        kind="stalled", intensity=5, first_blame="myself", next_move="slowed_down", named="planned",
    )  # fmt: skip
    assert (row["markers"], row["outside"]) == ("{yes_but,withdrawal}", "{life_event}")
    assert row["stated_at"].isoformat() == sent["stated_at"]
    assert {r["cause"]: r["rating"] for r in stored(undone, "ratings", episode_id=episode)} == {1: 0, 2: 4, 3: None}
    (note,) = stored(undone, "notes", episode_id=episode)
    assert shows(note, author_id=scene.people["alice"], therapist_id=scene.people["alice"], body="a note", shared=True)


def test_an_episode_needs_a_day_a_kind_and_a_case_only(undone, send, scene):
    least = op("episode.log", team=scene.teams["north"], case=ident("alice", "case"), happened_on=str(scene.today), kind="other")
    assert send(scene.people["alice"], least)[0]["state"] == "applied"
    assert stored(undone, "notes", episode_id=UUID(least["entity"])) == stored(undone, "ratings", episode_id=UUID(least["entity"])) == []


def test_an_amended_episode_says_what_was_sent_and_keeps_only_those_ratings(undone, done):
    episode = ident("alice", "noted")
    done("episode.amend", intensity=2)
    (row,) = stored(undone, "episodes", id=episode)
    assert shows(row, kind="other", intensity=2, first_blame=None, next_move=None)
    assert {r["cause"]: r["rating"] for r in stored(undone, "ratings", episode_id=episode)} == {1: 3, 6: 1}
    done("episode.amend", ratings={"6": None})
    assert {r["cause"]: r["rating"] for r in stored(undone, "ratings", episode_id=episode)} == {6: None}


def test_a_rupture_is_opened_worked_on_and_closed(undone, done, scene):
    rupture = UUID(done("rupture.open")["entity"])
    assert shows(stored(undone, "ruptures", id=rupture)[0], kind="withdrawal", noticed_on=scene.today, closed_on=None, episode_id=ident("alice", "plain"))
    step = UUID(done("rupture.step", by="sue", entity=rupture)["params"]["step"])
    (row,) = stored(undone, "repair_steps", id=step)
    assert shows(row, recorded_by=scene.people["sue"], therapist_id=scene.people["alice"], rupture_id=rupture, stage="explored", taken_on=scene.today)
    (note,) = stored(undone, "notes", repair_step_id=step)
    assert shows(note, author_id=scene.people["sue"], therapist_id=scene.people["alice"], body="what we found", shared=False)
    done("rupture.close", by="sue", entity=rupture)
    assert shows(stored(undone, "ruptures", id=rupture)[0], closed_on=scene.today, outcome="partly")


def test_a_rupture_is_closed_once(send, scene):
    first, second = good("rupture.close", scene), good("rupture.close", scene, outcome="ended")
    assert [answer["code"] for answer in send(scene.people["sue"], first, second)] == [None, "SX409"]


def test_a_prompt_is_marked_on_a_case_or_on_a_theme(undone, done, send, scene):
    use = UUID(done("prompt.mark", by="sue")["entity"])
    (row,) = stored(undone, "prompt_uses", id=use)
    assert shows(row, used_by=scene.people["sue"], therapist_id=scene.people["alice"], prompt="canary-one", verdict="helped", theme_cause=None)
    assert shows(stored(undone, "notes", prompt_use_id=use)[0], author_id=scene.people["sue"], body="it helped", shared=True)
    theme = op("prompt.mark", team=scene.teams["north"], theme_cause=2, prompt="canary-one", verdict="used")
    assert [send(scene.people[who], theme)[0]["state"] for who in ("sue", "alice", "lena")] == ["applied", "refused", "refused"]


# --- weekly reflections ----------------------------------------------------------------------------------------------


def test_a_reflection_is_handed_in_and_changed_until_it_is_read(undone, done, send, scene):
    reflection = UUID(done("reflection.hand_in")["entity"])

    def now() -> tuple:
        (row,) = stored(undone, "reflections", id=reflection)
        parts = {p["part"]: (p["content"], p["shared"]) for p in stored(undone, "reflection_parts", reflection_id=reflection)}
        return row["version"], parts, {r["cause"]: r["rating"] for r in stored(undone, "ratings", reflection_id=reflection)}

    private, strength = {"value": "only mine"}, {"value": "patience"}
    assert now() == (1, {"strength": (strength, True), "private_text": (private, False), "frustration": ({"value": 3}, False)}, {4: 2, 5: None})
    done("reflection.hand_in", entity=reflection, based_on=1, ratings={"4": 4}, parts={"strength": {"value": "patience", "shared": False}})
    assert now() == (2, {"strength": (strength, False)}, {4: 4})
    done("reflection.read", by="sue", entity=reflection)
    (row,) = stored(undone, "reflections", id=reflection)
    assert row["read_by"] == scene.people["sue"]
    late = good("reflection.hand_in", scene, entity=reflection, based_on=2)
    assert send(scene.people["alice"], late)[0]["code"] == "SX004"
    assert now() == (2, {"strength": (strength, False)}, {4: 4})


def test_a_second_reading_keeps_the_first(undone, done, scene):
    undone.execute("insert into public.memberships (person_id, team_id, role) values (%s, %s, 'supervisor')", (scene.people["nina"], scene.teams["north"]))
    for reader in ("sue", "nina"):
        done("reflection.read", by=reader)
    assert stored(undone, "reflections", id=ident("alice", "open"))[0]["read_by"] == scene.people["sue"]


@pytest.mark.parametrize("based_on", [0, 1, 3, 99])
def test_a_change_must_build_on_the_version_that_stands(undone, done, send, scene, based_on: int):
    reflection = done("reflection.hand_in")["entity"]
    done("reflection.hand_in", entity=reflection, based_on=1)
    (answer,) = send(scene.people["alice"], good("reflection.hand_in", scene, entity=reflection, based_on=based_on, parts={}))
    assert (answer["state"], answer["code"]) == ("refused", "SX409")
    assert len(stored(undone, "reflection_parts", reflection_id=UUID(reflection))) == 3


def test_a_reflection_keeps_its_team_and_its_week(undone, done, send, scene):
    undone.execute("insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')", (scene.people["alice"], scene.teams["south"]))
    sent = done("reflection.hand_in")
    for change in ({"week": str(scene.monday - timedelta(weeks=5))}, {"team": scene.teams["south"]}):
        again = good("reflection.hand_in", scene, entity=UUID(sent["entity"]), based_on=1, **change)
        assert send(scene.people["alice"], again)[0]["code"] == "SX400"


def test_there_is_one_reflection_for_a_week(done, send, scene):
    done("reflection.hand_in")
    assert send(scene.people["alice"], good("reflection.hand_in", scene))[0]["code"] == "23505"


def test_what_was_read_stands_whatever_way_one_tries(undone, speaking, scene):
    read = ident("alice", "read")
    team, who, week = scene.teams["north"], scene.people["alice"], scene.monday - timedelta(weeks=2)
    with speaking(who) as db:
        for statement in (
            "update public.reflections set behaviours = '{}', version = 9",
            "update public.reflection_parts set content = '{}'",
            "update public.ratings set rating = 0",
        ):
            assert db.execute(f"{statement} where {'id' if '.reflections' in statement else 'reflection_id'} = %s", (read,)).rowcount == 0
        assert db.execute("delete from public.reflection_parts where reflection_id = %s", (read,)).rowcount == 0
        assert db.execute("delete from public.ratings where reflection_id = %s", (read,)).rowcount == 0
        part = "insert into public.reflection_parts (therapist_id, reflection_id, part, team_id, content) values (%s, %s, 'feelings', %s, '{}')"
        assert refusal(db, part, (who, read, team))[0] == "42501"
        rating = "insert into public.ratings (therapist_id, team_id, reflection_id, on_day, cause, rating) values (%s, %s, %s, %s, 6, 1)"
        assert refusal(db, rating, (who, team, read, week))[0] == "42501"


def test_a_week_opens_on_the_weekday_that_the_team_has_set(undone, send, scene):
    """With a day's grace, for clocks that are ahead of the server's."""
    today = scene.today
    for weeks, weekday in ((w, d) for w in (0, 1) for d in range(1, 8)):
        week = scene.monday + timedelta(weeks=weeks)
        undone.execute("update public.team_settings set week_starts_on = %s where team_id = %s", (weekday, scene.teams["north"]))
        with undone.transaction(force_rollback=True):
            (answer,) = send(scene.people["alice"], good("reflection.hand_in", scene, week=str(week)))
        begun = week + timedelta(days=weekday - 1) <= today + timedelta(days=1)
        assert answer["code"] == (None if begun else "SX002"), (week, weekday)


# --- once, in order, apart -------------------------------------------------------------------------------------------


def test_the_same_operation_again_gives_the_same_answer_and_does_nothing(undone, send, scene):
    sent = good("episode.log", scene)
    first = send(scene.people["alice"], sent, sent)
    assert send(scene.people["alice"], sent) == first[:1] == first[1:]
    assert len(stored(undone, "episodes", id=UUID(sent["entity"]))) == 1


@pytest.mark.parametrize("change", ["params", "kind", "entity", "stated_at"])
def test_the_same_id_with_other_content_is_refused(undone, send, scene, change: str):
    sent = good("case.open", scene)
    other = {"params": {**sent["params"], "code": "CAN-56"}, "kind": "case.amend", "entity": str(uuid4()), "stated_at": "2026-01-06T10:00:00+00:00"}
    answers = send(scene.people["alice"], sent, {**sent, change: other[change]})
    assert [(answer["state"], answer["code"]) for answer in answers] == [("applied", None), ("refused", "SX409")]
    assert [row["code"] for row in stored(undone, "cases", id=UUID(sent["entity"]))] == ["CAN-55"]


def test_an_id_is_its_owners_alone(undone, send, scene):
    sent = good("case.open", scene)
    for person in ("alice", "bob"):
        assert send(scene.people[person], sent)[0]["state"] == "applied"
    assert {row["therapist_id"] for row in stored(undone, "cases", id=UUID(sent["entity"]))} == {scene.people["alice"], scene.people["bob"]}


def test_after_a_refusal_the_same_id_may_carry_the_corrected_entry(send, scene):
    wrong = good("case.open", scene, code="Anna")
    right = {**wrong, "params": {**wrong["params"], "code": "CAN-57"}}
    assert [answer["state"] for answer in send(scene.people["alice"], wrong, right, right)] == ["refused", "applied", "applied"]


def test_operations_are_applied_in_their_order(send, scene):
    case, episode = uuid4(), uuid4()
    opened = good("case.open", scene, entity=case)
    logged = good("episode.log", scene, entity=episode, case=case)
    amended = good("episode.amend", scene, entity=episode)
    assert [a["code"] for a in send(scene.people["alice"], amended, logged, opened)] == ["42501", "23503", None]
    again = [{**operation, "op_id": str(uuid4())} for operation in (logged, amended)]
    answers = send(scene.people["alice"], *again)
    assert [a["op_id"] for a in answers] == [o["op_id"] for o in again]
    assert [a["state"] for a in answers] == ["applied"] * 2


def test_a_refusal_leaves_no_trace_and_stops_nobody(undone, send, scene):
    """The note is too long: the episode, its ratings and the claim on the id go with it; what stands around it stays."""
    before, after = good("case.open", scene), good("rupture.open", scene)
    wrong = good("episode.log", scene, note={"id": str(uuid4()), "body": "x" * 301})
    assert [a["state"] for a in send(scene.people["alice"], before, wrong, after)] == ["applied", "refused", "applied"]
    assert stored(undone, "episodes", id=UUID(wrong["entity"])) == stored(undone, "ratings", episode_id=UUID(wrong["entity"])) == []
    for table, column, times in (("public.audit_log", "row_id", 0), ("private.applied_ops", "op_id::text", 0)):
        named = undone.execute(f"select count(*) from {table} where {column} = any(%s)", ([wrong["entity"], wrong["op_id"]],)).fetchone()
        assert named == (times,)
    assert stored(undone, "cases", id=UUID(before["entity"]))
    assert stored(undone, "ruptures", id=UUID(after["entity"]))


def test_a_batch_has_at_most_500_operations(speaking, scene):
    with speaking(scene.people["alice"]) as db:
        assert db.execute("select jsonb_array_length(public.apply_ops(%s))", (Jsonb([{}] * 500),)).fetchone() == (500,)
        assert refusal(db, "select public.apply_ops(%s)", (Jsonb([{}] * 501),))[0] == "SX400"
        for not_a_list in ("{}", '"x"', "5", "null", None):
            assert refusal(db, "select public.apply_ops(%s)", (not_a_list,))[0] == "SX400"


# --- at the same time ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(stack, sql, account) -> Iterator[tuple[psycopg.Connection, psycopg.Connection, UUID, UUID]]:
    """Two connections of one therapist, in a team of her own whose rows stay when the test ends."""
    who, clinic, team = account("pair@scene.example"), uuid4(), uuid4()
    put(sql, "clinics", id=clinic, name="At the same time")
    put(sql, "teams", id=team, clinic_id=clinic, name="At the same time")
    put(sql, "people", id=who, clinic_id=clinic, display_name="Pair")
    put(sql, "memberships", person_id=who, team_id=team, role="therapist")
    with psycopg.connect(stack.database_url) as one, psycopg.connect(stack.database_url) as other:
        yield one, other, who, team


def speak(db: psycopg.Connection, who: UUID, operation: dict) -> dict:
    db.execute("select set_config('request.jwt.claim.sub', %s, true), set_config('role', 'authenticated', true)", (str(who),))
    return db.execute("select public.apply_ops(%s)", (Jsonb([operation]),)).fetchone()[0][0]


def meanwhile(sql: psycopg.Connection, one: psycopg.Connection, other: psycopg.Connection, who: UUID, first: dict, second: dict, end: str) -> list[dict]:
    """`first` is applied; `second` comes in before it is committed (or rolled back), and has to wait for that."""
    answers = [speak(one, who, first)]
    waiting = threading.Thread(target=lambda: answers.append(speak(other, who, second)))
    waiting.start()
    while waiting.is_alive() and not sql.execute("select 1 from pg_stat_activity where pid = %s and wait_event_type = 'Lock'", (other.info.backend_pid,)).fetchone():
        pass
    one.execute(end)
    waiting.join()
    other.commit()
    return answers


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_the_same_operation_from_two_connections_is_applied_once(sql, pair, end: str):
    one, other, who, team = pair
    sent = op("case.open", team=team, code=f"CAN-{60 + len(end)}")
    answers = meanwhile(sql, one, other, who, sent, sent, end)
    assert [answer["state"] for answer in answers] == ["applied", "applied"]
    assert len(stored(sql, "cases", id=UUID(sent["entity"]))) == 1


def test_two_devices_changing_one_reflection_do_not_overwrite_each_other(sql, pair):
    one, other, who, team = pair
    reflection, week = uuid4(), str(date.today() - timedelta(days=date.today().weekday()))

    def hand_in(text: str, based_on: int) -> dict:
        return op("reflection.hand_in", entity=reflection, team=team, week=week, based_on=based_on, parts={"strength": {"value": text}})

    speak(one, who, hand_in("as it was", 0))
    one.commit()
    answers = meanwhile(sql, one, other, who, hand_in("at home", 1), hand_in("at work", 1), "commit")
    assert [answer["code"] for answer in answers] == [None, "SX409"]
    assert [row["content"]["value"] for row in stored(sql, "reflection_parts", reflection_id=reflection)] == ["at home"]


def test_what_another_try_may_heal_is_a_failed_request_not_a_refusal(sql, pair):
    """A lock that does not come in time says nothing about the entry: the batch fails as a whole and is sent again."""
    one, other, who, team = pair
    sent = op("case.open", team=team, code="CAN-99")
    speak(one, who, sent)
    other.execute("set local lock_timeout = '20ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        speak(other, who, sent)
    other.rollback()
    one.rollback()
    assert stored(sql, "cases", id=UUID(sent["entity"])) == []
