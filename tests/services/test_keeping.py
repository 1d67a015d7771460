"""Keeping and erasing on the real stack: periods, rehearsal, purge, holds; a case that is gone for everybody."""

from datetime import timedelta

import pytest

from services import (
    cases,
    episodes,
    erasure,
    goals,
    gone,
    oversight,
    questions,
    reflections,
    retention,
    ruptures,
    trends,
)
from services.errors import NotAllowed, Refused

BASIS = "asked by the client in writing"
EVERY_STATE = ("active", "paused", "closed", "archived")


@pytest.fixture
def home(clinic):
    """The clinic of the people here, with no period, hold or open request left behind."""
    ada = clinic.as_("ada")
    the_clinic = retention.clinic_of(ada, team=clinic.team)
    yield the_clinic
    for what in retention.periods(ada, clinic=the_clinic):
        retention.keep(ada, clinic=the_clinic, what=what, days=None)
    for hold in retention.holds(ada, clinic=the_clinic):
        if hold.lifted_at is None:
            retention.lift(ada, hold=hold.id)
    for one in erasure.of_team(ada, team=clinic.team):
        if one.state == "asked":
            erasure.decide(ada, request=one.id, approve=False, basis="a test is over")


@pytest.fixture
def case(clinic, today):
    return written(clinic, today)


def written(clinic, today, who="bob"):
    """A case with an episode, an open rupture, a goal and a question."""
    box = clinic.outbox(who)
    taken = [c.code for c in every_case(clinic, who)]
    op = cases.open(box, team=clinic.team, code=cases.new_code(taken))
    at = {"team": clinic.team, "case": op.entity}
    episodes.log(
        box, **at, kind="stalled", happened_on=today - timedelta(weeks=2), today=today, ratings={1: 3}, note="a word of its own",
    )  # fmt: skip
    ruptures.open(box, **at, kind="mixed", noticed_on=today - timedelta(days=30), today=today)
    goals.set(box, **at, wording="sleep through the night", set_by="client", set_on=today, today=today)
    questions.ask(
        box, **at, moment="the silence", question="What now?", asked_on=today, today=today,
    )  # fmt: skip
    clinic.synced()
    assert box.parked() == []
    return next(c for c in every_case(clinic, who) if str(c.id) == op.entity)


def every_case(clinic, who, therapist=None):
    return cases.in_team(
        clinic.as_(who), team=clinic.team, therapist=therapist or clinic.people[who], states=EVERY_STATE
    )


def asked(clinic, case, *, by="bob"):
    """The request as an administrator finds it."""
    erasure.ask(
        clinic.as_(by), me=clinic.people[by], team=clinic.team, therapist=case.therapist_id, code=case.code, why="by letter",
    )  # fmt: skip
    return next(r for r in erasure.of_team(clinic.as_("ada"), team=clinic.team) if r.code == case.code)


def weekly(clinic, today):
    """The team's exact values of the last weeks, as its supervisor has them."""
    found = trends.team(
        clinic.as_("sue"), team=clinic.team, since=today - timedelta(weeks=8), today=today, exact=True
    )
    return [
        frame.to_csv()  # a gap is not equal to itself
        for frame in (found.causes, found.blame, found.kinds, found.ruptures, found.reflections)
    ]


# Erasing


def test_an_erased_case_is_gone_for_therapist_supervisor_and_lead_and_the_teams_weeks_are_as_if_it_had_never_been(
    clinic, home, today
):
    before = weekly(clinic, today)
    case = written(clinic, today)
    assert weekly(clinic, today) != before
    assert case.code in [r.code for r in oversight.waiting_ruptures(clinic.as_("lee"), team=clinic.team)]
    request = asked(clinic, case)
    went = erasure.decide(clinic.as_("ada"), request=request.id, approve=True, basis=BASIS)
    assert (went["cases"], went["episodes"], went["ruptures"], went["goals"]) == (1, 1, 1, 1)
    assert case.id not in [c.id for c in every_case(clinic, "bob")]
    assert case.id not in [c.id for c in every_case(clinic, "sue", therapist=case.therapist_id)]
    assert case.code not in [r.code for r in oversight.waiting_ruptures(clinic.as_("lee"), team=clinic.team)]
    assert weekly(clinic, today) == before


def test_the_request_says_what_went_by_counts_alone_and_has_no_code_any_more(clinic, home, case):
    request = asked(clinic, case)
    assert (request.therapist, request.why, request.gone) == ("Bob", "by letter", {})
    went = erasure.decide(clinic.as_("ada"), request=request.id, approve=True, basis=BASIS)
    for who in ("ada", "bob"):
        (done,) = [
            r for r in erasure.of_team(clinic.as_(who), team=clinic.team) if r.id == request.id
        ]  # fmt: skip
        assert (done.state, done.code, done.why, done.basis, done.gone) == ("approved", None, "", BASIS, went)
        assert gone.in_words(done.gone).startswith("1 case, 1 episode, 1 rupture")


