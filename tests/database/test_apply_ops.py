"""The one door for writes: each kind of operation for those who may, stored as it was sent."""

from datetime import date
from uuid import UUID

import pytest

from tests.database.operations import good, op, refusal, shows, stored
from tests.database.scene import ROLES, ident, nothing_ahead, planned_ahead

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
session.log         yes        refused   refused     refused    refused  refused  refused  refused
session.amend       yes        refused   refused     refused    refused  refused  refused  refused
goal.set            yes        refused   refused     refused    refused  refused  refused  refused
goal.amend          yes        refused   refused     refused    refused  refused  refused  refused
goal.progress       yes        refused   refused     refused    refused  refused  refused  refused
task.give           yes        refused   refused     refused    refused  refused  refused  refused
task.amend          yes        refused   refused     refused    refused  refused  refused  refused
task.check          yes        refused   refused     refused    refused  refused  refused  refused
check_in.enter      yes        refused   refused     refused    refused  refused  refused  refused
check_in.amend      yes        refused   refused     refused    refused  refused  refused  refused
score.enter         yes        refused   refused     refused    refused  refused  refused  refused
score.amend         yes        refused   refused     refused    refused  refused  refused  refused
formulation.write   yes        refused   refused     refused    refused  refused  refused  refused
strategy.start      yes        refused   refused     refused    refused  refused  refused  refused
strategy.end        yes        refused   refused     refused    refused  refused  refused  refused
plan.review         yes        refused   refused     refused    refused  refused  refused  refused
text.write          yes        refused   refused     refused    refused  refused  refused  refused
text.amend          yes        refused   refused     refused    refused  refused  refused  refused
question.ask        yes        refused   refused     refused    refused  refused  refused  refused
question.amend      yes        refused   refused     refused    refused  refused  refused  refused
transfer.ask        yes        refused   refused     refused    refused  refused  refused  refused
transfer.withdraw   yes        refused   refused     refused    refused  refused  refused  refused
transfer.decide     refused    refused   yes         refused    refused  refused  refused  refused
mirror.share        yes        yes       refused     refused    refused  refused  refused  refused
mirror.withdraw     yes        refused   refused     refused    refused  refused  refused  refused
flag.work           yes        refused   yes         refused    yes      refused  refused  refused
action.agree        yes        refused   yes         refused    refused  refused  refused  refused
action.amend        yes        refused   yes         refused    refused  refused  refused  refused
step_back.decide    yes        refused   yes         refused    refused  refused  refused  refused
meeting.plan        refused    refused   yes         refused    refused  refused  refused  refused
meeting.amend       refused    refused   yes         refused    refused  refused  refused  refused
meeting.call_off    refused    refused   yes         refused    refused  refused  refused  refused
meeting.begin       refused    refused   yes         refused    refused  refused  refused  refused
meeting.go          refused    refused   yes         refused    refused  refused  refused  refused
meeting.clock       refused    refused   yes         refused    refused  refused  refused  refused
meeting.show        refused    refused   yes         refused    refused  refused  refused  refused
meeting.end         refused    refused   yes         refused    refused  refused  refused  refused
meeting.order       refused    refused   yes         refused    refused  refused  refused  refused
meeting.add         refused    refused   yes         refused    refused  refused  refused  refused
item.amend          refused    refused   yes         refused    refused  refused  refused  refused
item.release        yes        refused   refused     refused    refused  refused  refused  refused
item.pass           yes        refused   refused     refused    refused  refused  refused  refused
item.decide         yes        refused   yes         refused    refused  refused  refused  refused
item.rerate         yes        refused   refused     refused    refused  refused  refused  refused
pulse.give          yes        yes       refused     refused    refused  refused  refused  refused
screen.open         refused    refused   yes         refused    refused  refused  refused  refused
screen.close        refused    refused   yes         refused    refused  refused  refused  refused
"""  # fmt: skip
HEAD, *LINES = [line.split() for line in KINDS.splitlines() if line.strip()]
MAY = {line[0]: dict(zip(HEAD[1:], line[1:], strict=True)) for line in LINES}


@pytest.mark.parametrize("kind", list(MAY))
def test_those_who_may_and_nobody_else(undone, send, scene, kind: str):
    if kind == "meeting.plan":
        nothing_ahead(undone)
    if kind == "meeting.call_off":
        planned_ahead(undone, scene)
    found = {}
    for role in HEAD[1:]:
        with undone.transaction(force_rollback=True):
            (answer,) = send(scene.people[ROLES[role]], good(kind, scene))
        found[role] = "yes" if answer["state"] == "applied" else "refused"
        assert answer["code"] in ({"yes": {None}, "refused": {"42501", "23503"}}[MAY[kind][role]])
    assert found == MAY[kind]


def test_every_kind_is_in_the_table_above(sql):
    """An applier is found by its name, so whatever bears such a name is a kind of operation."""
    appliers = sql.execute(
        "select proname from pg_proc where pronamespace = 'private'::regnamespace and proname like 'apply\\_%'"
        " and pg_get_function_identity_arguments(oid) = 'me uuid, entity uuid, p jsonb, said_at timestamp with time zone'"
    ).fetchall()
    assert sorted(name for (name,) in appliers) == sorted(f"apply_{kind.replace('.', '_')}" for kind in MAY)


def test_a_visitor_is_turned_away_before_anything_is_read(speaking):
    with speaking(None) as db:
        assert refusal(db, "select public.apply_ops('[]')")[0] == "42501"


def test_a_token_without_a_person_is_turned_away(undone):
    undone.execute("set local role authenticated")
    assert refusal(undone, "select public.apply_ops('[]')")[0] == "42501"


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("case.amend", {"state": "paused"}),
        ("episode.amend", {"happened_on": "2026-01-05", "kind": "other", "based_on": 1}),
        ("note.share", {"shared": True}),
    ],
)
def test_changing_what_is_not_there_is_refused_and_not_silently_nothing(send, scene, kind: str, params: dict):
    sent = [op(kind, **params), op(kind, entity=ident("bob", "case"), **params)]
    assert [answer["code"] for answer in send(scene.people["alice"], *sent)] == ["42501", "42501"]


# --- each kind is stored as it was sent ------------------------------------------------------------------------------


def test_a_case_is_opened_and_amended(undone, done, scene):
    case = UUID(done("case.open")["entity"])
    (row,) = stored(undone, "cases", id=case)
    assert shows(
        row,
        therapist_id=scene.people["alice"],
        team_id=scene.teams["north"],
        code="CAN-55",
        state="active",
        control_sensitivity=4,
    )
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
    assert {r["cause"]: r["rating"] for r in stored(undone, "ratings", episode_id=episode)} == {
        1: 0,
        2: 4,
        3: None,
    }
    (note,) = stored(undone, "notes", episode_id=episode)
    assert shows(
        note, author_id=scene.people["alice"], therapist_id=scene.people["alice"], body="a note", shared=True
    )


def test_an_episode_needs_a_day_a_kind_and_a_case_only(undone, send, scene):
    least = op(
        "episode.log",
        team=scene.teams["north"],
        case=ident("alice", "case"),
        happened_on=str(scene.today),
        kind="other",
    )
    assert send(scene.people["alice"], least)[0]["state"] == "applied"
    assert (
        stored(undone, "notes", episode_id=UUID(least["entity"]))
        == stored(undone, "ratings", episode_id=UUID(least["entity"]))
        == []
    )


@pytest.mark.parametrize("based_on", [0, 1, 3, None])
def test_a_change_that_does_not_build_on_the_version_that_stands_is_refused(undone, send, scene, based_on):
    """Two devices: the second is told, nothing of the first is overwritten, and a choice on what stands goes through."""
    first = good("episode.amend", scene, intensity=3)
    second = good("episode.amend", scene, intensity=5, based_on=based_on)
    assert [a["code"] for a in send(scene.people["alice"], first, second)] == [None, "SX409"]
    (row,) = stored(undone, "episodes", id=UUID(first["entity"]))
    assert shows(row, intensity=3, version=2)
    chosen = good("episode.amend", scene, intensity=5, based_on=2)
    assert send(scene.people["alice"], chosen)[0]["state"] == "applied"
    (row,) = stored(undone, "episodes", id=UUID(first["entity"]))
    assert shows(row, intensity=5, version=3)


def test_an_amended_episode_says_what_was_sent_and_keeps_only_those_ratings(undone, done):
    episode = ident("alice", "noted")
    done("episode.amend", intensity=2)
    (row,) = stored(undone, "episodes", id=episode)
    assert shows(row, kind="other", intensity=2, first_blame=None, next_move=None)
    assert {r["cause"]: r["rating"] for r in stored(undone, "ratings", episode_id=episode)} == {1: 3, 6: 1}
    done("episode.amend", based_on=2, ratings={"6": None})
    assert {r["cause"]: r["rating"] for r in stored(undone, "ratings", episode_id=episode)} == {6: None}


def test_a_rupture_is_opened_worked_on_and_closed(undone, done, scene):
    rupture = UUID(done("rupture.open")["entity"])
    assert shows(
        stored(undone, "ruptures", id=rupture)[0],
        kind="withdrawal",
        noticed_on=scene.today,
        closed_on=None,
        episode_id=ident("alice", "plain"),
    )
    step = UUID(done("rupture.step", by="sue", entity=rupture)["params"]["step"])
    (row,) = stored(undone, "repair_steps", id=step)
    assert shows(
        row,
        recorded_by=scene.people["sue"],
        therapist_id=scene.people["alice"],
        rupture_id=rupture,
        stage="explored",
        taken_on=scene.today,
    )
    (note,) = stored(undone, "notes", repair_step_id=step)
    assert shows(
        note,
        author_id=scene.people["sue"],
        therapist_id=scene.people["alice"],
        body="what we found",
        shared=False,
    )
    done("rupture.close", by="sue", entity=rupture)
    assert shows(stored(undone, "ruptures", id=rupture)[0], closed_on=scene.today, outcome="partly")


def test_a_rupture_is_closed_once(send, scene):
    first, second = good("rupture.close", scene), good("rupture.close", scene, outcome="ended")
    assert [answer["code"] for answer in send(scene.people["sue"], first, second)] == [None, "SX409"]


def test_a_prompt_is_marked_on_a_case_or_on_a_theme(undone, done, send, scene):
    use = UUID(done("prompt.mark", by="sue")["entity"])
    (row,) = stored(undone, "prompt_uses", id=use)
    assert shows(
        row,
        used_by=scene.people["sue"],
        therapist_id=scene.people["alice"],
        prompt="canary-one",
        verdict="helped",
        theme_cause=None,
    )
    assert shows(
        stored(undone, "notes", prompt_use_id=use)[0],
        author_id=scene.people["sue"],
        body="it helped",
        shared=True,
    )
    theme = op("prompt.mark", team=scene.teams["north"], theme_cause=2, prompt="canary-one", verdict="used")
    assert [send(scene.people[who], theme)[0]["state"] for who in ("sue", "alice", "lena")] == [
        "applied",
        "refused",
        "refused",
    ]
