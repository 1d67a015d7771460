"""Operations as the app sends them, and what they leave in the tables."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row

from tests.database.scene import PHQ9, Scene, ident


def op(kind: str, /, *, entity: UUID | None = None, op_id: UUID | None = None, **params: object) -> dict:
    """One operation as the app sends it."""
    return {
        "op_id": str(op_id or uuid4()), "kind": kind, "entity": str(entity or uuid4()), "stated_at": "2026-01-05T10:00:00+00:00",
        "params": {name: str(value) if isinstance(value, UUID) else value for name, value in params.items()},
    }  # fmt: skip


def text(body: str, *, shared: bool = False) -> dict:
    """A free text of a case as it goes along with a fact."""
    return {"id": str(uuid4()), "body": body, "shared": shared}


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
        "episode.amend": (ident("alice", "noted"), {"happened_on": day, "kind": "other", "intensity": 1, "ratings": {"1": 3, "6": 1}, "based_on": 1}),
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
        "session.log": (uuid4(), {"team": team, "case": case, "number": 4, "held_on": day, "attendance": "late_cancel", "mode": "video"}),
        "session.amend": (ident("alice", "session"), {"number": 2, "held_on": day, "attendance": "no_show", "mode": "phone"}),
        "goal.set": (uuid4(), {"team": team, "case": case, "set_by": "client", "importance": 9, "set_on": day, "wording": text("to sleep", shared=True)}),
        "goal.amend": (ident("alice", "goal"), {"set_by": "therapist", "importance": 1, "state": "let_go"}),
        "goal.progress": (ident("alice", "goal"), {"team": team, "id": uuid4(), "on_day": day, "progress": 6}),
        "task.give": (uuid4(), {
            "team": team, "case": case, "goal": ident("alice", "goal"), "proposed_by": "client", "importance": 8, "agreed": False, "given_on": day,
            "wording": text("walk to work"),
        }),
        "task.amend": (ident("alice", "task"), {"proposed_by": "together", "importance": 3, "agreed": False, "state": "dropped"}),
        "task.check": (ident("alice", "task"), {
            "team": team, "id": uuid4(), "on_day": day, "done": "something_else", "looked_at": True, "obstacle": text("it rained"),
        }),
        "check_in.enter": (uuid4(), {
            "team": team, "case": case, "on_day": day, "goals": 4, "way_of_working": None, "relationship": 0, "guess": {"goals": 8, "relationship": 9},
        }),
        "check_in.amend": (ident("alice", "check-in"), {
            "on_day": day, "goals": 5, "way_of_working": 2, "relationship": None, "guess": {"goals": 7, "relationship": 0},
        }),
        "score.enter": (uuid4(), {"team": team, "case": case, "measure": PHQ9, "on_day": day, "value": 13}),
        "score.amend": (ident("alice", "score"), {"value": 12, "based_on": 1}),
        "formulation.write": (uuid4(), {
            "team": team, "case": case, "field": "wants", "written_on": day, "based_on": 0, "words": text("to be seen", shared=True),
        }),
        "strategy.start": (uuid4(), {"team": team, "case": case, "started_on": day, "wording": text("chair work")}),
        "strategy.end": (ident("alice", "strategy"), {"ended_on": day}),
        "plan.review": (uuid4(), {
            "team": team, "case": case, "reviewed_on": day, "next_review_on": str(scene.today + timedelta(days=28)),
            "verdicts": {str(ident("alice", "strategy")): "works", str(ident("alice", "untried")): "not"}, "adjustment": text("slower"),
        }),
        "text.write": (uuid4(), {"team": team, "case": case, "about": "socratic", "about_id": case, "slot": "what-if", "body": "what if", "shared": True}),
        "text.amend": (ident("alice", "task text"), {"body": "other words", "shared": True, "based_on": 1}),
        "question.ask": (uuid4(), {
            "team": team, "case": case, "episode": ident("alice", "plain"), "reflection": ident("alice", "open"), "moment": "when she fell silent",
            "question": "what did I miss?", "felt": "at a loss", "would_like": "another view", "asked_on": day,
        }),
        "question.amend": (ident("alice", "open question"), {
            "moment": "later", "question": "or what did she?", "felt": "calmer", "would_like": "a role play", "state": "withdrawn",
        }),
        "transfer.ask": (uuid4(), {"team": team, "case": case}),
        "transfer.withdraw": (ident("alice", "parting"), {}),
        "transfer.decide": (ident("alice", "parting"), {"therapist": alice, "to": scene.people["bob"]}),
        "mirror.share": (uuid4(), {"team": team, "item": "first_blame", "content": {"client": 1, "myself": 3}}),
        "mirror.withdraw": (ident("alice", "shown"), {}),
        "flag.work": (ident("alice", "flag"), {
            "team": team, "therapist": alice, "case": case, "id": uuid4(), "kind": "snoozed", "note": "away for a fortnight",
            "until_on": str(scene.today + timedelta(days=14)),
        }),
        "action.agree": (uuid4(), {
            "team": team, "therapist": alice, "case": case, "owner": alice, "what": "ask about the goal", "due_on": "2026-12-24",
        }),
        "action.amend": (ident("alice", "alice", "action"), {"created_by": alice, "based_on": 1, "state": "done", "helped": "a_little"}),
        "step_back.decide": (uuid4(), {
            "team": team, "therapist": alice, "case": case, "decision": "go_on", "look_again_on": str(scene.today + timedelta(days=14)),
            "seen": "more", "let_go": "hurry", "review": uuid4(),
        }),
        **_in_a_meeting(scene),
    }  # fmt: skip
    entity, told = params[kind]
    return op(kind, entity=more.pop("entity", entity), op_id=more.pop("op_id", None), **{**told, **more})


def _in_a_meeting(scene: Scene) -> dict[str, tuple[UUID, dict]]:
    """On the meeting that runs, and on alice's item in it."""
    alice, day, led = scene.people["alice"], str(scene.today), {"led_by": scene.people["sue"]}
    meeting, item, here = (
        ident("sue", "meeting"),
        ident("alice", "item"),
        {"therapist": str(alice), "case": str(ident("alice", "case"))},
    )
    asked = {
        "kind": "question",
        **here,
        "question": str(ident("alice", "open question")),
        "minutes": 15,
        "because": [{"why": "chosen", "points": None}],
    }
    made = [{"id": str(uuid4()), "kind": "follow_ups", "minutes": 5}, {"id": str(uuid4()), **asked}]
    return {
        "meeting.plan": (uuid4(), {
            "team": scene.teams["north"], "held_on": str(scene.today + timedelta(days=7)), "starts_at": "14:30", "minutes": 90, "theme": {"cause": 2}, "items": made,
        }),
        "meeting.amend": (meeting, {**led, "held_on": day, "starts_at": "09:00", "minutes": 45, "theme": {"cause": 1}}),
        "meeting.call_off": (ident("sue", "meeting to come"), led),
        "meeting.begin": (meeting, {**led, "item": item}),
        "meeting.go": (meeting, {**led, "from": ident("sue", "own item"), "to": item, "left": "done"}),
        "meeting.clock": (meeting, {**led, "running": True}),
        "meeting.show": (meeting, {**led, "prompt": "canary-one", "timer": "silence", "seconds": 60}),
        "meeting.end": (meeting, {**led, "left": "carried"}),
        "meeting.order": (meeting, {**led, "items": [str(item), str(ident("sue", "own item"))]}),
        "meeting.add": (meeting, {**led, "item": {"id": str(uuid4()), "kind": "own", "title": "Holidays", "minutes": 3}}),
        "item.amend": (item, {**led, "minutes": 20, "state": "dropped", "reason": "next time", "stage": "explore"}),
        "item.release": (item, {**led, "released": ["moment", "words"], "words": "we were both late"}),
        "item.pass": (item, led),
        "item.decide": (item, {
            **led, "id": uuid4(), "decision": "adjust_plan", "words": "slower", "sentence": "I may have hurried you", "will_know": "she stays longer",
            "look_again_on": str(scene.today + timedelta(days=14)), "shown": True,
            "action": {"id": str(uuid4()), "owner": str(alice), "what": "say it", "due_on": str(scene.today + timedelta(days=7))},
        }),
        "item.rerate": (item, {**led, "ratings": {"1": 1, "2": None, "6": 4}, "helped": "a_little"}),
        "pulse.give": (uuid4(), {**led, "meeting": meeting, "answer": 4, "salt": str(uuid4())}),
        "screen.open": (uuid4(), {**led, "meeting": meeting, "team": scene.teams["north"]}),
        "screen.close": (ident("sue", "screen"), {}),
    }  # fmt: skip


def stored(db: psycopg.Connection, table: str, **where: object) -> list[dict]:
    conditions = " and ".join(f"{name} = %s" for name in where)
    return (
        db.cursor(row_factory=dict_row)
        .execute(f"select * from public.{table} where {conditions}", list(where.values()))
        .fetchall()
    )


def shows(row: dict, **expected: object) -> bool:
    return {name: row[name] for name in expected} == expected


def refusal(db: psycopg.Connection, statement: str, values: tuple = ()) -> tuple[str | None, str | None]:
    """The code and constraint this statement is refused with; (None, None) when it is not. Either way it has not happened."""
    try:
        with db.transaction(force_rollback=True):
            db.execute(statement, values)
    except psycopg.Error as problem:
        return problem.sqlstate, problem.diag.constraint_name
    return None, None
