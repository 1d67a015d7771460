"""Meeting, before it begins: a supervisor proposes, plans and changes the agenda; and what the page shows to whom."""

from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import actions, agenda, cases, chairing, drafts, meetings, questions, ruptures
from services.meetings import Meeting
from tests.pages.conftest import App, Somebody, has, pick, press, today, words


@pytest.fixture
def sue(app: App, alice: Somebody) -> Somebody:
    """The supervisor of Alice's team."""
    return app.person("supervisor", name="Sue Sedge", team=alice.team)


def has_rupture(who: Somebody, code: str, *, days_ago: int = 9) -> tuple[UUID, UUID]:
    """The case and the rupture, open for so many days."""
    case = UUID(cases.open(who.outbox, team=who.team, code=code).entity)
    day = today() - timedelta(days=days_ago)
    op = ruptures.open(who.outbox, team=who.team, case=case, kind="withdrawal", noticed_on=day, today=today())
    who.synced()
    return case, UUID(op.entity)


def planned(sue: Somebody, alice: Somebody) -> Meeting:
    """A meeting of today: a rupture of Alice's, a theme, what went well."""
    case, rupture = has_rupture(alice, "C-0301")
    items = [
        chairing.an_item("rupture", therapist=alice.id, case=case, rupture=rupture, because=[{"why": "rupture", "days": 9, "points": 2}]),
        chairing.an_item("theme", minutes=5),
        chairing.an_item("went_well", minutes=5),
    ]  # fmt: skip
    chairing.plan(sue.outbox, team=sue.team, held_on=today(), items=items)
    sue.synced()
    return meetings.now(sue.db, team=sue.team)


def test_the_page_is_there_before_anything_is_planned(sue, alice):
    assert "Nothing is planned" in words(sue.visits("meeting"))
    assert "No meeting is planned" in words(alice.visits("meeting"))


def test_a_supervisor_reads_codes_and_names_where_a_therapist_reads_labels_but_for_their_own(app, sue, alice):
    meeting = planned(sue, alice)
    assert "C\\-0301 · Alice Ashby" in words(sue.visits("meeting"))
    assert "is **your C\\-0301**" in words(alice.visits("meeting"))
    said = words(app.person("therapist", name="Bob Birch", team=alice.team).visits("meeting"))
    assert f"Case {meeting.items[0].case} · Person {meeting.items[0].person}" in said
    assert "0301" not in said
    assert "Alice" not in said


def test_a_meeting_is_still_there_when_the_database_is_away_and_the_browser_is_a_new_one(app, sue, alice):
    meeting = planned(sue, alice)
    sue.visits("meeting")
    app.loses_the_database()
    chairing.begin(sue.outbox, meeting=meeting)
    said = words(sue.visits("meeting"))
    assert "What you see here is from before." in said
    assert "End it now" in said
    assert "C\\-0301" in said


def test_what_was_never_read_is_not_called_empty(app, sue):
    sue.visits("ruptures")  # who she is was read
    vault, kept = app.running.vault, f"{sue.id}/known"
    for one in drafts.of(vault, owner=kept):  # and the meeting, by Home
        if one.key != "person":
            drafts.discard(vault, owner=kept, form=one.form, key=one.key)
    app.loses_the_database()
    said = words(sue.visits("meeting"))
    assert "The meeting cannot be shown just now." in said
    assert "Nothing is planned" not in said


def test_somebody_in_both_roles_chooses_the_side(app, alice):
    both = app.person("supervisor", name="Bo Both", team=alice.team)
    app.sql.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, 'therapist', %s)",
        (both.id, both.team, today() - timedelta(weeks=9)),
    )
    at = both.visits("meeting")
    assert "Nothing is planned" in words(at)
    assert "No meeting is planned" in words(at.button_group(key="meeting_view").set_value("member").run())


def asks(who: Somebody, case: UUID, question: str) -> UUID:
    op = questions.ask(
        who.outbox, team=who.team, case=case, moment="When I asked about the week", question=question, asked_on=today(), today=today()
    )  # fmt: skip
    who.synced()
    return UUID(op.entity)


def of_draft(sue: Somebody, name: str) -> str:
    return f"meeting_{sue.team}_draft_{name}"


def items(at: AppTest, sue: Somebody) -> list[str]:
    """What is on the draft, in its order."""
    return [one["ref"] for one in at.session_state[of_draft(sue, "items")]]


