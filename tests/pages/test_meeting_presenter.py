"""The running meeting on the supervisor's own device: moving on, the clock, stages, prompts, decisions; with the database away as well."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.meeting import case_slot, causes, decide, pressing, stages, ticking
from services import (
    actions,
    cases,
    chairing,
    episodes,
    meetings,
    own_items,
    prompts,
    questions,
    ruptures,
)
from services.meetings import Decision, Item, Known, Meeting
from tests.pages.conftest import App, Somebody, pick, press, today, words, write

MOMENT = "She looked away when the homework came up, and I went on talking."


@pytest.fixture(autouse=True)
def presses_as_fast_as_a_test_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressing, "TOO_SOON", 0.0)


@dataclass
class Scene:
    """Sue presents; Alice has brought a question on one case and a rupture on another."""

    sue: Somebody
    alice: Somebody
    asked: UUID
    strained: UUID
    rupture: UUID
    items: dict[str, UUID] = field(default_factory=dict)

    @property
    def meeting(self) -> Meeting:
        return meetings.now(self.sue.db, team=self.sue.team)

    def item(self, name: str) -> Item:
        return self.meeting.find(self.items[name])

    def key(self, name: str, item: str = "") -> str:
        return f"meeting_{self.meeting.id}_{name}" + (f"_{self.items[item]}" if item else "")


@pytest.fixture
def scene(app: App) -> Scene:
    """Planned, begun, and in the database: last time's actions, a question, a rupture, what went well."""
    alice = app.person("therapist")
    sue = app.person("supervisor", name="Sue Summers", team=alice.team)
    made = {"team": alice.team}
    asked = UUID(cases.open(alice.outbox, **made, code="C-1044").entity)
    strained = UUID(cases.open(alice.outbox, **made, code="C-2077").entity)
    episodes.log(
        alice.outbox, **made, case=asked, happened_on=today() - timedelta(days=3), kind="homework_not_done", today=today(), intensity=3,
        ratings={1: 2, 2: 4, 3: 1},
    )  # fmt: skip
    question = questions.ask(
        alice.outbox,
        **made,
        case=asked,
        moment=MOMENT,
        question="What did I miss?",
        asked_on=today(),
        today=today(),
    )
    rupture = ruptures.open(
        alice.outbox,
        **made,
        case=strained,
        kind="withdrawal",
        noticed_on=today() - timedelta(days=9),
        today=today(),
    )
    alice.synced()
    about = {"therapist": alice.id}
    items = {
        "follow_ups": chairing.an_item("follow_ups", minutes=5),
        "question": chairing.an_item(
            "question", **about, case=asked, question=UUID(question.entity), because=[{"why": "chosen", "points": None}, {"why": "flag", "rule": "R1", "severity": "review", "points": 3}, {"why": "carried", "points": 3}],
        ),
        "rupture": chairing.an_item("rupture", **about, case=strained, rupture=UUID(rupture.entity)),
        "well": chairing.an_item("went_well", minutes=5),
    }  # fmt: skip
    chairing.plan(sue.outbox, team=sue.team, held_on=today(), items=list(items.values()))
    sue.synced()
    chairing.begin(sue.outbox, meeting=meetings.now(sue.db, team=sue.team))
    sue.synced()
    return Scene(sue, alice, asked, strained, UUID(rupture.entity), {name: UUID(one["id"]) for name, one in items.items()})  # fmt: skip


def at_item(scene: Scene, name: str) -> AppTest:
    """Sue's device, with this item being talked about."""
    chairing.go(scene.sue.outbox, meeting=scene.meeting, to=scene.item(name))
    scene.sue.synced()
    return scene.sue.visits("meeting")


def test_next_and_previous_move_through_the_agenda_and_what_was_left_is_talked_about(scene):
    at = scene.sue.visits("meeting")
    assert "1 of 4 · Last time’s actions" in words(at).replace("\\", "")
    press(at, scene.key("next", "follow_ups"))
    item = scene.item("question")
    assert f"2 of 4 · Case {item.case} · C-1044 · Alice Ashby" in words(at).replace("\\", "")
    scene.sue.synced()
    assert scene.meeting.item == scene.items["question"]
    assert scene.item("follow_ups").state == "done"
    at = scene.sue.visits("meeting")
    press(at, scene.key("previous", "question"))
    scene.sue.synced()
    assert scene.meeting.item == scene.items["follow_ups"]
    assert scene.item("question").state == "on"


