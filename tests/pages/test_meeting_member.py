"""Meeting, on a therapist's own device: the agenda in labels, their own items, release after a preview, passing, what came of it, the pulse."""

from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.meeting import member, own_words
from services import actions, cases, chairing, episodes, meetings, own_items, questions, ruptures, themes
from services.meetings import Item, Meeting
from services.themes import Point, Theme
from tests.pages.conftest import App, Somebody, has, pick, press, today, words, write

LEVEL = (2.0, 2.2) * 9 + (3.6,)


@pytest.fixture
def sue(app: App, alice: Somebody) -> Somebody:
    """The supervisor of Alice's team."""
    return app.person("supervisor", name="Sue Sedge", team=alice.team)


@pytest.fixture
def bob(app: App, alice: Somebody) -> Somebody:
    """Another therapist of that team."""
    return app.person("therapist", name="Bob Birch", team=alice.team)


@pytest.fixture
def planned(sue: Somebody, alice: Somebody, bob: Somebody) -> Meeting:
    """A meeting of today with Alice's question, a case of Bob's, a theme."""
    case = UUID(cases.open(alice.outbox, team=alice.team, code="C-0471").entity)
    episodes.log(alice.outbox, team=alice.team, case=case, kind="stalled", happened_on=today(), today=today(), ratings={1: 3, 2: 1})  # fmt: skip
    asked = questions.ask(alice.outbox, team=alice.team, case=case, moment="She looked away", question="What did I miss?", asked_on=today(), today=today())  # fmt: skip
    other = UUID(cases.open(bob.outbox, team=bob.team, code="C-0499").entity)
    alice.synced()
    items = [
        chairing.an_item("question", therapist=alice.id, case=case, question=UUID(asked.entity),
                         because=[{"why": "chosen"}, {"why": "flag", "rule": "R1", "points": 3}]),
        chairing.an_item("case", therapist=bob.id, case=other),
        chairing.an_item("theme", minutes=5),
    ]  # fmt: skip
    points = tuple(Point(day, 1, value) for day, value in zip(themes.weeks.last(len(LEVEL), until=today()), LEVEL, strict=True))  # fmt: skip
    theme = Theme("moved", "cause", "2", "outside", "up", points, looked_at=3, on_record=26)
    chairing.plan(sue.outbox, team=sue.team, held_on=today(), items=items, theme=theme.as_json())
    sue.synced()
    return meetings.now(sue.db, team=sue.team)


def own(meeting: Meeting) -> Item:
    return meeting.items[0]


def key(meeting: Meeting, name: str) -> str:
    return f"meeting_{meeting.id}_{name}"


def opens(at: AppTest, meeting: Meeting, name: str) -> AppTest:
    at.session_state[key(meeting, name)] = True
    return at.run()


def begun(sue: Somebody, meeting: Meeting, *, over: int = 0) -> Meeting:
    """The meeting runs, and so many items are talked about."""
    chairing.begin(sue.outbox, meeting=meeting)
    for _ in range(over):
        sue.synced()
        meeting = meetings.now(sue.db, team=sue.team)
        chairing.go(sue.outbox, meeting=meeting, to=meeting.next_item(), left="done")
    sue.synced()
    return meetings.now(sue.db, team=sue.team)


def test_the_agenda_is_in_labels_and_ones_own_item_is_told_by_its_code(alice, planned):
    said = words(alice.visits("meeting"))
    mine, other = planned.items[:2]
    assert f"Case {mine.case} · Person {mine.person} is **your C\\-0471**" in said
    assert f"Case {other.case} · Person {other.person}" in said
    assert f"On the shared screen you are **Person {mine.person}**" in said
    for hidden in ("0499", "Bob", "She looked away"):
        assert hidden not in said


def test_nothing_is_shown_of_what_others_bring(bob, alice, planned):
    own_items.release(alice.outbox, meeting=planned, item=own(planned), parts=["moment"])
    alice.synced()
    said = words(bob.visits("meeting"))
    assert "your C\\-0499" in said
    for hidden in ("0471", "Alice", "What did I miss"):
        assert hidden not in said