def test_the_proposal_has_its_reasons_and_their_sum_and_planning_it_keeps_them(app, sue, alice):
    strained, rupture = has_rupture(alice, "C-0311", days_ago=9)
    case = UUID(cases.open(alice.outbox, team=alice.team, code="C-0312").entity)
    question = asks(alice, case, "How do I begin?")
    at = sue.visits("meeting")
    said = words(at).replace("\\", "")
    assert items(at, sue) == [f"case_{case}", f"case_{strained}", "theme", "went_well"]
    assert "How do I begin?" in said
    assert "2 rupture open for 9 days + 4 no turn for Alice Ashby yet = 6" in said
    assert "5 Alice Ashby asked to bring it + 4 no turn for Alice Ashby yet = 9" in said
    press(at, of_draft(sue, "save"))
    sue.synced()
    meeting = meetings.now(sue.db, team=sue.team)
    assert [one.known.kind for one in meeting.items] == ["question", "rupture", "theme", "went_well"]
    assert (meeting.items[0].known.question_id, meeting.items[1].known.rupture) == (question, rupture)
    assert [one["points"] for one in meeting.items[0].known.because] == [5, 4]
    assert "Planned for" in words(sue.visits("meeting"))


def test_the_draft_is_moved_shortened_and_added_to_and_comes_back_in_another_browser(app, sue, alice):
    case, _rupture = has_rupture(alice, "C-0313")
    ref = f"case_{case}"
    at = sue.visits("meeting")
    press(at, of_draft(sue, f"{ref}_later"))
    assert items(at, sue) == ["theme", ref, "went_well"]
    at.number_input(key=of_draft(sue, f"{ref}_minutes")).set_value(8).run()
    assert "Fewer than 10 minutes are too few to talk about a case\\: C\\-0313" in words(at)
    again = sue.visits("meeting")
    assert items(again, sue) == ["theme", ref, "went_well"]
    assert again.number_input(key=of_draft(sue, f"{ref}_minutes")).value == 8
    press(again, of_draft(sue, "share_out"))
    assert again.number_input(key=of_draft(sue, f"{ref}_minutes")).value == 20


def test_what_is_taken_off_says_why_and_goes_along_with_its_reason(app, sue, alice):
    case, _rupture = has_rupture(alice, "C-0314")
    at = sue.visits("meeting")
    key = of_draft(sue, f"case_{case}_off")
    at.session_state[key] = True
    at.run()
    press(at, f"{key}_form_save")
    assert "Please say in a few words why it is taken off." in words(at)
    at.text_input(key=f"{key}_form_reason").set_value("Settled since Monday").run()
    press(at, f"{key}_form_save")
    assert items(at, sue) == ["theme", "went_well"]
    assert "Settled since Monday" in words(at)
    press(at, of_draft(sue, "save"))
    sue.synced()
    (item,) = meetings.now(sue.db, team=sue.team).dropped
    assert (item.known.case, item.known.reason) == (case, "Settled since Monday")
    at = sue.visits("meeting")
    press(at, f"meeting_{meetings.now(sue.db, team=sue.team).id}_planned_off_{item.id}_back")
    sue.synced()
    assert case in [one.known.case for one in meetings.now(sue.db, team=sue.team).items]


def test_a_question_that_was_taken_back_has_left_the_draft(app, sue, alice):
    case = UUID(cases.open(alice.outbox, team=alice.team, code="C-0315").entity)
    asks(alice, case, "Is it me?")
    at = sue.visits("meeting")
    press(at, of_draft(sue, f"case_{case}_later"))
    (asked,) = questions.open_in(alice.db, team=alice.team, therapist=alice.id)
    questions.withdraw(alice.outbox, question=asked)
    alice.synced()
    said = words(sue.visits("meeting"))
    assert "Is it me?" not in said
    assert "has left it" in said


def test_a_matter_of_her_own_is_looked_over_because_everybody_in_the_room_reads_it(app, sue, alice):
    at = sue.visits("meeting")
    at.session_state[of_draft(sue, "own")] = True
    at.run()
    form = of_draft(sue, "own_form")
    at.text_input(key=f"{form}_title").set_value("Mrs Miller called from 01632 960123").run()
    press(at, f"{form}_save")
    assert has(at, f"{form}_as_it_is")
    at.text_input(key=f"{form}_title").set_value("Rooms from January").run()
    press(at, f"{form}_save")
    assert "Rooms from January" in words(at)
    assert items(at, sue)[-2:] == ["theme", "went_well"]


def test_a_planned_agenda_is_changed_by_what_is_saved_at_once(app, sue, alice):
    meeting = planned(sue, alice)
    key, first = f"meeting_{meeting.id}_planned", meeting.items[0]
    at = sue.visits("meeting")
    press(at, f"{key}_{first.id}_later")
    at.number_input(key=f"{key}_{first.id}_minutes").set_value(15).run()
    sue.synced()
    now = meetings.now(sue.db, team=sue.team)
    assert [one.known.kind for one in now.items] == ["theme", "rupture", "went_well"]
    assert now.find(first.id).minutes == 15
    at = sue.visits("meeting")
    press(at, f"{key}_begin")
    assert "End it now" in words(at)
    sue.synced()
    assert meetings.now(sue.db, team=sue.team).state == "running"