@pytest.mark.parametrize(
    ("decided", "state"), [(False, "on"), (True, "done")], ids=["nothing yet", "decided"]
)
def test_an_item_left_by_the_agenda_is_to_come_unless_something_was_decided_on_it(scene, decided, state):
    at_item(scene, "question")
    if decided:
        chairing.decide(
            scene.sue.outbox, meeting=scene.meeting, item=scene.item("question"), words="Slower, next time."
        )
    scene.sue.synced()
    at = scene.sue.visits("meeting")
    press(at, scene.key(f"to_{scene.items['well']}_from", "question"))
    scene.sue.synced()
    assert scene.meeting.item == scene.items["well"]
    assert scene.item("question").state == state


def test_a_second_press_that_comes_at_once_is_the_first_ones_echo(scene, monkeypatch):
    monkeypatch.setattr(pressing, "TOO_SOON", 3_600.0)
    at = scene.sue.visits("meeting")
    press(at, scene.key("next", "follow_ups"))
    press(at, scene.key("next", "question"))
    scene.sue.synced()
    assert scene.meeting.item == scene.items["question"]


def test_the_same_press_on_two_devices_moves_once(scene):
    laptop, phone = scene.sue.visits("meeting"), scene.sue.visits("meeting")
    press(laptop, scene.key("next", "follow_ups"))
    phone.button(key=scene.key("next", "follow_ups")).click().run()
    scene.sue.synced()
    assert scene.meeting.item == scene.items["question"]


def test_the_clock_is_stopped_and_started(scene):
    at = scene.sue.visits("meeting")
    press(at, f"{scene.key('clock', 'follow_ups')}_True")
    scene.sue.synced()
    assert scene.meeting.clock_since is None
    assert "clock stopped" in words(at)
    press(at, f"{scene.key('clock', 'follow_ups')}_False")
    scene.sue.synced()
    assert scene.meeting.clock_since is not None


def test_the_case_is_on_one_screen_with_names_for_the_presenter_and_says_what_the_screen_has(scene):
    said = words(at_item(scene, "question")).replace("\\", "")
    assert MOMENT in said
    assert "What did I miss?" in said
    assert case_slot.BLAME_FREE in said
    name = f"Case {scene.item('question').case} · Person {scene.item('question').person}"
    assert f"{name}, and nothing else of it." in said
    own_items.release(
        scene.alice.outbox, meeting=scene.meeting, item=scene.item("question"), parts=["moment", "question"]
    )
    scene.alice.synced()
    assert f"{name}, with the moment, the question." in words(scene.sue.visits("meeting")).replace("\\", "")


def test_the_six_causes_read_as_they_were_rated_before(scene):
    said = words(at_item(scene, "question"))
    assert "<b>2 Own agenda</b>" in said
    assert "<span>4 · main factor</span>" in said
    assert "<span>not rated</span>" in said


def test_why_it_is_here_adds_up(scene):
    at = at_item(scene, "question")
    at.session_state[scene.key("looks", "question")] = "Why it is here"
    said = words(at.run()).replace("\\", "")
    assert "Alice asked to bring it" in said
    assert "3 no reliable improvement + 3 carried over from last time = 6" in said


def test_the_stages_go_on_one_by_one(scene):
    at = at_item(scene, "question")
    press(at, f"{scene.key('stage', 'question')}_moment_on")
    scene.sue.synced()
    assert scene.item("question").stage == "did_well"


def test_jumping_over_what_went_well_asks_first(scene):
    at = at_item(scene, "question")
    key = f"{scene.key('stage', 'question')}_moment"
    press(at, f"{key}_to_next_step")
    assert scene.sue.saved("item.amend") == []
    assert "What already worked comes first" in words(at)
    press(at, f"{key}_sure_did_well")
    scene.sue.synced()
    assert scene.item("question").stage == "did_well"


@pytest.mark.parametrize(
    ("here", "to", "asks"),
    [("moment", "did_well", False), ("moment", "explore", True), ("moment", "next_step", True), ("did_well", "next_step", False), ("look", "moment", False)],
)  # fmt: skip
def test_what_counts_as_jumping_over_it(here, to, asks):
    assert stages.jumps_over_what_went_well(here, to) is asks


def prompt_on(at: AppTest) -> str:
    """The slug of the prompt that is looked at."""
    shown = [
        one.key for one in at.button if (one.key or "").endswith(("_show", "_off")) and "_prompt_" in one.key
    ]
    return shown[0].rsplit("_", 2)[1]