def test_a_part_is_seen_as_the_others_will_read_it_and_released_from_there(alice, planned):
    at = alice.visits("meeting")
    assert "**On the shared screen:** its label only." in words(at)
    assert "She looked away" not in words(at)
    part = f"release_{own(planned).id}_moment"
    opens(at, planned, part)
    said = words(at)
    assert said.index("This is what the others will read:") < said.index("She looked away")
    press(at, key(planned, f"{part}_on"))
    alice.synced()
    assert meetings.screen(alice.db, team=alice.team).items[0].released == {"moment": "She looked away"}
    again = opens(alice.visits("meeting"), planned, part)
    assert "its label, the moment." in words(again)
    press(again, key(planned, f"{part}_off"))
    alice.synced()
    again = alice.visits("meeting")
    assert "its label only." in words(again)
    assert list(again.warning) == []


def test_with_the_database_away_a_therapist_is_told_what_the_screen_still_has(app, alice, planned):
    item = own(planned)
    own_items.write(alice.outbox, meeting=planned, item=item, words="The first words")
    own_items.release(alice.outbox, meeting=planned, item=item, parts=["moment", "words"])
    alice.synced()
    alice.visits("meeting")
    app.loses_the_database()
    own_items.write(alice.outbox, meeting=planned, item=item, words="Other words")
    own_items.release(alice.outbox, meeting=planned, item=item, parts=["words", "causes"])
    at = alice.visits("meeting")
    assert "**On the shared screen:** its label, the moment, what you add here." in words(at)
    assert "Not on the shared screen yet: the six causes. It comes as soon as" in words(at)
    told = "\n".join(one.value for one in at.warning)
    assert (
        "still on the shared screen: the moment. It goes as soon as this server reaches the database." in told
    )
    assert own_words.EARLIER in told
    own_items.pass_on(alice.outbox, meeting=planned, item=item)
    told = [one.value for one in alice.visits("meeting").warning]
    assert member.STILL_THERE in told


@pytest.mark.parametrize(
    ("part", "said"),
    [("causes", "●●●○ 1 Rapport: 3 · a lot"), ("reasons", "No reliable improvement"), ("picture", "1 episode, the last in week 0")],
)  # fmt: skip
def test_ratings_reasons_and_the_picture_have_a_preview_too(alice, planned, part, said):
    at = opens(alice.visits("meeting"), planned, f"release_{own(planned).id}_{part}")
    assert said in words(at)


def test_releasing_why_a_rupture_is_here_says_that_the_screen_will_name_it(alice, sue):
    case = UUID(cases.open(alice.outbox, team=alice.team, code="C-0472").entity)
    noticed = today() - timedelta(days=9)
    rupture = ruptures.open(alice.outbox, team=alice.team, case=case, kind="withdrawal", noticed_on=noticed, today=today())  # fmt: skip
    alice.synced()
    item = chairing.an_item("rupture", therapist=alice.id, case=case, rupture=UUID(rupture.entity))
    chairing.plan(sue.outbox, team=sue.team, held_on=today(), items=[item])
    sue.synced()
    meeting = meetings.now(alice.db, team=alice.team)
    at = opens(alice.visits("meeting"), meeting, f"release_{item['id']}_reasons")
    said = words(at)
    assert "A rupture, withdrawal, open for 9 days, no repair step yet" in said
    assert "the screen also says that this is about a rupture" in said
    press(at, key(meeting, f"release_{item['id']}_reasons_on"))
    alice.synced()
    shown = meetings.screen(sue.db, team=sue.team).items[0]
    assert (shown.kind, dict(shown.rupture)) == ("rupture", {"kind": "withdrawal", "days": 9, "stage": None})


def test_the_picture_cannot_be_released_unseen(app, alice, planned):
    alice.visits("meeting")
    app.loses_the_database()
    at = opens(alice.visits("meeting"), planned, f"release_{own(planned).id}_picture")
    assert "cannot be released unseen" in words(at)
    assert not has(at, key(planned, f"release_{own(planned).id}_picture_on"))


