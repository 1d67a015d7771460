"""Flags in words: every rule says what it saw and what would clear it; work on a flag travels through the outbox."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services import actions, cases, flags, ruptures, vocabulary
from services.errors import NotAllowed, Refused
from services.flags import Flag

NUMBERS = {
    "R1": {"sessions": 9, "improved": 1, "needed": 6, "basis": "published"},
    "R2": {"worse_than_first": 3, "worse_than_best": 7, "needed": 6, "basis": "published"},
    "R3": {"scores": 6, "spread": 2, "needed": 6.75, "basis": "computed"},
    "R4": {"fell": 7, "sd": 2.5},
    "R5": {"ruptures": 1, "days": 22, "allowed": 14},
    "R6": {"missed": 2, "booked": 4, "early": False},
    "R7": {"undone": 3, "looked_at": 4, "client": 0, "together": 1, "therapist": 3},
    "R8": {"cause": 2, "high": 3, "weeks": 4},
    "R9": {"days": 40, "allowed": 28, "ever": True},
    "R10": {"days": 30, "allowed": 21},
    "R11": {"missing": 4, "old": 1, "days": 90},
}


def flag(rule: str, **more) -> Flag:
    about = {"R1": "How the week went", "R8": "2"}.get(rule, "")
    day = date(2026, 3, 2)
    return Flag(**{"id": uuid4(), "rule": rule, "about": about, "severity": "review", "numbers": NUMBERS[rule], "n": 4, "since": day, "first_seen": day, **more})  # fmt: skip


@pytest.mark.parametrize("rule", vocabulary.FLAG_RULES)
def test_every_rule_says_its_numbers_and_what_would_clear_it(rule):
    one = flag(rule)
    for said in (one.why(), one.clears()):
        assert said.endswith(".")
        assert len(said) < 200
    for name, value in NUMBERS[rule].items():
        if (
            name not in ("cause", "improved")
            and isinstance(value, int)
            and not isinstance(value, bool)
            and value > 1
        ):
            assert str(value) in one.why(), (rule, name)


@pytest.mark.parametrize(
    ("rule", "numbers", "says"),
    [
        ("R1", {"improved": 0}, "no change than at first"),
        ("R1", {"improved": -2}, "2 points worse"),
        ("R1", {"improved": 1, "basis": "computed"}, "it takes more than 6"),
        ("R2", {"worse_than_first": 0}, "not worse than at first"),
        ("R5", {"ruptures": 2}, "2 open ruptures have"),
        ("R6", {"early": True}, "before the third session"),
        ("R9", {"ever": False}, "since the start"),
    ],
)
def test_what_a_rule_says_follows_its_numbers(rule, numbers, says):
    assert says in flag(rule, numbers={**NUMBERS[rule], **numbers}).why()


def test_a_flag_is_back_when_it_was_down_in_between_or_its_rest_is_over():
    today = date(2026, 3, 2)
    assert flag("R5", spell=2).back(today)
    assert flag("R5", mine="snoozed", rests_until=today).back(today)
    assert not flag("R5", mine="snoozed", rests_until=today + timedelta(days=1)).back(today)
    assert not flag("R5", mine="acknowledged").back(today)


@pytest.fixture(scope="module")
def waiting(clinic):
    """A case of alice's with a rupture that waits."""
    today = date.today()
    box = clinic.outbox("alice")
    case = UUID(cases.open(box, team=clinic.team, code="F-7001").entity)
    ruptures.open(
        box, team=clinic.team, case=case, kind="mixed", noticed_on=today - timedelta(days=40), today=today
    )
    clinic.synced()
    return case


def the_case(clinic, name: str, case: UUID, **more):
    found = flags.watched(clinic.as_(name), teams=[clinic.team], code="F-7001", **more)
    return next((one for one in found.cases if one.case == case), None)