def test_prompts_come_one_at_a_time_and_validating_comes_first(scene):
    at = at_item(scene, "rupture")
    by_slug = {prompt.slug: prompt for prompt in prompts.library(scene.sue.db)}
    seen = []
    while True:
        slug = prompt_on(at)
        seen.append(by_slug[slug].stage)
        onward = f"{scene.key('prompt', 'rupture')}_{slug}_on"
        if at.button(key=onward).disabled:
            break
        press(at, onward)
    order = list(dict.fromkeys(seen))
    assert order == [stage for stage in ("validate", "contribution", "protect", "later") if stage in order]
    assert order[0] == "validate"
    assert max(seen.count(stage) for stage in order) <= 3


def test_a_prompt_goes_on_the_screen_and_off_it(scene):
    at = at_item(scene, "question")
    slug = prompt_on(at)
    press(at, f"{scene.key('prompt', 'question')}_{slug}_show")
    scene.sue.synced()
    assert scene.meeting.prompt == slug
    press(at, f"{scene.key('prompt', 'question')}_{slug}_off")
    scene.sue.synced()
    assert scene.meeting.prompt is None


def test_what_became_of_a_prompt_is_kept_with_the_case(scene):
    at = at_item(scene, "question")
    slug = prompt_on(at)
    press(at, f"{scene.key('prompt', 'question')}_{slug}_helped")
    scene.sue.synced()
    used = prompts.uses(scene.sue.db, team=scene.sue.team, therapist=scene.alice.id, case=scene.asked)
    assert [(one.prompt, one.verdict) for one in used] == [(slug, "helped")]


def test_a_timer_is_set_for_the_screen_and_taken_away(scene):
    at = scene.sue.visits("meeting")
    press(at, scene.key("timer_silence_1"))
    scene.sue.synced()
    assert scene.meeting.timer == "silence"
    assert "Silent reflection" in words(at)
    press(at, scene.key("timer_off"))
    scene.sue.synced()
    assert scene.meeting.timer is None


def test_any_case_of_the_team_is_put_on_while_it_runs(scene):
    quiet = UUID(cases.open(scene.alice.outbox, team=scene.alice.team, code="C-3088").entity)
    scene.alice.synced()
    at, key = scene.sue.visits("meeting"), scene.key("add_any")
    at.text_input(key=f"{key}_code").set_value("9999").run()
    assert "No open case of the team has this in its code." in words(at)
    at.text_input(key=f"{key}_code").set_value("c3088").run()
    press(at, f"{key}_{quiet}_add")
    assert at.button(key=f"{key}_{quiet}_add").disabled
    scene.sue.synced()
    assert [one.known.case for one in scene.meeting.items] == [None, scene.asked, scene.strained, quiet, None]
    assert scene.meeting.items[3].known.because == ({"why": "supervisor", "points": 0},)


def decides(scene: Scene, item: str, at: AppTest | None = None) -> tuple[AppTest, str]:
    at = at or at_item(scene, item)
    press(at, scene.key("decide", item))
    return at, scene.key("decision", item)


def test_a_decision_and_its_action_are_recorded_and_listed(scene):
    at, form = decides(scene, "question")
    pick(at, f"{form}_decision", "adjust_plan")
    write(at, f"{form}_words", "Go slower with the tasks")
    at.text_input(key=f"{form}_what").set_value("Ask what the task was for").run()
    press(at, f"{form}_save")
    said = words(at)
    assert "**Adjust the plan**: Go slower with the tasks" in said
    assert "**Alice Ashby:** Ask what the task was for" in said
    scene.sue.synced()
    (made,) = scene.item("question").known.decisions
    assert (made.decision, made.words, made.shown) == ("adjust_plan", "Go slower with the tasks", False)
    assert scene.item("question").decisions == ()  # nothing of it is on the screen
    (action,) = actions.in_team(scene.alice.db, team=scene.alice.team, owner=scene.alice.id)
    assert (action.what, action.case, action.due_on) == (
        "Ask what the task was for",
        scene.asked,
        today() + timedelta(days=7),
    )


def test_what_is_typed_of_a_decision_is_kept_for_its_item(scene):
    at, form = decides(scene, "question")
    write(at, f"{form}_words", "Half a thought")
    press(at, f"{scene.key('deciding', 'question')}_close")
    assert not any(one.key == f"{form}_words" for one in at.text_area)
    scene.sue.visits("meeting")
    at, _ = decides(scene, "rupture")
    assert at.text_area(key=f"{scene.key('decision', 'rupture')}_words").value == ""
    at, form = decides(scene, "question")
    assert at.text_area(key=f"{form}_words").value == "Half a thought"


