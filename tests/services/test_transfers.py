"""Handing a case over, all the way: asked by its therapist, decided by a supervisor, and what goes along and what stays."""

from datetime import timedelta
from uuid import UUID

import pytest

from services import cases, cause_entries, episodes, formulation, ids, questions, ruptures, transfers
from services.errors import Refused

WHO, HEIR, OTHER = "carol", "dan", "bob"


@pytest.fixture
def case(clinic):
    return opened(clinic, WHO)


def opened(clinic, who, code=None):
    found = [c.code for who in (WHO, HEIR) for c in every_case(clinic, who)]
    op = cases.open(
        clinic.outbox(who), team=clinic.team, code=code or cases.new_code(found), control_sensitivity=2
    )
    clinic.synced()
    return next(c for c in every_case(clinic, who) if str(c.id) == op.entity)


def every_case(clinic, who):
    states = ("active", "paused", "closed", "archived")
    return cases.in_team(clinic.as_(who), team=clinic.team, therapist=clinic.people[who], states=states)


def asked(clinic, case, who=WHO):
    """The request as a supervisor finds it."""
    op = transfers.ask(clinic.outbox(who), team=clinic.team, case=case.id, read=True)
    clinic.synced()
    return next(t for t in transfers.asked_in(clinic.as_("sue"), team=clinic.team) if str(t.id) == op.entity)


def decided(clinic, transfer, *, agreed=True, to=HEIR, by="sue"):
    """What the database said to it."""
    op = transfers.decide(
        clinic.outbox(by), transfer=transfer, agreed=agreed, to=clinic.people[to] if agreed else None
    )
    clinic.synced()
    found = clinic.outbox(by).find(op.op_id)
    if found.state == "parked":
        clinic.outbox(by).discard(op.op_id)
    return found


def of(clinic, case, who):
    return transfers.of_case(clinic.as_(who), team=clinic.team, case=case.id)


def test_it_is_asked_once_and_seen_by_its_therapist_and_the_supervisor(clinic, case):
    transfer = asked(clinic, case)
    assert (transfer.code, transfer.therapist, transfer.state) == (case.code, "Carol", "asked")
    assert [t.id for t in of(clinic, case, WHO)] == [t.id for t in of(clinic, case, "sue")] == [transfer.id]
    for who in (HEIR, OTHER, "lee", "otto"):
        assert of(clinic, case, who) == []
        assert transfer.id not in [t.id for t in transfers.asked_in(clinic.as_(who), team=clinic.team)]


def test_two_devices_that_ask_at_once_are_one_request(clinic, case):
    asked(clinic, case)
    again = transfers.ask(clinic.outbox(WHO), team=clinic.team, case=case.id, read=True)
    clinic.synced()
    parked = clinic.outbox(WHO).find(again.op_id)
    assert (parked.state, parked.reason) == (
        "parked",
        "This case is being handed over already, or has been. Please look at how that stands.",
    )
    clinic.outbox(WHO).discard(again.op_id)
    assert len(of(clinic, case, WHO)) == 1


def test_it_can_be_withdrawn_and_asked_again(clinic, case):
    first = asked(clinic, case)
    transfers.withdraw(clinic.outbox(WHO), transfer=first.id, case=case.id)
    clinic.synced()
    assert [t.state for t in of(clinic, case, WHO)] == ["withdrawn"]
    assert decided(clinic, first).code == "SX409"
    second = asked(clinic, case)
    assert [t.state for t in of(clinic, case, WHO) if t.id == second.id] == ["asked"]


def test_a_supervisor_chooses_among_the_therapists_of_the_team_and_a_therapist_sees_no_list(clinic, today):
    found = transfers.therapists(clinic.as_("sue"), team=clinic.team, today=today)
    assert [one.name for one in found] == ["Alice", "Bob", "Carol", "Dan"]
    assert [one.name for one in transfers.therapists(clinic.as_(WHO), team=clinic.team, today=today)] == [
        "Carol"
    ]
    assert transfers.therapists(clinic.as_("otto"), team=clinic.team, today=today) == []