def test_words_are_a_draft_at_once_and_kept_for_the_meeting(alice, planned):
    field = key(planned, f"words_{own(planned).id}_words")
    write(alice.visits("meeting"), field, "three first sen")
    at = alice.visits("meeting")
    assert at.text_area(key=field).value == "three first sen"
    write(at, field, "three first sentences")
    press(at, key(planned, f"words_{own(planned).id}_save"))
    assert "Yours alone until you put it on the shared screen" in words(at)
    alice.synced()
    assert meetings.now(alice.db, team=alice.team).items[0].known.words == "three first sentences"


def test_words_that_could_name_a_client_are_pointed_out_first(alice, planned):
    at = alice.visits("meeting")
    write(at, key(planned, f"words_{own(planned).id}_words"), "write to ann@example.org")
    press(at, key(planned, f"words_{own(planned).id}_save"))
    assert has(at, key(planned, f"words_{own(planned).id}_as_it_is"))
    assert alice.saved("item.release") == []


def test_passing_takes_it_off_the_agenda_and_the_question_waits_for_another_time(alice, sue, planned):
    at = alice.visits("meeting")
    assert "as if it had never been there" in words(at)
    press(at, key(planned, f"own_{own(planned).id}_pass"))
    said = words(at)
    assert "your C\\-0471" not in said
    alice.synced()
    assert len(meetings.now(sue.db, team=sue.team).items) == 2
    assert "**C\\-0471:** What did I miss?" in words(alice.visits("meeting"))


def test_the_item_that_is_on_is_said_and_ones_own_comes_first(alice, sue, planned):
    begun(sue, planned)
    said = words(alice.visits("meeting"))
    assert "The meeting is on" in said
    assert f"**Now:** Case {own(planned).case} · Person {own(planned).person} is **your C\\-0471**" in said


def test_after_the_discussion_the_six_causes_are_rated_again_beside_what_stood_before(alice, sue, planned):
    begun(sue, planned, over=1)
    at, place = alice.visits("meeting"), f"rerate_{own(planned).id}"
    assert "Before: 3 · a lot" in words(at)
    assert "Before: not rated" in words(at)
    pick(at, key(planned, f"{place}_cause_1"), 1)
    pick(at, key(planned, f"{place}_helped"), "yes")
    press(at, key(planned, f"{place}_save"))
    said = words(at)
    assert "“Rapport” \\(3 to 1\\)" in said
    assert "**Did talking about it help?** It helped" in said
    alice.synced()
    assert meetings.now(sue.db, team=sue.team).items[0].known.reratings == {1: (3, 1)}


def test_what_was_released_is_taken_back_after_the_discussion_too_and_no_more_is_released(
    alice, sue, planned
):
    own_items.release(alice.outbox, meeting=planned, item=own(planned), parts=["moment"])
    alice.synced()
    begun(sue, planned, over=1)
    at = alice.visits("meeting")
    assert "The moment · on the screen" in words(at)
    assert "not on the screen" not in words(at)
    press(
        opens(at, planned, f"release_{own(planned).id}_moment"),
        key(planned, f"release_{own(planned).id}_moment_off"),
    )
    alice.synced()
    assert meetings.screen(sue.db, team=sue.team).items[0].released == {}


def test_decisions_and_actions_on_ones_own_case_are_read_there(alice, sue, planned):
    meeting = begun(sue, planned)
    chairing.decide(
        sue.outbox, meeting=meeting, item=own(meeting), words="Slower, and asked first", sentence="What was that like?",
        will_know="She answers with more than one word",
    )  # fmt: skip
    actions.agree(
        sue.outbox,
        team=sue.team,
        owner=alice.id,
        what="Ask about the pause",
        therapist=alice.id,
        case=own(meeting).known.case,
    )
    sue.synced()
    said = words(alice.visits("meeting"))
    for told in (
        "**Decided:** Slower, and asked first",
        "What was that like?",
        "She answers with more than one word",
        "Ask about the pause",
    ):
        assert told in said