def test_a_decision_on_what_left_the_agenda_meanwhile_stays_with_its_author_to_read(scene):
    at, form = decides(scene, "question")
    write(at, f"{form}_words", "Go slower with the tasks")
    own_items.pass_on(scene.alice.outbox, meeting=scene.meeting, item=scene.item("question"))
    scene.alice.synced()
    assert "Go slower with the tasks" in words(scene.sue.visits("waiting"))  # while it is a draft
    press(at, f"{form}_save")
    scene.sue.synced()
    at = scene.sue.visits("meeting")
    (told,) = [one.value for one in at.warning]
    assert told.startswith("This is no longer on the agenda")
    assert "pass" not in told
    said = words(scene.sue.visits("waiting"))
    assert "**In words:** Go slower with the tasks" in said
    assert "pass" not in said.lower()


def test_an_empty_decision_is_refused_in_a_sentence(scene):
    at, form = decides(scene, "question")
    press(at, f"{form}_save")
    assert any("Please choose or write what was decided" in one.value for one in at.error)
    assert scene.sue.saved("item.decide") == []


def test_details_that_may_identify_somebody_are_pointed_out_first(scene):
    at, form = decides(scene, "question")
    write(at, f"{form}_words", "Ring Mrs Miller on 0151 496 0000")
    press(at, f"{form}_save")
    assert scene.sue.saved("item.decide") == []
    press(at, f"{form}_as_it_is")
    assert len(scene.sue.saved("item.decide")) == 1


def test_only_a_rupture_asks_for_a_sentence_to_try(scene):
    at, form = decides(scene, "question")
    assert not any(one.key == f"{form}_sentence" for one in at.text_input)
    at, form = decides(scene, "rupture")
    at.text_input(key=f"{form}_sentence").set_value("Something got in between us").run()
    at.text_input(key=f"{form}_will_know").set_value("She says what it was like").run()
    press(at, f"{form}_save")
    assert "A sentence to try: “Something got in between us”" in words(at)
    scene.sue.synced()
    (made,) = scene.item("rupture").known.decisions
    assert (made.sentence, made.will_know) == ("Something got in between us", "She says what it was like")


def test_what_the_therapist_rated_again_says_what_shifted(scene):
    at_item(scene, "question")
    own_items.rate_again(
        scene.alice.outbox,
        meeting=scene.meeting,
        item=scene.item("question"),
        ratings={1: 2, 2: 1},
        helped="yes",
    )
    scene.alice.synced()
    said = words(scene.sue.visits("meeting")).replace("\\", "")
    assert "**Alice Ashby rated again:** Own agenda: 4 · main factor, now 1 · a little" in said
    assert "**Did talking about it help?** It helped" in said


def test_a_step_of_the_repair_goes_into_the_ledger(scene):
    at = at_item(scene, "rupture")
    assert "**Name it together.**" in words(at)
    card = f"ruptures_{scene.rupture}"
    at.session_state[f"{card}_steps"] = True
    at.run()
    pick(at, f"{card}_step_stage", "named")
    press(at, f"{card}_step_save")
    assert "**Explore both sides.**" in words(at)  # at once, before the database has it
    scene.sue.synced()
    (now,) = ruptures.open_in(scene.sue.db, team=scene.sue.team)
    assert now.stage == "named"


def test_a_young_team_is_told_that_its_memory_has_too_few(scene):
    assert "Too few to say" in "\n".join(one.value for one in at_item(scene, "rupture").info)


def test_the_end_says_what_is_carried_over(scene):
    at = at_item(scene, "question")
    said = words(at).replace("\\", "")
    assert "What you are at counts as talked about. Carried over to next time: Last time’s actions; " in said
    press(at, scene.key("end"))
    scene.sue.synced()
    stands = scene.meeting
    assert stands.state == "ended"
    assert {name: stands.find(id_).state for name, id_ in scene.items.items()} == {
        "follow_ups": "carried", "question": "done", "rupture": "carried", "well": "carried"
    }  # fmt: skip


def test_what_went_well_says_that_none_on_record_is_not_none(scene):
    assert "That does not mean that there was none." in words(at_item(scene, "well"))


def test_what_went_well_is_there_to_draw_on(scene):
    (strained,) = ruptures.open_in(scene.alice.db, team=scene.alice.team)
    ruptures.close(scene.alice.outbox, rupture=strained, outcome="repaired", closed_on=today(), today=today())
    agreed = actions.agree(
        scene.sue.outbox, team=scene.sue.team, owner=scene.alice.id, what="Book a smaller room"
    )
    scene.alice.synced()
    scene.sue.synced()
    (action,) = actions.in_team(scene.alice.db, team=scene.alice.team)
    assert str(action.id) == agreed.entity
    actions.amend(scene.alice.outbox, action=action, state="done", helped="yes", done_on=today())
    scene.alice.synced()
    said = words(at_item(scene, "well")).replace("\\", "")
    assert "**C-2077** (Alice Ashby): repaired, today" in said
    assert "**Alice Ashby:** Book a smaller room · it helped" in said