def test_who_has_left_the_team_or_not_begun_yet_is_not_among_them(clinic, sql, today):
    for day in ("starts_on", "ends_on"):
        later = today + timedelta(days=1)
        before = sql.execute(
            "select starts_on, ends_on from public.memberships where person_id = %s", (clinic.people[OTHER],)
        ).fetchone()
        sql.execute(
            "update public.memberships set starts_on = %s, ends_on = %s where person_id = %s",
            ((later, None) if day == "starts_on" else (before[0], today)) + (clinic.people[OTHER],),
        )
        found = [one.name for one in transfers.therapists(clinic.as_("sue"), team=clinic.team, today=today)]
        sql.execute(
            "update public.memberships set starts_on = %s, ends_on = %s where person_id = %s",
            (*before, clinic.people[OTHER]),
        )
        assert "Bob" not in found


def test_agreeing_takes_somebody_else_to_take_it_over(clinic, case):
    transfer = asked(clinic, case)
    with pytest.raises(Refused, match="choose who takes over"):
        transfers.decide(clinic.outbox("sue"), transfer=transfer, agreed=True)
    with pytest.raises(Refused, match="somebody else"):
        transfers.decide(clinic.outbox("sue"), transfer=transfer, agreed=True, to=clinic.people[WHO])


@pytest.mark.parametrize("by", [WHO, HEIR, "lee", "ada", "otto"])
def test_only_a_supervisor_of_the_team_decides(clinic, case, by):
    assert decided(clinic, asked(clinic, case), by=by).code == "42501"
    assert [t.state for t in of(clinic, case, WHO)] == ["asked"]


@pytest.mark.parametrize("to", ["lee", "otto", "sue"])
def test_it_goes_to_a_therapist_of_the_team_and_nobody_else(clinic, case, to):
    assert decided(clinic, asked(clinic, case), to=to).code == "SX400"


def test_a_refusal_leaves_the_case_where_it_is(clinic, case):
    assert decided(clinic, asked(clinic, case), agreed=False).state == "synced"
    assert [t.state for t in of(clinic, case, WHO)] == ["refused"]
    assert next(c.state for c in every_case(clinic, WHO) if c.id == case.id) == "active"
    assert case.id not in [c.id for c in every_case(clinic, HEIR)]


def written(clinic, case, today):
    """Facts and words of every kind, private and shared."""
    box, at = clinic.outbox(WHO), {"team": str(clinic.team), "case": str(case.id)}

    def words(kind, shared):
        return {
            "id": ids.new(),
            "body": f"canary {kind} {'shared' if shared else 'private'}",
            "shared": shared,
        }

    for shared in (True, False):
        goal = ids.new()
        box.accept(
            kind="goal.set",
            entity=goal,
            params=at
            | {"set_by": "together", "importance": 8, "set_on": str(today), "wording": words("goal", shared)},
        )
        box.accept(
            kind="task.give",
            entity=ids.new(),
            params=at
            | {
                "goal": goal,
                "proposed_by": "client",
                "importance": 5,
                "given_on": str(today),
                "wording": words("task", shared),
            },
        )
        field = "wants" if shared else "expects"
        formulation.write(
            box, team=clinic.team, case=case.id, field=field, body=words("card", shared)["body"], based_on=None,
            written_on=today, today=today, share=shared,
        )  # fmt: skip
        episodes.log(
            box, team=clinic.team, case=case.id, happened_on=today, kind="stalled", today=today,
            note=words("episode", shared)["body"], share_note=shared,
        )  # fmt: skip
    box.accept(
        kind="session.log",
        entity=ids.new(),
        params=at | {"number": 1, "held_on": str(today), "attendance": "attended", "mode": "video"},
    )
    box.accept(
        kind="check_in.enter",
        entity=ids.new(),
        params=at | {"on_day": str(today), "goals": 3, "guess": {"goals": 9}},
    )
    ruptures.open(box, team=clinic.team, case=case.id, kind="mixed", noticed_on=today, today=today)
    questions.ask(
        box, team=clinic.team, case=case.id, moment="canary question private", question="What now?", asked_on=today, today=today
    )  # fmt: skip
    clinic.synced()
    assert box.parked() == []  # fmt: skip