def test_a_refusal_keeps_the_case_and_says_its_basis(clinic, home, case):
    request = asked(clinic, case)
    assert (
        erasure.decide(
            clinic.as_("ada"), request=request.id, approve=False, basis="kept by law for ten years"
        )
        == {}
    )
    assert case.id in [c.id for c in every_case(clinic, "bob")]
    (told,) = [r for r in erasure.of_team(clinic.as_("bob"), team=clinic.team) if r.id == request.id]
    assert (told.state, told.code, told.basis) == ("refused", case.code, "kept by law for ten years")


def test_an_administrator_asks_for_a_code_that_is_typed_and_hears_when_there_is_none(clinic, home):
    ada = clinic.as_("ada")
    erasure.ask(
        ada, me=clinic.people["ada"], team=clinic.team, therapist=clinic.people["bob"], code=" zz-9999 "
    )
    (request,) = [r for r in erasure.of_team(ada, team=clinic.team) if r.code == "ZZ-9999"]
    with pytest.raises(Refused, match="no case with this code"):
        erasure.decide(ada, request=request.id, approve=True, basis=BASIS)


def test_the_same_is_asked_for_once(clinic, home, case):
    asked(clinic, case)
    with pytest.raises(Refused, match="asked for already"):
        asked(clinic, case, by="ada")


def test_all_reflections_of_a_person_can_be_asked_for(clinic, home, today):
    reflections.hand_in(
        clinic.outbox("dan"), therapist=clinic.people["dan"], team=clinic.team, week=today - timedelta(weeks=9), ratings={2: 1},
        behaviours=[], parts={}, based_on=0, today=today,
    )  # fmt: skip
    clinic.synced()
    ada, dan = clinic.as_("ada"), clinic.people["dan"]
    erasure.ask(ada, me=clinic.people["ada"], team=clinic.team, therapist=dan, code=None)
    (request,) = [r for r in erasure.of_team(ada, team=clinic.team) if r.therapist_id == dan and r.state == "asked"]  # fmt: skip
    assert erasure.decide(ada, request=request.id, approve=True, basis=BASIS)["reflections"] >= 1


@pytest.mark.parametrize("basis", ["", "short", " " * 30])
def test_a_decision_without_a_basis_is_refused(clinic, home, case, basis):
    request = asked(clinic, case)
    with pytest.raises(Refused, match="10 characters"):
        erasure.decide(clinic.as_("ada"), request=request.id, approve=True, basis=basis)
    assert case.id in [c.id for c in every_case(clinic, "bob")]


@pytest.mark.parametrize("who", ["bob", "sue", "lee", "otto"])
def test_nobody_else_decides(clinic, home, case, who):
    request = asked(clinic, case)
    with pytest.raises(NotAllowed):
        erasure.decide(clinic.as_(who), request=request.id, approve=True, basis=BASIS)


@pytest.mark.parametrize("who", ["alice", "sue", "lee"])
def test_nobody_else_asks_about_a_therapists_case_or_reads_the_request(clinic, home, case, who):
    with pytest.raises(NotAllowed):
        erasure.ask(
            clinic.as_(who), me=clinic.people[who], team=clinic.team, therapist=case.therapist_id, code=case.code
        )  # fmt: skip
    request = asked(clinic, case)
    assert request.id not in [r.id for r in erasure.of_team(clinic.as_(who), team=clinic.team)]


# Holds


@pytest.mark.parametrize("by_code", [True, False])
def test_a_hold_is_in_the_way_of_an_erasure_until_it_is_lifted(clinic, home, case, by_code):
    ada = clinic.as_("ada")
    retention.hold(
        ada, clinic=home, me=clinic.people["ada"], code=case.code.lower() if by_code else "", person=None if by_code else case.therapist_id,
        reason="a court asks for it",
    )  # fmt: skip
    request = asked(clinic, case)
    with pytest.raises(Refused, match="A hold is in the way"):
        erasure.decide(ada, request=request.id, approve=True, basis=BASIS)
    (hold,) = [h for h in retention.holds(ada, clinic=home) if h.lifted_at is None]
    assert (hold.code, hold.person, hold.set_by) == ((case.code, None) if by_code else (None, "Bob")) + (
        "Ada",
    )
    retention.lift(ada, hold=hold.id)
    with pytest.raises(Refused, match="not in force"):
        retention.lift(ada, hold=hold.id)
    assert erasure.decide(ada, request=request.id, approve=True, basis=BASIS)["cases"] == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "", "person": None}, "a case code or a person"),
        ({"code": "AB-12", "reason": "short"}, "10 characters"),
        ({"code": "a name"}, "one to three letters"),
    ],
)
def test_a_hold_that_says_too_little_is_refused(clinic, home, given, said):
    asks = {"code": "AB-12", "person": None, "reason": "a court asks for it"} | given
    with pytest.raises(Refused, match=said):
        retention.hold(clinic.as_("ada"), clinic=home, me=clinic.people["ada"], **asks)


# How long, and the purge


def ended(clinic, sql, case, *, days_ago, today):
    cases.amend(clinic.outbox("bob"), case=case.id, state="closed")
    clinic.synced()
    sql.execute("update public.cases set ended_on = %s where id = %s", (today - timedelta(days=days_ago), case.id))  # fmt: skip


