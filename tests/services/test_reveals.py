"""Detail for a lead, through the real client: a reason opens one case, to one lead, for an hour; forged and old tokens open nothing."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, database, episodes, flags, ids, reveals, ruptures, sessions, settings
from services.errors import NotAllowed, Refused, SignInNeeded

WHY = "The rupture has been open for weeks; is the plan still the right one?"
PRIVATE = "the words of a private note"


@pytest.fixture(scope="module")
def case(clinic) -> UUID:
    """A case of alice's with a rupture that waits, a session, a score and an episode with a note."""
    box, today = clinic.outbox("alice"), date.today()
    case = UUID(cases.open(box, team=clinic.team, code="R-7101").entity)
    ruptures.open(
        box,
        team=clinic.team,
        case=case,
        kind="mixed",
        noticed_on=today - timedelta(days=40),
        today=today,
    )
    appointment = sessions.Entry(today - timedelta(days=50), "attended", "video", id=ids.new(), op=ids.new())
    sessions.log(box, team=clinic.team, case=case, appointments=[appointment], first_number=1, today=today)
    episodes.log(
        box, team=clinic.team, case=case, happened_on=today - timedelta(days=3), kind="stalled", first_blame="client", today=today,
        ratings={1: 1, 2: 3}, intensity=4, next_move="asked", note=PRIVATE,
    )  # fmt: skip
    clinic.synced()
    assert not box.parked()
    flags.watched(clinic.as_("lee"), teams=[clinic.team])  # as the lead's page does
    return case


@pytest.fixture
def lead(clinic, sql, account, sign_in):
    """A second lead of the same team, new for each test."""
    mail = f"lou.{uuid4().hex[:6]}@small.example.org"
    person = account(mail)
    home = sql.execute("select clinic_id from public.teams where id = %s", (clinic.team,)).fetchone()[0]
    sql.execute(
        "insert into public.people (id, clinic_id, display_name) values (%s, %s, 'Lou')", (person, home)
    )
    sql.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, 'lead', current_date - 30)",
        (person, clinic.team),
    )
    return person, sign_in(mail)


def see(clinic, db, case: UUID):
    return reveals.see(db, therapist=clinic.people["alice"], case=case)


def ask(clinic, db, case: UUID, why: str = WHY):
    return reveals.ask(db, therapist=clinic.people["alice"], case=case, reason=why)


def test_a_reason_opens_the_facts_for_an_hour_and_no_word(clinic, case, lead, sql):
    person, db = lead
    now = datetime.now(UTC)
    assert reveals.open_until(db, lead=person, therapist=clinic.people["alice"], case=case, now=now) is None
    until = ask(clinic, db, case)
    facts = see(clinic, db, case)
    assert facts.until == until
    assert timedelta(minutes=58) < until - now < timedelta(minutes=61)
    assert reveals.open_until(db, lead=person, therapist=clinic.people["alice"], case=case, now=now) == until
    assert (facts.code, facts.state) == ("R-7101", "active")
    assert facts.episodes[0]["ratings"] == {1: 1, 2: 3}
    assert facts.ruptures[0]["noticed_on"] == date.today() - timedelta(days=40)
    assert PRIVATE not in repr(facts)
    assert "client" not in {
        value for row in facts.episodes for value in row.values() if isinstance(value, str)
    }  # the first blame
    looks = sql.execute(
        "select count(*) from public.audit_log where action = 'read' and actor_id = %s and row_id = %s", (person, str(case))
    ).fetchone()  # fmt: skip
    assert looks == (1,)


def test_the_facts_make_the_same_picture_as_the_case_page(clinic, case, lead):
    _, db = lead
    ask(clinic, db, case)
    course = see(clinic, db, case).course()
    assert list(course.columns) == ["day", "lane", "key", "detail", "id"]
    assert sorted(course["lane"]) == ["episode", "rupture", "session"]
    assert list(course["day"]) == sorted(course["day"])
    assert course[course["lane"] == "episode"].iloc[0]["detail"] == "4"


def test_a_reason_of_one_lead_does_nothing_for_another(clinic, case, lead):
    _, db = lead
    ask(clinic, db, case)
    other = clinic.as_("lee")
    with pytest.raises(NotAllowed):
        see(clinic, other, case)
    assert reveals.open_until(
        other, lead=lead[0], therapist=clinic.people["alice"], case=case, now=datetime.now(UTC)
    ) is None  # fmt: skip