def test_another_day_is_saved_and_one_gone_by_is_not(app, sue, alice):
    meeting = planned(sue, alice)
    at = sue.visits("meeting")
    at.session_state[f"meeting_{meeting.id}_when"] = True
    at.run()
    form = f"meeting_{meeting.id}_when_form"
    at.date_input(key=f"{form}_day").set_value(today() - timedelta(days=1)).run()
    press(at, f"{form}_save")
    assert "today or a later one" in words(at)
    at.date_input(key=f"{form}_day").set_value(today() + timedelta(days=2)).run()
    at.selectbox(key=f"{form}_starts_at").set_value("10:00").run()
    press(at, f"{form}_save")
    sue.synced()
    now = meetings.now(sue.db, team=sue.team)
    assert (now.held_on, now.starts_at) == (today() + timedelta(days=2), "10:00")


def told(at: AppTest) -> list[str]:
    return [one.value for one in at.info]


OFF = "The meeting planned for today was called off."


def still_told(*people: Somebody) -> list[str]:
    pages = [who.visits(page) for who in people for page in ("meeting", "home")]
    return [said for page in pages for said in told(page) if said.startswith(OFF)]


def test_a_meeting_is_called_off_everybody_reads_it_and_what_was_on_it_is_proposed_anew(app, sue, alice):
    meeting = planned(sue, alice)
    chairing.add(
        sue.outbox, meeting=meeting, item=chairing.an_item("own", title="Rooms from January", minutes=7)
    )
    sue.synced()
    at = sue.visits("meeting")
    press(at, f"meeting_{meeting.id}_planned_call_off")
    assert "Nothing is planned" in words(at)  # before the database has it
    assert told(at)[0].startswith(OFF)
    sue.synced()
    for who in (sue, alice):
        assert told(who.visits("meeting"))[0].startswith(OFF)
        assert OFF in told(who.visits("home"))
    at = sue.visits("meeting")
    assert "carried over from last time" in words(at)
    assert "Rooms from January" in words(at)
    press(at, of_draft(sue, "save"))
    sue.synced()
    now = meetings.now(sue.db, team=sue.team)
    assert [one.known.kind for one in now.items] == ["rupture", "own", "theme", "went_well"]
    assert told(alice.visits("meeting")) == []  # one stands on the same day
    chairing.begin(sue.outbox, meeting=now)
    sue.synced()
    assert still_told(sue, alice) == []  # nor while it runs
    chairing.end(sue.outbox, meeting=now)
    sue.synced()
    assert still_told(sue, alice) == []  # nor when it has ended


def test_fields_that_the_browser_hands_over_once_more_after_they_left_the_page_change_nothing(
    app, sue, alice
):
    """As when the page looks again by itself while a press is still at work."""
    meeting = planned(sue, alice)
    at = sue.visits("meeting").run()
    handed_over = at._tree.get_widget_states()
    press(at, f"meeting_{meeting.id}_planned_call_off")
    at._run(handed_over)
    assert sue.saved("item.amend") == []


def test_one_that_has_begun_on_another_device_is_not_called_off_and_that_is_said(app, sue, alice):
    meeting = planned(sue, alice)
    chairing.begin(sue.outbox, meeting=meeting)
    sue.synced()
    chairing.call_off(sue.outbox, meeting=meeting)  # pressed on a device that has not heard of it
    sue.synced()
    at = sue.visits("meeting")
    assert [one.value[:22] for one in at.warning] == ["This meeting has begun"]
    assert "End it now" in words(at)


def finds(at: AppTest, key: str, code: str) -> AppTest:
    """The search opened, with this typed into it."""
    at.session_state[f"{key}_any"] = True
    at.run()
    return at.text_input(key=f"{key}_any_code").set_value(code).run()


def test_any_case_of_the_team_is_put_on_for_no_other_reason_than_her_own_and_stays_in_the_draft(
    app, sue, alice
):
    quiet = UUID(cases.open(alice.outbox, team=alice.team, code="C-0321").entity)
    asked = UUID(cases.open(alice.outbox, team=alice.team, code="C-0322").entity)
    asks(alice, asked, "How do I begin?")
    at, key = sue.visits("meeting"), of_draft(sue, "x")[:-2]
    assert items(at, sue) == [f"case_{asked}", "theme", "went_well"]
    finds(at, key, "c03")
    assert at.button(key=f"{key}_any_{asked}_add").disabled
    press(at, f"{key}_any_{quiet}_add")
    assert items(at, sue) == [f"case_{asked}", f"case_{quiet}", "theme", "went_well"]
    again = sue.visits("meeting")
    assert "0 chosen by the supervisor" in words(again)
    again.session_state[f"{key}_case_{quiet}_off"] = True  # off and on again it is still hers
    again.run()
    again.text_input(key=f"{key}_case_{quiet}_off_form_reason").set_value("Not today").run()
    press(again, f"{key}_case_{quiet}_off_form_save")
    press(again, f"{key}_off_{quiet}_back")
    press(again, of_draft(sue, "save"))
    sue.synced()
    meeting = meetings.now(sue.db, team=sue.team)
    assert [(one.known.case, one.known.because) for one in meeting.items[1:2]] == [(quiet, ({"why": "supervisor", "points": 0},))]  # fmt: skip
    assert "chosen by the supervisor" in words(alice.visits("meeting"))