def test_a_period_is_set_changed_and_taken_away(clinic, home):
    ada = clinic.as_("ada")
    for days in (400, 90, 90, None, None):
        retention.keep(ada, clinic=home, what="closed_cases", days=days)
        assert retention.periods(ada, clinic=home).get("closed_cases") == days
    for days in (29, 36_526, 12.5):
        with pytest.raises(Refused, match="goes from 30"):
            retention.keep(ada, clinic=home, what="closed_cases", days=days)


@pytest.mark.parametrize("who", ["alice", "sue", "lee", "otto"])
def test_nobody_else_sets_a_period_or_purges(clinic, home, who):
    retention.keep(clinic.as_("ada"), clinic=home, what="closed_cases", days=400)
    for days in (90, None):
        with pytest.raises(NotAllowed):
            retention.keep(clinic.as_(who), clinic=home, what="closed_cases", days=days)
    with pytest.raises(NotAllowed):
        retention.rehearse(clinic.as_(who), clinic=home)
    with pytest.raises(NotAllowed):
        list(retention.purge(clinic.as_(who), clinic=home, typed="purge"))
    assert retention.periods(clinic.as_("ada"), clinic=home) == {"closed_cases": 400}


def test_a_purge_takes_what_the_rehearsal_said_step_by_step_and_leaves_its_report(clinic, home, sql, today):
    ada = clinic.as_("ada")
    box, old = clinic.outbox("bob"), []
    for number in range(7):
        old.append(cases.open(box, team=clinic.team, code=f"PU-{number:02}").entity)
    clinic.synced()
    for case in every_case(clinic, "bob"):
        if str(case.id) in old:
            cases.amend(box, case=case.id, state="closed")
    clinic.synced()
    sql.execute("update public.cases set ended_on = %s where id = any (%s::uuid[])", (today - timedelta(days=500), old))  # fmt: skip
    retention.keep(ada, clinic=home, what="closed_cases", days=400)
    retention.hold(ada, clinic=home, me=clinic.people["ada"], code="PU-00", person=None, reason="a court asks")  # fmt: skip
    (due,) = retention.rehearse(ada, clinic=home)
    assert (due.what, due.due, due.held, due.oldest) == ("closed_cases", 6, 1, today - timedelta(days=500))
    steps = list(retention.purge(ada, clinic=home, typed=" Purge "))
    assert [(step.kinds["closed_cases"], step.left) for step in steps] == [((5, 1), 1), ((1, 1), 0)]
    assert gone.together(*(step.tables for step in steps))["cases"] == 6
    assert [c.code for c in every_case(clinic, "bob") if c.code.startswith("PU-")] == ["PU-00"]
    later, first = retention.reports(ada, clinic=home)[:2]
    assert (first.left, later.left, later.ran_by) == (1, 0, "Ada")
    assert first.tables["cases"] == 5
    assert retention.reports(clinic.as_("sue"), clinic=home) == []


def test_nothing_is_purged_before_the_word_is_typed(clinic, home, sql, case, today):
    ended(clinic, sql, case, days_ago=500, today=today)
    retention.keep(clinic.as_("ada"), clinic=home, what="closed_cases", days=400)
    for typed in ("", "yes", "purge now"):
        with pytest.raises(Refused, match="type “purge”"):
            retention.purge(clinic.as_("ada"), clinic=home, typed=typed)
    assert case.id in [c.id for c in every_case(clinic, "bob")]


def test_a_case_that_was_brought_back_is_not_due(clinic, home, sql, case, today):
    ended(clinic, sql, case, days_ago=500, today=today)
    retention.keep(clinic.as_("ada"), clinic=home, what="closed_cases", days=400)
    (due,) = retention.rehearse(clinic.as_("ada"), clinic=home)
    cases.amend(clinic.outbox("bob"), case=case.id, state="active")
    clinic.synced()
    assert sum(one.due for one in retention.rehearse(clinic.as_("ada"), clinic=home)) == due.due - 1


# Words


def test_what_went_is_told_by_kind_and_what_has_no_word_is_counted():
    assert gone.in_words({}) == "nothing"
    assert gone.in_words({"cases": 1, "sessions": 1_200, "history": 2, "flags": 0}) == "1 case, 1,200 sessions and 2 earlier versions"  # fmt: skip
    assert gone.in_words({"something_new": 1}) == "1 other entry"


def test_every_table_that_is_erased_has_its_word(sql):
    sources = sql.execute("select prosrc from pg_proc where proname = 'erase_reflections'").fetchone()[0]
    with_a_case = {name for (name,) in sql.execute("select name from private.goes_with_a_case")}
    tables = [name for (name,) in sql.execute("select tablename from pg_tables where schemaname = 'public'")]
    of_reflections = {t for t in tables if f"delete from public.{t} " in sources}
    assert with_a_case | of_reflections == set(gone.KINDS) - {"invitations"}


def test_what_goes_with_a_case_is_deleted_from_the_table_it_is_named_for(sql):
    for name, statement in sql.execute("select name, statement from private.goes_with_a_case"):
        assert statement.startswith(("delete from public.", "delete from private."))
        assert statement.split(".", 1)[1].startswith(f"{name} ")
