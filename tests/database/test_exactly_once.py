"""Operations are applied once, in their order, and apart from each other; also when two devices send at the same time."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from services import ledger
from tests.database.operations import good, op, refusal, stored, text
from tests.database.scene import PHQ9, put


def test_the_same_operation_again_gives_the_same_answer_and_does_nothing(undone, send, scene):
    sent = good("episode.log", scene)
    first = send(scene.people["alice"], sent, sent)
    assert send(scene.people["alice"], sent) == first[:1] == first[1:]
    assert len(stored(undone, "episodes", id=UUID(sent["entity"]))) == 1


@pytest.mark.parametrize("change", ["params", "kind", "entity", "stated_at"])
def test_the_same_id_with_other_content_is_refused(undone, send, scene, change: str):
    sent = good("case.open", scene)
    other = {
        "params": {**sent["params"], "code": "CAN-56"},
        "kind": "case.amend",
        "entity": str(uuid4()),
        "stated_at": "2026-01-06T10:00:00+00:00",
    }
    answers = send(scene.people["alice"], sent, {**sent, change: other[change]})
    assert [(answer["state"], answer["code"]) for answer in answers] == [
        ("applied", None),
        ("refused", "SX409"),
    ]
    assert [row["code"] for row in stored(undone, "cases", id=UUID(sent["entity"]))] == ["CAN-55"]


def test_an_id_is_its_owners_alone(undone, send, scene):
    """Two people, one id, different content: each is applied, and known again when it is sent again."""
    sent = good("case.open", scene)
    theirs = {"alice": sent, "bob": {**sent, "params": {**sent["params"], "code": "CAN-58"}}}
    for _ in range(2):
        for person, operation in theirs.items():
            assert send(scene.people[person], operation)[0]["state"] == "applied"
    assert {row["therapist_id"] for row in stored(undone, "cases", id=UUID(sent["entity"]))} == {
        scene.people["alice"],
        scene.people["bob"],
    }


def test_after_a_refusal_the_same_id_may_carry_the_corrected_entry(send, scene):
    wrong = good("case.open", scene, code="Anna")
    right = {**wrong, "params": {**wrong["params"], "code": "CAN-57"}}
    assert [answer["state"] for answer in send(scene.people["alice"], wrong, right, right)] == [
        "refused",
        "applied",
        "applied",
    ]


def test_operations_are_applied_in_their_order(send, scene):
    case, episode = uuid4(), uuid4()
    opened = good("case.open", scene, entity=case)
    logged = good("episode.log", scene, entity=episode, case=case)
    amended = good("episode.amend", scene, entity=episode, based_on=1)
    assert [a["code"] for a in send(scene.people["alice"], amended, logged, opened)] == [
        "42501",
        "23503",
        None,
    ]
    again = [{**operation, "op_id": str(uuid4())} for operation in (logged, amended)]
    answers = send(scene.people["alice"], *again)
    assert [a["op_id"] for a in answers] == [o["op_id"] for o in again]
    assert [a["state"] for a in answers] == ["applied"] * 2


def test_a_refusal_leaves_no_trace_and_stops_nobody(undone, send, scene):
    """The note is too long: the episode, its ratings and the claim on the id go with it; what stands around it stays."""
    before, after = good("case.open", scene), good("rupture.open", scene)
    wrong = good("episode.log", scene, note={"id": str(uuid4()), "body": "x" * 301})
    assert [a["state"] for a in send(scene.people["alice"], before, wrong, after)] == [
        "applied",
        "refused",
        "applied",
    ]
    assert (
        stored(undone, "episodes", id=UUID(wrong["entity"]))
        == stored(undone, "ratings", episode_id=UUID(wrong["entity"]))
        == []
    )
    for table, column, times in (
        ("public.audit_log", "row_id", 0),
        ("private.applied_ops", "op_id::text", 0),
    ):
        named = undone.execute(
            f"select count(*) from {table} where {column} = any(%s)", ([wrong["entity"], wrong["op_id"]],)
        ).fetchone()
        assert named == (times,)
    assert stored(undone, "cases", id=UUID(before["entity"]))
    assert stored(undone, "ruptures", id=UUID(after["entity"]))


def test_an_author_can_ask_whether_this_very_operation_was_applied_and_nobody_else_can(send, speaking, scene):
    sent, refused = good("case.open", scene), good("case.open", scene, code="Anna")
    send(scene.people["alice"], sent, refused)
    asked = "select public.op_applied(%s, %s)"

    def applied(person: str, operation: dict, digest: str | None = None) -> bool:
        digest = digest or ledger.digest(operation)
        with speaking(scene.people[person]) as db:
            (answer,) = db.execute(asked, (operation["op_id"], digest)).fetchone()
        assert (answer["op_id"], answer["digest"]) == (operation["op_id"], digest)
        return answer["applied"]

    assert applied("alice", sent)
    assert not applied("alice", refused)
    assert not applied("alice", sent, ledger.digest(sent | {"params": {}}))
    assert not applied("bob", sent)
    assert not applied("sue", sent)


def test_a_batch_has_at_most_500_operations(speaking, scene):
    with speaking(scene.people["alice"]) as db:
        assert db.execute(
            "select jsonb_array_length(public.apply_ops(%s))", (Jsonb([{}] * 500),)
        ).fetchone() == (500,)
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
    db.execute(
        "select set_config('request.jwt.claim.sub', %s, true), set_config('role', 'authenticated', true)",
        (str(who),),
    )
    return db.execute("select public.apply_ops(%s)", (Jsonb([operation]),)).fetchone()[0][0]


def meanwhile(
    sql: psycopg.Connection,
    one: psycopg.Connection,
    other: psycopg.Connection,
    who: UUID,
    first: dict,
    second: dict,
    end: str,
) -> list[dict]:
    """`first` is applied; `second` comes in before it is committed (or rolled back), and has to wait for that."""
    answers = [speak(one, who, first)]
    waiting = threading.Thread(target=lambda: answers.append(speak(other, who, second)))
    waiting.start()
    while (
        waiting.is_alive()
        and not sql.execute(
            "select 1 from pg_stat_activity where pid = %s and wait_event_type = 'Lock'",
            (other.info.backend_pid,),
        ).fetchone()
    ):
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

    def hand_in(strength: str, based_on: int) -> dict:
        return op(
            "reflection.hand_in",
            entity=reflection,
            team=team,
            week=week,
            based_on=based_on,
            parts={"strength": {"value": strength}},
        )

    speak(one, who, hand_in("as it was", 0))
    one.commit()
    answers = meanwhile(sql, one, other, who, hand_in("at home", 1), hand_in("at work", 1), "commit")
    assert [answer["code"] for answer in answers] == [None, "SX409"]
    assert [row["content"]["value"] for row in stored(sql, "reflection_parts", reflection_id=reflection)] == [
        "at home"
    ]


def test_two_devices_changing_one_episode_do_not_overwrite_each_other(sql, pair):
    one, other, who, team = pair
    case, episode, day = uuid4(), uuid4(), str(date.today())
    facts = {"happened_on": day, "kind": "other"}
    speak(one, who, op("case.open", entity=case, team=team, code="CAN-71"))
    speak(one, who, op("episode.log", entity=episode, team=team, case=case, **facts))
    one.commit()
    at_home, at_work = (op("episode.amend", entity=episode, based_on=1, intensity=n, **facts) for n in (1, 5))
    answers = meanwhile(sql, one, other, who, at_home, at_work, "commit")
    assert [answer["code"] for answer in answers] == [None, "SX409"]
    assert [(row["version"], row["intensity"]) for row in stored(sql, "episodes", id=episode)] == [(2, 1)]


def kept(db: psycopg.Connection, who: UUID, *operations: dict) -> None:
    """Applied and committed."""
    for operation in operations:
        assert speak(db, who, operation)["state"] == "applied"
    db.commit()


@pytest.fixture
def opened(pair) -> UUID:
    """A case of the pair's own."""
    one, _, who, team = pair
    sent = op("case.open", team=team, code=f"ON-{uuid4().int % 90_000 + 10_000}")
    kept(one, who, sent)
    return UUID(sent["entity"])