def test_a_meeting_goes_on_while_the_database_is_away_and_all_of_it_arrives_once(scene, app: App):
    at = at_item(scene, "question")
    meeting = scene.meeting
    key = f"meeting_{meeting.id}"
    here, there = scene.items["question"], scene.items["rupture"]
    real = app.place.running
    app.loses_the_database()
    press(at, f"{key}_clock_{here}_True")
    assert "clock stopped" in words(at)
    press(at, f"{key}_decide_{here}")
    form = f"{key}_decision_{here}"
    write(at, f"{form}_words", "Said without a database")
    press(at, f"{form}_save")
    assert "Said without a database" in words(at)
    press(at, f"{key}_next_{here}")
    assert "3 of 4" in words(at)
    again = scene.sue.visits("meeting")  # a reload
    assert "3 of 4" in words(again)
    app.place.running = real
    scene.sue.synced()
    stands = scene.meeting
    assert stands.item == there
    assert stands.find(here).state == "done"
    assert [one.words for one in stands.find(here).known.decisions] == ["Said without a database"]
    assert scene.sue.outbox.parked() == []


def running(**changes) -> Meeting:
    begun = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    item = Item(UUID(int=1), "own", title="Rooms", minutes=10)
    start = Meeting(UUID(int=2), UUID(int=3), UUID(int=4), date(2026, 11, 25), "running", 60, begun_at=begun, item=item.id, clock_since=begun, items=(item,))  # fmt: skip
    return replace(start, **changes)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (185, ("3:05 of 10 minutes", False)),
        (600, ("10:00 of 10 minutes", False)),
        (725, ("2:05 over 10 minutes", True)),
    ],
)
def test_the_clock_says_in_words_when_it_is_over(after, said):
    meeting = running()
    assert ticking.of_item(meeting, meeting.begun_at + timedelta(seconds=after)) == said


@pytest.mark.parametrize(
    ("after", "said"),
    [(60, ("Meeting 59 minutes left", False)), (3_580, ("Meeting: less than a minute left", False)), (3_900, ("Meeting 5 minutes over", True))],
)  # fmt: skip
def test_the_time_left_of_the_meeting(after, said):
    meeting = running()
    assert ticking.of_meeting(meeting, meeting.begun_at + timedelta(seconds=after)) == said


def test_a_timer_counts_down_and_then_says_that_its_time_is_up():
    meeting = running()
    meeting = replace(meeting, timer="silence", timer_until=meeting.begun_at + timedelta(seconds=60))
    assert ticking.of_timer(meeting, meeting.begun_at + timedelta(seconds=7)) == (
        "Silent reflection 0:53",
        False,
    )
    assert ticking.of_timer(meeting, meeting.begun_at + timedelta(seconds=61)) == (
        "Silent reflection: time is up",
        True,
    )


def test_after_a_pass_next_leads_to_what_is_still_to_come():
    first = Item(UUID(int=1), "own", title="Rooms", state="done")
    second = Item(UUID(int=5), "own", title="Leave")
    meeting = running(item=None, items=(first, second))
    assert meeting.following == second


def test_a_rating_that_stayed_the_same_is_no_shift():
    assert causes.in_words(3, 3) == "3 · a lot, the same after it"
    assert causes.in_words(None, 2) == "now 2 · partly"


def test_a_decision_says_whether_the_screen_has_it():
    at = type("At", (), {"today": date(2026, 11, 25)})()
    said = decide.in_words(Decision("consult", look_again_on=date(2026, 12, 9), shown=True), at)
    assert said == "**Ask somebody else**  \nLook again on 9 December  \nOn the shared screen"
    assert (
        decide.in_words(Decision(None, words="Wait", shown=False), at)
        == "**Decided**: Wait  \nNot on the shared screen"
    )


def test_what_a_therapist_put_on_the_screen_is_said_by_name():
    item = Item(UUID(int=1), "case", case="47", person="B", known=Known("question", released=("moment", "felt", "causes")))  # fmt: skip
    assert (
        case_slot.on_screen(item) == "Case 47 · Person B, with the moment, what it felt like, the six causes."
    )
    assert (
        case_slot.on_screen(replace(item, known=Known("question")))
        == "Case 47 · Person B, and nothing else of it."
    )