def test_lead_supervisor_and_therapist_read_the_same_flags(clinic, waiting):
    lead, supervisor = (the_case(clinic, name, waiting, show="all") for name in ("lee", "sue"))
    mine = flags.of_mine(clinic.as_("alice"), team=clinic.team)[waiting]
    assert (
        {(f.rule, f.severity) for f in lead.flags}
        == {(f.rule, f.severity) for f in mine}
        >= {("R5", "escalate")}
    )
    assert lead.flags == supervisor.flags
    assert lead.therapist == "Alice"
    assert lead.reasons().endswith(f"= {lead.points}")
    assert sum(f.points for f in lead.flags) == lead.points


@pytest.mark.parametrize("name", ["alice", "otto", "ada"])
def test_nobody_else_reads_the_list(clinic, name):
    with pytest.raises(NotAllowed):
        flags.watched(clinic.as_(name), teams=[clinic.team])
    with pytest.raises(NotAllowed):
        flags.stagnation(clinic.as_(name), teams=[clinic.team], since=date(2026, 1, 5))


def test_a_flag_is_given_away_and_its_history_is_read_by_those_concerned(clinic, waiting, today):
    one = the_case(clinic, "lee", waiting, show="all")
    r5 = next(f for f in one.flags if f.rule == "R5")
    who = clinic.people["alice"]
    flags.work(
        clinic.outbox("lee"), team=clinic.team, therapist=who, case=waiting, flag=r5.id, kind="assigned", today=today,
        assignee=clinic.people["sue"], due_on=today + timedelta(days=7), note="please look together",
    )  # fmt: skip
    clinic.synced()
    assert the_case(clinic, "sue", waiting, show="assigned").assigned[0]["to"] == "Sue"
    for reader in ("alice", "sue", "lee"):
        (worked,) = flags.history(clinic.as_(reader), team=clinic.team, therapist=who, case=waiting)
        assert (worked.actor in ("Lee", ""), worked.kind, worked.note) == (
            True,
            "assigned",
            "please look together",
        )
    assert flags.history(clinic.as_("bob"), team=clinic.team, therapist=who, case=waiting) == []


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("assigned", {}, "who is asked"),
        ("snoozed", {"note": "a good long reason"}, "a day to come"),
        ("snoozed", {"note": "short", "until_on": date.today() + timedelta(days=3)}, "10 characters"),
        ("resolved", {}, "how it ended"),
        ("cleared", {}, "what you do"),
        ("noted", {"note": "x" * 501}, "shorten"),
    ],
)
def test_work_that_lacks_something_is_refused_at_once(clinic, today, kind, more, says):
    with pytest.raises(Refused, match=says):
        flags.work(
            clinic.outbox("lee"), team=clinic.team, therapist=clinic.people["alice"], case=uuid4(), flag=uuid4(), kind=kind, today=today, **more
        )  # fmt: skip


def test_an_action_is_agreed_done_and_said_to_have_helped(clinic, waiting, today):
    actions.agree(
        clinic.outbox("sue"), team=clinic.team, owner=clinic.people["alice"], what="ask about the goal", therapist=clinic.people["alice"],
        case=waiting, due_on=today + timedelta(days=7),
    )  # fmt: skip
    clinic.synced()
    (one,) = actions.in_team(
        clinic.as_("alice"), team=clinic.team, owner=clinic.people["alice"], case=waiting
    )
    assert (one.what, one.code, one.state) == ("ask about the goal", "F-7001", "open")
    actions.amend(clinic.outbox("alice"), action=one, state="done", helped="a_little")
    clinic.synced()
    (done,) = actions.in_team(clinic.as_("sue"), team=clinic.team, case=waiting, state="done")
    assert (done.helped, done.done_on, done.version) == ("a_little", today, 2)
    for other in ("bob", "lee"):  # words are not for the lead
        assert one.id not in [a.id for a in actions.in_team(clinic.as_(other), team=clinic.team, state=None)]


@pytest.mark.parametrize(
    ("owner", "what", "says"), [(None, "x", "who does it"), (uuid4(), "  ", "what is to be done")]
)
def test_an_action_needs_an_owner_and_words(clinic, owner, what, says):
    with pytest.raises(Refused, match=says):
        actions.agree(clinic.outbox("sue"), team=clinic.team, owner=owner, what=what)