@pytest.mark.parametrize("kind", ["text.amend", "score.amend", "formulation.write"])
def test_two_devices_changing_one_entry_do_not_overwrite_each_other(sql, pair, opened, kind: str):
    """The second one waits for the first and is told, also when both saw the same version at the same time."""
    one, other, who, team = pair
    entry, day = uuid4(), str(date.today())
    here = {"team": team, "case": opened}
    field = {**here, "field": "wants", "written_on": day}
    if kind == "text.amend":
        kept(
            one,
            who,
            op("text.write", entity=entry, **here, about="socratic", about_id=opened, body="at first"),
        )
        first, second = (op(kind, entity=entry, body=body, based_on=1) for body in ("home", "work"))
    elif kind == "score.amend":
        kept(one, who, op("score.enter", entity=entry, **here, measure=PHQ9, on_day=day, value=1))
        first, second = (op(kind, entity=entry, value=value, based_on=1) for value in (2, 3))
    else:
        kept(one, who, op(kind, **field, based_on=0))
        first, second = (op(kind, **field, based_on=1, words=text(body)) for body in ("home", "work"))
    answers = meanwhile(sql, one, other, who, first, second, "commit")
    assert [answer["code"] for answer in answers] == [None, "SX409"]
    if kind == "formulation.write":
        assert [row["version"] for row in stored(sql, "formulation_entries", case_id=opened)] == [1, 2]