def test_the_theme_stands_on_everybodys_device_while_it_is_on_with_its_prompts_one_at_a_time(
    alice, sue, planned
):
    begun(sue, planned, over=2)
    at = alice.visits("meeting")
    said = words(at)
    assert "“Own agenda” is rated higher than usual" in said
    assert "1 of " in said
    assert not any("Show on the screen" in (button.label or "") for button in at.button)
    first = said[said.index("1 of ") :]
    press(at, key(planned, "theme_prompt_1"))
    assert "2 of " in words(at)
    assert words(at) != first


def test_the_pulse_is_asked_at_the_end_once_and_is_kept_nowhere_before_it_is_given(alice, sue, planned):
    meeting = begun(sue, planned)
    assert "Could I bring a mistake today?" not in words(alice.visits("meeting"))
    chairing.end(sue.outbox, meeting=meeting)
    sue.synced()
    at = alice.visits("meeting")
    assert "1 no, not here" in at.radio(key=key(planned, "pulse_answer")).options
    press(at, key(planned, "pulse_give"))
    assert "choose an answer from 1 to 5" in words(at)
    at.radio(key=key(planned, "pulse_answer")).set_value(4).run()
    assert alice.saved("pulse.give") == []
    press(at, key(planned, "pulse_give"))
    assert "Your answer counts among the others" in words(at)
    alice.synced()
    assert "Could I bring a mistake today?" not in words(alice.visits("meeting"))


def test_a_supervisor_is_not_asked_for_the_pulse(sue, planned):
    chairing.end(sue.outbox, meeting=begun(sue, planned))
    sue.synced()
    assert not has(sue.visits("meeting"), key(planned, "pulse_give"))


def test_the_course_of_the_pulse_is_there_from_five_answers_on(app, alice, sue):
    for days, n in ((9, 4), (2, 5)):
        day, meeting = today() - timedelta(days=days), UUID(int=days * 1000 + n + sue.id.int % 10**9)
        app.sql.execute(
            "insert into public.meetings (led_by, id, team_id, held_on, state, begun_at, ended_at) values (%s, %s, %s, %s, 'ended', %s, %s)",
            (sue.id, meeting, sue.team, day, day, day),
        )
        app.sql.execute(
            "insert into private.pulse_counts (led_by, meeting_id, answer, n) values (%s, %s, 4, %s)",
            (sue.id, meeting, n),
        )
    said = words(alice.visits("meeting"))
    assert "4\\.0 of 5 on average" in said
    assert "nobody’s grade" in said


def test_with_no_meeting_something_can_be_brought_to_the_next(alice):
    opened = [cases.open(alice.outbox, team=alice.team, code=code) for code in ("C-0481", "C-0482")]
    alice.synced()
    at = alice.visits("meeting")
    assert "No meeting is planned just now" in words(at)
    prefix = f"meeting_{alice.team}_bring_0"
    at.session_state[f"{prefix}_open"] = True
    at.run()
    at.selectbox(key=f"{prefix}_case").set_value(opened[1].entity).run()
    write(at, f"{prefix}_moment", "A long pause")
    write(at, f"{prefix}_question", "What was it?")
    again = alice.visits("meeting")
    again.session_state[f"{prefix}_open"] = True
    assert again.run().text_area(key=f"{prefix}_moment").value == "A long pause"
    press(again, f"{prefix}_save")
    assert "**C\\-0482:** What was it?" in words(again)


def test_a_meeting_goes_on_for_a_therapist_while_the_database_is_away(app, alice, planned):
    alice.visits("meeting")
    app.loses_the_database()
    at = opens(alice.visits("meeting"), planned, f"release_{own(planned).id}_moment")
    press(at, key(planned, f"release_{own(planned).id}_moment_on"))
    said = words(at)
    assert "What you see here is from before." in said
    assert "Not on the shared screen yet: the moment." in said
