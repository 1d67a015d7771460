"""Corrections of episodes with what they said before, and what helped to repair a rupture."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, episodes, history, ruptures, texts
from services.errors import Refused


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"HI-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


def of_case(clinic, who, case):
    return episodes.of_case(clinic.as_(who), therapist=clinic.people["alice"], case=case)


def test_a_correction_is_seen_at_once_and_what_it_said_before_by_its_author_alone(clinic, case, today):
    box = clinic.outbox("alice")
    for days, kind in ((3, "withdrawal"), (1, "stalled")):
        episodes.log(
            box,
            team=clinic.team,
            case=case,
            happened_on=today - timedelta(days=days),
            kind=kind,
            today=today,
            intensity=2,
        )
    clinic.synced()
    newer, episode = of_case(clinic, "alice", case)
    assert (newer.kind, episode.kind) == ("stalled", "withdrawal")  # the latest first
    ops = []
    for kind, ratings in (("yes_but", {2: 3}), ("topic_avoided", {2: None})):
        ops.append(episodes.amend(
            box, episode=episode.id, based_on=episode.version, happened_on=episode.happened_on, kind=kind, markers=["stalled"],
            ratings=ratings, today=today,
        ))  # fmt: skip
        episode = next(
            each for each in episodes.as_they_will_be([newer, episode], ops) if each.id == episode.id
        )
    assert (episode.kind, episode.version, episode.markers, episode.intensity, episode.ratings) == (
        "topic_avoided", 3, ("stalled",), None, {2: None},
    )  # fmt: skip
    clinic.synced()
    assert of_case(clinic, "alice", case) == [newer, episode]
    assert episodes.as_they_will_be([newer, episode], ops) == [newer, episode]  # not counted twice
    before = history.of(clinic.as_("alice"), table="episodes", row=episode.id)
    assert [(state.said["kind"], state.said["version"]) for state in before] == [
        ("yes_but", 2),
        ("withdrawal", 1),
    ]
    assert before[0].until >= before[1].until
    for other in ("sue", "bob", "lee", "otto"):
        assert history.of(clinic.as_(other), table="episodes", row=episode.id) == []
    assert len(of_case(clinic, "sue", case)) == 2
    assert of_case(clinic, "bob", case) == []


def rupture_of(clinic, case, today):
    op = ruptures.open(
        clinic.outbox("alice"), team=clinic.team, case=case, kind="mixed", noticed_on=today, today=today
    )
    clinic.synced()
    (rupture,) = ruptures.open_in(clinic.as_("alice"), team=clinic.team, case=case)
    assert str(rupture.id) == op.entity
    return rupture


def closed(clinic, who, rupture, today, **more):
    return ruptures.close(
        clinic.outbox(who), rupture=rupture, outcome="repaired", closed_on=today, today=today, **more
    )


@pytest.mark.parametrize("shared", [False, True])
def test_what_helped_is_the_therapists_alone_unless_shared(clinic, case, today, shared):
    rupture = rupture_of(clinic, case, today)
    op = closed(clinic, "alice", rupture, today, helped=" Saying it first ", share_helped=shared)
    assert texts.inside(op, "rupture_helped", "helped").body == "Saying it first"
    clinic.synced()
    (known,) = ruptures.closed_in(clinic.as_("alice"), team=clinic.team, case=case)

    def read(who):
        found = texts.in_team(
            clinic.as_(who), team=clinic.team, about="rupture_helped", about_ids=[known.id, uuid4()]
        )
        return {row: text.body for row, text in found.items()}

    assert read("alice") == {rupture.id: "Saying it first"}
    assert read("sue") == ({rupture.id: "Saying it first"} if shared else {})
    for other in ("bob", "lee", "ada", "otto"):
        assert read(other) == {}
    assert texts.in_team(clinic.as_("alice"), team=clinic.team, about="rupture_helped", about_ids=[]) == {}


def test_a_supervisor_closes_without_a_word_on_what_helped(clinic, case, today):
    rupture = rupture_of(clinic, case, today)
    with pytest.raises(Refused, match="for the therapist of this case"):
        closed(clinic, "sue", rupture, today, helped="I know")
    closed(clinic, "sue", rupture, today)
    clinic.synced()
    assert len(ruptures.closed_in(clinic.as_("sue"), team=clinic.team, case=case)) == 1
    assert ruptures.open_in(clinic.as_("alice"), team=clinic.team, case=case) == []