def test_one_score_from_two_devices_is_one_score(sql, pair, opened):
    one, other, who, team = pair
    day = str(date.today())
    first, second = (
        op("score.enter", team=team, case=opened, measure=PHQ9, on_day=day, value=9) for _ in range(2)
    )
    answers = meanwhile(sql, one, other, who, first, second, "commit")
    assert [answer["code"] for answer in answers] == [None, None]
    assert [row["value"] for row in stored(sql, "scores", case_id=opened)] == [9]


def test_two_decisions_on_one_case_at_the_same_time_are_one(sql, pair, opened, account):
    """Here one person is therapist and supervisor; the heirs are two."""
    one, other, who, team = pair
    (clinic,) = sql.execute("select clinic_id from public.teams where id = %s", (team,)).fetchone()
    heirs = [account(f"heir-{n}@scene.example") for n in range(2)]
    for heir in heirs:
        put(sql, "people", id=heir, clinic_id=clinic, display_name="Heir")
        put(sql, "memberships", person_id=heir, team_id=team, role="therapist")
    put(sql, "memberships", person_id=who, team_id=team, role="supervisor")
    transfer = uuid4()
    kept(one, who, op("transfer.ask", entity=transfer, team=team, case=opened))
    first, second = (op("transfer.decide", entity=transfer, therapist=who, to=heir) for heir in heirs)
    answers = meanwhile(sql, one, other, who, first, second, "commit")
    assert [answer["code"] for answer in answers] == [None, "SX409"]
    assert {row["therapist_id"] for row in stored(sql, "cases", id=opened)} == {who, heirs[0]}


def planned(sql, pair) -> tuple[dict, list[str]]:
    """A meeting of the pair's team, who leads it here as well, and its three items; any before it has ended."""
    _, _, who, team = pair
    sql.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'supervisor') on conflict do nothing",
        (who, team),
    )
    sql.execute(
        "update public.meetings set state = 'ended', begun_at = coalesce(begun_at, now()), ended_at = now() where team_id = %s and state <> 'ended'",
        (team,),
    )
    items = [str(uuid4()) for _ in range(3)]
    made = [{"id": item, "kind": "own", "title": f"Item {item}"} for item in items]
    return op("meeting.plan", team=team, held_on=str(date.today()), items=made), items


def test_next_pressed_on_two_devices_at_once_moves_once(sql, pair):
    one, other, who, _ = pair
    plan, (first, second, third) = planned(sql, pair)
    meeting, led = UUID(plan["entity"]), {"led_by": who}
    kept(one, who, plan, op("meeting.begin", entity=meeting, **led, item=first))
    steps = (
        op("meeting.go", entity=meeting, **led, **{"from": first, "to": to, "left": "done"})
        for to in (second, third)
    )
    answers = meanwhile(sql, one, other, who, *steps, "commit")
    assert [answer["state"] for answer in answers] == ["applied", "applied"]
    assert [str(row["item_id"]) for row in stored(sql, "meetings", id=meeting)] == [second]
    assert {str(row["id"]): row["state"] for row in stored(sql, "agenda_items", meeting_id=meeting)} == {
        first: "done",
        second: "on",
        third: "on",
    }


def test_two_meetings_planned_at_once_are_one(sql, pair):
    one, other, who, team = pair
    plan, _ = planned(sql, pair)
    answers = meanwhile(sql, one, other, who, plan, planned(sql, pair)[0], "commit")
    assert [answer["code"] for answer in answers] == [None, "23505"]
    assert answers[1]["constraint"] == "one_meeting_ahead"
    (ahead,) = sql.execute(
        "select count(*) from public.meetings where team_id = %s and state <> 'ended'", (team,)
    ).fetchone()
    assert ahead == 1


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