def test_facts_and_shared_words_go_along_and_nothing_private_does(clinic, sql, case, today):
    written(clinic, case, today)
    assert decided(clinic, asked(clinic, case)).state == "synced"
    mine = next(c for c in every_case(clinic, HEIR) if c.id == case.id)
    assert (mine.code, mine.state, mine.control_sensitivity, mine.sessions_attended) == (
        case.code,
        "active",
        2,
        1,
    )
    assert (mine.open_ruptures, mine.open_questions, mine.last_episode_on) == (0, 0, None)
    found = cause_entries.of_case(clinic.as_(HEIR), case=mine, today=today)
    assert {entry.about for entry in found} == {"case", "goal", "task", "check_in", "card.wants"}
    held = everything_of(sql, clinic.people[HEIR], case.id)
    assert held["case_texts"].count("shared") >= 3
    assert all(f"canary {kind} shared" in held["case_texts"] for kind in ("goal", "task", "card"))
    assert [table for table, content in held.items() if "canary" in content and "private" in content] == []
    assert held["check_in_guesses"] == held["episodes"] == held["ruptures"] == held["questions"] == ""


def everything_of(sql, therapist, case):
    """All rows of a therapist, of every table, as text; where rows name a case, those of this one."""
    tables = sql.execute(
        "select table_name from information_schema.columns join pg_tables on tablename = table_name and schemaname = 'public'"
        " where table_schema = 'public' and column_name = 'therapist_id'"
    ).fetchall()  # fmt: skip
    return {
        table: sql.execute(
            f"select coalesce(string_agg(t::text, ' '), '') from public.{table} t where therapist_id = %s"
            " and coalesce(to_jsonb(t) ->> 'case_id', %s) = %s",
            (therapist, str(case), str(case)),
        ).fetchone()[0]
        for (table,) in tables
    }  # fmt: skip


def test_who_handed_it_over_keeps_all_of_it_closed_and_sees_to_whom_it_went(clinic, case, today):
    written(clinic, case, today)
    decided(clinic, asked(clinic, case))
    theirs = next(c for c in every_case(clinic, WHO) if c.id == case.id)
    assert (theirs.state, theirs.open_ruptures) == ("closed", 1)
    (transfer,) = of(clinic, case, WHO)
    assert (transfer.state, transfer.to_id) == ("agreed", clinic.people[HEIR])
    assert transfer.decided_at
    notes = [
        e.note for e in episodes.recent(clinic.as_(WHO), team=clinic.team, limit=200) if e.case == case.id
    ]
    assert "canary episode private" in notes


def test_it_is_not_decided_twice_and_not_handed_over_twice(clinic, case):
    transfer = asked(clinic, case)
    decided(clinic, transfer)
    assert decided(clinic, transfer, to=OTHER).code == "SX409"
    again = transfers.ask(clinic.outbox(WHO), team=clinic.team, case=case.id, read=True)
    clinic.synced()
    assert clinic.outbox(WHO).find(again.op_id).state == "parked"
    clinic.outbox(WHO).discard(again.op_id)


def test_a_code_that_the_new_therapist_uses_already_is_a_sentence_and_nothing_is_copied(clinic, case):
    opened(clinic, HEIR, code=case.code)
    said = decided(clinic, asked(clinic, case))
    assert (said.code, said.state) == ("SX006", "parked")
    assert "uses this code already" in said.reason
    assert case.id not in [c.id for c in every_case(clinic, HEIR)]
    assert UUID(str(case.id)) in [c.id for c in every_case(clinic, WHO) if c.state == "active"]


def test_it_is_asked_by_somebody_who_knows_what_goes_along(clinic, case):
    with pytest.raises(Refused, match="what goes along and what stays"):
        transfers.ask(clinic.outbox(WHO), team=clinic.team, case=case.id, read=False)