def test_one_that_was_closed_meanwhile_has_left_the_draft(app, sue, alice):
    quiet = UUID(cases.open(alice.outbox, team=alice.team, code="C-0323").entity)
    alice.synced()
    at, key = sue.visits("meeting"), of_draft(sue, "x")[:-2]
    press(finds(at, key, "0323"), f"{key}_any_{quiet}_add")
    cases.amend(alice.outbox, case=quiet, state="closed")
    alice.synced()
    said = words(sue.visits("meeting"))
    assert "0323" not in said
    assert "a case was closed" in said


def test_any_case_is_put_on_a_planned_agenda_before_what_ends_it(app, sue, alice):
    meeting = planned(sue, alice)
    quiet = UUID(cases.open(alice.outbox, team=alice.team, code="C-0324").entity)
    alice.synced()
    at, key = sue.visits("meeting"), f"meeting_{meeting.id}_planned"
    press(finds(at, key, "324"), f"{key}_any_{quiet}_add")
    sue.synced()
    stands = meetings.now(sue.db, team=sue.team)
    assert [one.known.kind for one in stands.items] == ["rupture", "case", "theme", "went_well"]
    assert stands.items[1].known.case == quiet


def test_the_turns_are_for_supervisors_and_said_to_be_no_ranking(sue, alice):
    assert "no ranking" in words(sue.visits("meeting"))
    assert "no ranking" not in words(alice.visits("meeting"))


def test_what_became_of_an_action_is_recorded_from_here(app, sue, alice):
    op = actions.agree(sue.outbox, team=sue.team, owner=sue.id, what="Ask for a room", due_on=today())
    sue.synced()
    at = sue.visits("meeting")
    assert items(at, sue)[0] == "follow_ups"
    at.session_state[of_draft(sue, "follow_ups")] = True
    at.run()
    assert "Ask for a room" in words(at)
    card = of_draft(sue, f"follow_action_{op.entity}_became")
    at.session_state[f"{card}_1"] = True
    at.run()
    pick(at, f"{card}_helped", "yes")
    press(at, f"{card}_save")
    sue.synced()
    (action,) = actions.in_team(sue.db, team=sue.team, state="done")
    assert action.helped == "yes"


def test_two_hundred_candidates_fit_the_page_and_the_last_one_can_be_put_on(app, sue, alice):
    app.sql.execute(
        "with c as (insert into public.cases (therapist_id, id, team_id, code) select %s, gen_random_uuid(), %s, 'C-9' || to_char(n, 'FM000')"
        " from generate_series(0, 209) n returning *) insert into public.questions (therapist_id, id, team_id, case_id, moment, question, asked_on)"
        " select therapist_id, gen_random_uuid(), team_id, id, 'm', 'About ' || code, current_date from c",
        (alice.id, alice.team),
    )
    at = sue.visits("meeting")
    assert "195 cases are next in line" in words(at)
    assert "200 cases are compared, and there may be more." in words(at)
    last = str(agenda.in_order(agenda.candidates(sue.db, team=sue.team, today=today()).cases)[-1].case)
    at.selectbox(key=of_draft(sue, "next_other")).set_value(last).run()
    press(at, of_draft(sue, "next_other_add"))
    assert f"case_{last}" in items(at, sue)
    assert len([one for one in items(at, sue) if one.startswith("case_")]) == 6


def test_home_tells_the_supervisor_that_nothing_is_planned_and_then_when_it_is(app, sue, alice):
    assert "No meeting is planned." in words(sue.visits("home"))
    planned(sue, alice)
    assert "Next meeting: **today**, 3 items on the agenda." in words(sue.visits("home"))


def test_home_tells_a_therapist_of_the_meeting_and_what_of_theirs_is_on_it(app, sue, alice):
    bob = app.person("therapist", name="Bob Birch", team=alice.team)
    assert "Meeting today" not in words(alice.visits("home"))
    planned(sue, alice)
    assert "Meeting today: yours on it: **C\\-0301** (rupture and repair)." in words(alice.visits("home"))
    assert "Meeting today: nothing of yours is on it." in words(bob.visits("home"))