def test_a_lead_whose_role_ended_loses_it_on_the_next_call_with_the_token_they_have(clinic, case, lead, sql):
    person, db = lead
    ask(clinic, db, case)
    assert see(clinic, db, case).code == "R-7101"
    sql.execute("update public.memberships set ends_on = current_date where person_id = %s", (person,))
    with pytest.raises(NotAllowed):
        see(clinic, db, case)
    with pytest.raises(NotAllowed):
        ask(clinic, db, case)
    assert reveals.told_to_me(db, team=clinic.team, since=datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_after_sixty_minutes_it_is_closed(clinic, case, lead, sql):
    person, db = lead
    ask(clinic, db, case)
    sql.execute(
        "update public.reveals set asked_at = asked_at - interval '60 minutes', ends_at = ends_at - interval '60 minutes' where lead_id = %s",
        (person,),
    )
    with pytest.raises(NotAllowed):
        see(clinic, db, case)
    assert (
        reveals.open_until(
            db, lead=person, therapist=clinic.people["alice"], case=case, now=datetime.now(UTC)
        )
        is None
    )


def test_a_reason_that_begins_in_the_future_opens_nothing(clinic, case, lead, sql):
    person, db = lead
    ask(clinic, db, case)
    sql.execute(
        "update public.reveals set asked_at = now() + interval '5 minutes' where lead_id = %s", (person,)
    )
    with pytest.raises(NotAllowed):
        see(clinic, db, case)


@pytest.mark.parametrize("who", ["alice", "bob", "sue", "ada", "otto"])
def test_nobody_but_a_lead_of_the_team_asks_or_sees(clinic, case, who):
    db = clinic.as_(who)
    for call in (ask, see):
        with pytest.raises(NotAllowed):
            call(clinic, db, case)


@pytest.mark.parametrize("forged", ["bob", "lee", None])
def test_a_case_under_another_name_or_one_that_is_not_there_opens_nothing(clinic, case, lead, forged):
    _, db = lead
    ask(clinic, db, case)
    therapist = clinic.people[forged] if forged else uuid4()
    for named in (case, uuid4()):
        with pytest.raises(NotAllowed):
            reveals.see(db, therapist=therapist, case=named)
        with pytest.raises(NotAllowed):
            reveals.ask(db, therapist=therapist, case=named, reason=WHY)


@pytest.mark.parametrize(
    "forged",
    [
        {"until": "2100-01-01"},
        {"lead": str(uuid4())},
        {"minutes": 6000},
        {"ends_at": "2100-01-01T00:00:00Z"},
    ],
)
def test_a_parameter_nobody_knows_changes_nothing(clinic, case, lead, sql, forged):
    person, db = lead
    with pytest.raises(Exception, match="ask_to_see"):
        db.rpc("ask_to_see", {"therapist": str(clinic.people["alice"]), "case_id": str(case), "why": WHY, **forged}).execute()  # fmt: skip
    assert sql.execute("select count(*) from public.reveals where lead_id = %s", (person,)).fetchone() == (0,)


def test_a_reveal_is_not_written_changed_or_deleted_by_hand(clinic, case, lead):
    person, db = lead
    ask(clinic, db, case)
    row = {"lead_id": str(person), "team_id": str(clinic.team), "therapist_id": str(clinic.people["alice"]), "case_id": str(case), "reason": WHY}  # fmt: skip
    table = db.table("reveals")
    for forged in (
        lambda: table.insert(row),
        lambda: db.table("reveals").update({"ends_at": "2100-01-01"}).eq("lead_id", str(person)),
        lambda: db.table("reveals").delete().eq("lead_id", str(person)),
    ):
        with pytest.raises(Exception, match="permission denied"):
            forged().execute()


def test_a_token_that_was_tampered_with_opens_nothing(clinic, case, stack, sign_in, lead):
    _, db = lead
    ask(clinic, db, case)
    head, body, signed = db.auth.get_session().access_token.split(".")
    forged = ".".join((head, body, signed[:-6] + ("A" * 6 if signed[-6:] != "A" * 6 else "B" * 6)))
    here = settings.load(
        {
            "SUPABASE_URL": stack.url,
            "SUPABASE_PUBLISHABLE_KEY": stack.publishable_key,
            "SIXFOLD_VAULT_KEY": "x" * 40,
        }
    )
    with pytest.raises((SignInNeeded, NotAllowed)):
        see(clinic, database.client(forged, settings=here), case)
    with pytest.raises((SignInNeeded, NotAllowed)):
        see(clinic, database.client(settings=here), case)


@pytest.mark.parametrize("why", ["", "x" * 29, " " * 40, "because" + " " * 30, None])
def test_a_short_reason_is_refused_before_it_travels(clinic, case, why):
    with pytest.raises(Refused, match="30 characters"):
        ask(clinic, None, case, why)


def test_thirty_characters_are_enough_and_a_reason_has_an_end(clinic, case, lead):
    _, db = lead
    assert ask(clinic, db, case, "  " + "x" * 30 + "  ")
    with pytest.raises(Refused, match="500"):
        ask(clinic, db, case, "x" * 501)


def test_therapist_and_supervisors_are_told_by_whom_which_case_and_why(clinic, case, lead):
    person, db = lead
    ask(clinic, db, case, f"{WHY} {person}")
    since = datetime.now(UTC) - timedelta(days=reveals.TOLD_DAYS)

    def told(who: str) -> list[reveals.Told]:
        found = reveals.told_to_me(clinic.as_(who), team=clinic.team, since=since)
        return [one for one in found if str(person) in one.reason]

    for who in ("alice", "sue"):
        (one,) = told(who)
        assert (one.lead, one.therapist, one.code, one.case) == ("Lou", "Alice", "R-7101", case)
        assert one.looked_at is None
    see(clinic, db, case)
    assert told("alice")[0].looked_at is not None
    for who in ("bob", "ada", "otto", "lee"):
        assert told(who) == []
    assert reveals.told_to_me(
        clinic.as_("alice"), team=clinic.team, since=datetime.now(UTC) + timedelta(days=1)
    ) == []  # fmt: skip


def test_a_lead_who_asks_is_told_of_their_own_reasons_without_the_code(clinic, case, lead):
    _, db = lead
    ask(clinic, db, case)
    (one,) = reveals.told_to_me(db, team=clinic.team, since=datetime.now(UTC) - timedelta(hours=1))
    assert one.code == ""


def test_every_sort_of_fact_is_read_as_it_was_written(clinic, lead, sql):
    """All that see_case can give, with days as days."""
    _, db = lead
    box, today = clinic.outbox("alice"), date.today()
    case = UUID(cases.open(box, team=clinic.team, code="R-7102").entity)
    opened = ruptures.open(box, team=clinic.team, case=case, kind="withdrawal", noticed_on=today - timedelta(days=30), today=today)  # fmt: skip
    clinic.synced()
    mine = (clinic.people["alice"], clinic.team, case)
    for statement in (
        "insert into public.repair_steps (recorded_by, id, therapist_id, team_id, rupture_id, stage, taken_on)"
        f" values (%s, gen_random_uuid(), '{mine[0]}', %s, '{opened.entity}', 'named', current_date - 20) returning (%s)::uuid",
        "insert into public.goals (therapist_id, id, team_id, case_id, set_by, importance, set_on) values (%s, gen_random_uuid(), %s, %s, 'together', 7, current_date)",
        "insert into public.plan_reviews (therapist_id, id, team_id, case_id, reviewed_on, next_review_on)"
        " values (%s, gen_random_uuid(), %s, %s, current_date - 9, current_date + 9)",
        "insert into public.formulation_entries (therapist_id, id, team_id, case_id, field, version, written_on)"
        " values (%s, gen_random_uuid(), %s, %s, 'core_problems', 1, current_date - 4)",
        "insert into public.check_ins (therapist_id, id, team_id, case_id, on_day, goals, relationship) values (%s, gen_random_uuid(), %s, %s, current_date, 6, 8)",
    ):
        sql.execute(statement, mine)
    flags.watched(db, teams=[clinic.team])
    ask(clinic, db, case)
    facts = see(clinic, db, case)
    assert facts.ruptures[0]["steps"] == ({"on": today - timedelta(days=20), "stage": "named"},)
    assert facts.goals[0] | {"set_on": None} == {"set_by": "together", "importance": 7, "state": "open", "set_on": None}  # fmt: skip
    assert facts.reviews == ({"on": today - timedelta(days=9), "next": today + timedelta(days=9)},)
    assert facts.formulation == {"core_problems": today - timedelta(days=4)}
    assert facts.check_ins[0]["way_of_working"] is None
    assert sorted(facts.course()["lane"]) == ["goal", "repair", "review", "rupture"]
