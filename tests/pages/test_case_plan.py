"""The plan and the questions for supervision on the case page, and where they show on Home."""

import zlib
from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import episodes, plans, questions, reflections, texts, weeks
from services.plans import Review, Strategy
from services.questions import Question
from tests.pages.conftest import Somebody, has, pick, press, today, words, write
from tests.pages.test_case_formulation import at_tab, opened, supervisor, unfolds

SAID = {"moment": "She looked at the clock", "question": "What did I not hear?"}


def tried(who: Somebody, case: UUID) -> list[Strategy]:
    return plans.strategies(who.db, team=who.team, therapist=who.id, case=case)


def reviewed(who: Somebody, case: UUID) -> list[Review]:
    return plans.reviews(who.db, team=who.team, therapist=who.id, case=case)


def asked(who: Somebody, case: UUID) -> list[Question]:
    return questions.of_case(who.db, team=who.team, therapist=who.id, case=case)


def tries(who: Somebody, case: UUID, wording: str = "Slow down", **more) -> Strategy:
    """A strategy in the database."""
    op = plans.start(
        who.outbox, team=who.team, case=case, wording=wording, started_on=today() - timedelta(days=40), today=today(), **more
    )  # fmt: skip
    who.synced()
    return next(one for one in tried(who, case) if str(one.id) == op.entity)


def brings(who: Somebody, case: UUID, **more) -> Question:
    op = questions.ask(who.outbox, team=who.team, case=case, asked_on=today(), today=today(), **SAID | more)
    who.synced()
    return next(one for one in asked(who, case) if str(one.id) == op.entity)


def reviews(who: Somebody, case: UUID, *, days_ago: int, next_in: int | None, verdicts=None, **more) -> None:
    on = today() - timedelta(days=days_ago)
    plans.review(
        who.outbox, team=who.team, case=case, verdicts=verdicts or {}, adjustment=more.pop("adjustment", "canary adjustment"),
        reviewed_on=on, today=today(), next_review_on=on + timedelta(days=next_in) if next_in else None, **more,
    )  # fmt: skip
    who.synced()


def go_on(at: AppTest, key: str) -> AppTest:
    """Press a button that leads to another page."""
    return press(at, key)


def test_an_empty_plan_says_so_without_calling_it_good_or_bad(alice):
    said = words(at_tab(alice, opened(alice), "Plan"))
    assert "No strategy is on record as being tried." in said
    assert "The plan has not been reviewed yet." in said


def test_what_is_tried_is_reviewed_in_one_go_while_all_of_it_is_still_on_its_way(alice):
    case = opened(alice)
    at = unfolds(at_tab(alice, case, "Plan"), case, "try_0")
    press(at, f"case_{case}_try_save")
    assert "What would you like to try?" in words(at)
    write(at, f"case_{case}_try_wording", "Ask before I explain")
    press(at, f"case_{case}_try_save")
    assert "Ask before I explain" in words(at)
    assert "not reviewed yet" in words(at)
    (strategy,) = [op.entity for op in alice.saved("strategy.start")]
    unfolds(at, case, "review_0")
    press(at, f"case_{case}_review_save")
    assert "Please say of one strategy whether it works" in words(at)
    pick(at, f"case_{case}_review_verdict_{strategy}", "partly")
    write(at, f"case_{case}_review_adjustment", "Wait a breath longer")
    pick(at, f"case_{case}_review_next_in", 14)
    press(at, f"case_{case}_review_save")
    said = words(at)
    assert "**Partly:** Ask before I explain" in said
    assert "**From here on:** Wait a breath longer" in said
    assert "Since " in said
    assert "partly (today)" in said
    alice.synced()
    (review,) = reviewed(alice, case)
    assert (review.next_review_on, review.adjustment.shared) == (today() + timedelta(days=14), False)
    assert tried(alice, case)[0].verdicts[0].verdict == "partly"


def test_a_review_can_be_left_without_a_next_date(alice):
    case = opened(alice)
    at = unfolds(at_tab(alice, case, "Plan"), case, "review_0")
    write(at, f"case_{case}_review_adjustment", "Nothing for now")
    pick(at, f"case_{case}_review_next_in", 0)
    press(at, f"case_{case}_review_save")
    assert "No date is set for the next review." in words(at)
    alice.synced()
    assert reviewed(alice, case)[0].next_review_on is None


def test_what_is_no_longer_tried_moves_aside_and_keeps_what_was_said_of_it(alice):
    case = opened(alice)
    strategy = tries(alice, case)
    reviews(alice, case, days_ago=3, next_in=28, verdicts={strategy.id: "not"})
    at = press(at_tab(alice, case, "Plan"), f"case_{case}_strategy_{strategy.id}_end")
    assert "No strategy is on record as being tried." in words(at)
    assert "No longer tried (1)" in [one.label for one in at.expander]
    assert "not so far (" in words(at)
    alice.synced()
    assert tried(alice, case)[0].ended_on == today()


@pytest.mark.parametrize(
    ("ago", "next_in", "sentence"),
    [
        (28, 28, "The next review is due today."),
        (30, 28, "A review is due since"),
        (1, 28, "The next review is on"),
    ],
)
def test_when_to_look_again_is_said_in_words(alice, ago, next_in, sentence):
    case = opened(alice)
    reviews(alice, case, days_ago=ago, next_in=next_in)
    assert sentence in words(at_tab(alice, case, "Plan"))


def test_a_supervisor_sees_how_it_goes_and_reads_only_what_is_shared(alice):
    case = opened(alice)
    mine, ours = tries(alice, case, "canary private"), tries(alice, case, "canary shared", share=True)
    reviews(alice, case, days_ago=2, next_in=28, verdicts={mine.id: "works", ours.id: "partly"})
    sue = supervisor(alice)
    said = words(at_tab(sue, case, "Plan"))
    assert "canary shared" in said
    assert "canary private" not in said
    assert "canary adjustment" not in said
    assert "**Works:** a strategy tried since" in said
    assert "Kept private by the therapist." in said
    texts.share(alice.outbox, text=reviewed(alice, case)[0].adjustment, case=case)
    alice.synced()
    at = at_tab(sue, case, "Plan")
    assert "canary adjustment" in words(at)
    assert not has(at, f"case_{case}_try_wording")
    assert at.text_area == []


def test_a_question_is_brought_from_the_case_and_withdrawn_again(alice):
    case = opened(alice)
    at = at_tab(alice, case, "Supervision")
    assert "Nothing about this case is to be brought just now." in words(at)
    unfolds(at, case, "bring_0_open")
    press(at, f"case_{case}_bring_0_save")
    assert "Which moment is it about?" in words(at)
    write(at, f"case_{case}_bring_0_moment", "canary moment")
    write(at, f"case_{case}_bring_0_question", "canary question")
    press(at, f"case_{case}_bring_0_save")
    assert "canary question" in words(at)
    alice.synced()
    sue = supervisor(alice)
    assert "canary moment" in words(at_tab(sue, case, "Supervision"))
    (question,) = asked(alice, case)
    at = press(at_tab(alice, case, "Supervision"), f"case_{case}_question_{question.id}_withdraw")
    assert "Earlier ones (1)" in [one.label for one in at.expander]
    alice.synced()
    assert "canary" not in words(at_tab(sue, case, "Supervision"))
    press(at_tab(alice, case, "Supervision"), f"case_{case}_question_{question.id}_again")
    alice.synced()
    assert "canary moment" in words(at_tab(sue, case, "Supervision"))


def test_a_question_can_be_put_in_other_words(alice):
    case = opened(alice)
    question = brings(alice, case, felt="sent away")
    at = at_tab(alice, case, "Supervision")
    edition = zlib.crc32(
        "\0".join((question.moment, question.question, question.felt, question.would_like)).encode()
    )
    unfolds(at, case, f"question_{question.id}_reword_{edition}")
    write(at, f"case_{case}_question_{question.id}_question", "What was she protecting?")
    press(at, f"case_{case}_question_{question.id}_save")
    alice.synced()
    assert [(one.question, one.moment, one.felt) for one in asked(alice, case)] == [
        ("What was she protecting?", SAID["moment"], "sent away")
    ]  # fmt: skip


def test_a_supervisor_is_offered_nothing_to_write_but_an_action(alice):
    case = opened(alice)
    question = brings(alice, case)
    at = at_tab(supervisor(alice), case, "Supervision")
    assert SAID["moment"] in words(at)
    assert not has(at, f"case_{case}_question_{question.id}_withdraw")
    assert [one.label for one in at.expander] == ["Agree on something to be done"]


def test_names_in_a_question_are_pointed_out_first(alice):
    case = opened(alice)
    at = unfolds(at_tab(alice, case, "Supervision"), case, "bring_0_open")
    write(at, f"case_{case}_bring_0_moment", "Mrs Brown laughed")
    write(at, f"case_{case}_bring_0_question", "At what?")
    press(at, f"case_{case}_bring_0_save")
    assert "a name with a title" in words(at)
    assert alice.saved("question.ask") == []


def test_an_episode_that_was_just_logged_can_be_brought(alice):
    opened(alice, "C-0111")
    at = pick(alice.visits("log_episode"), "log_episode_kind", "stalled")
    press(at, "log_episode_save")
    (episode,) = [op.entity for op in alice.saved("episode.log")]
    at.session_state[f"log_episode_bring_{episode}_open"] = True
    at.run()
    write(at, f"log_episode_bring_{episode}_moment", SAID["moment"])
    write(at, f"log_episode_bring_{episode}_question", SAID["question"])
    press(at, f"log_episode_bring_{episode}_save")
    assert "You will bring this." in words(at)
    alice.synced()
    (question,) = questions.open_in(alice.db, team=alice.team)
    assert (str(question.episode), question.code) == (episode, "C-0111")


@pytest.mark.parametrize("read", [False, True])
def test_something_from_a_reflection_that_was_handed_in_can_be_brought_about_one_of_the_cases(alice, read):
    case, week = opened(alice, "C-0112"), weeks.monday(today())
    opened(alice, "C-0113")
    handed = reflections.hand_in(
        alice.outbox, therapist=alice.id, team=alice.team, week=week, ratings={1: 2}, behaviours=[], parts={}, based_on=0, today=today()
    )  # fmt: skip
    alice.synced()
    if read:
        sue = supervisor(alice)
        reflections.mark_read(sue.outbox, therapist=alice.id, reflection=UUID(handed.entity))
        sue.synced()
    key = f"bring_{week}"
    at = alice.visits("weekly_reflection")
    at.session_state[f"{key}_open"] = True
    at.run()
    write(at, f"{key}_moment", SAID["moment"])
    write(at, f"{key}_question", SAID["question"])
    press(at, f"{key}_save")
    assert "Please choose the case that it is about." in words(at)
    at.selectbox(key=f"{key}_case").set_value(str(case)).run()
    press(at, f"{key}_save")
    assert "You will bring this." in words(at)
    alice.synced()
    (question,) = asked(alice, case)
    assert str(question.reflection) == handed.entity


def test_home_names_the_reviews_that_are_due_and_leads_to_the_plan(alice):
    first, later = opened(alice, "C-0121"), opened(alice, "C-0122")
    reviews(alice, first, days_ago=31, next_in=28)
    reviews(alice, later, days_ago=3, next_in=28)
    at = alice.visits("home")
    said = words(at)
    assert "Plan of **C\\-0121**: a review is due since" in said
    assert "0122" not in said
    at = go_on(at, f"home_review_{first}_go")
    assert "A review is due since" in words(at)
    assert at.selectbox(key="case_chosen").value == str(first)


def test_home_names_own_questions_for_the_next_meeting_also_those_on_their_way(alice):
    case = opened(alice, "C-0123")
    question = brings(alice, case)
    brings_later = questions.ask(
        alice.outbox,
        team=alice.team,
        case=case,
        moment="m",
        question="And the silence?",
        asked_on=today(),
        today=today(),
    )
    at = alice.visits("home")
    said = words(at)
    assert "To bring from **C\\-0123**: What did I not hear?" in said
    assert "To bring from **C\\-0123**: And the silence?" in said
    assert has(at, f"home_question_{brings_later.entity}_go")
    at = go_on(at, f"home_question_{question.id}_go")
    assert "To bring to supervision" in words(at)


def test_the_supervisors_home_names_open_questions_of_the_team_and_leads_to_the_case(alice):
    case, other = opened(alice, "C-0124"), opened(alice, "C-0125")
    question = brings(alice, case)
    questions.withdraw(alice.outbox, question=brings(alice, other, question="canary withdrawn"))
    alice.synced()
    sue = supervisor(alice)
    at = sue.visits("home")
    said = words(at)
    assert "1 question to bring" in said
    assert "Alice Ashby" in said
    assert "What did I not hear?" in said
    assert "canary" not in said
    at = go_on(at, f"home_question_{question.id}_go")
    assert SAID["moment"] in words(at)


def test_while_the_database_is_away_the_plan_and_the_questions_are_those_from_before(alice):
    case = opened(alice)
    tries(alice, case, "Breathe first")
    brings(alice, case)
    for tab, known in (("Plan", "Breathe first"), ("Supervision", SAID["question"])):
        at = at_tab(alice, case, tab)
        before = dict(vars(alice.app.place))
        alice.app.loses_the_database()
        at.run()
        assert known in words(at)
        assert "from before" in words(at)
        assert not at.exception
        vars(alice.app.place).update(before)


def test_an_episode_can_be_chosen_on_the_case_page_too_and_what_was_begun_about_one_goes_on_there(alice):
    case = opened(alice)
    op = episodes.log(
        alice.outbox, team=alice.team, case=case, happened_on=today(), kind="stalled", today=today()
    )
    alice.synced()
    at = unfolds(at_tab(alice, case, "Supervision"), case, "bring_0_open")
    assert at.selectbox(key=f"case_{case}_bring_0_episode").options == ["Today: Stalled work"]
    at.selectbox(key=f"case_{case}_bring_0_episode").set_value(op.entity).run()
    write(at, f"case_{case}_bring_0_moment", SAID["moment"])
    write(at, f"case_{case}_bring_0_question", SAID["question"])
    press(at, f"case_{case}_bring_0_save")
    assert "from an episode" in words(at)
    alice.synced()
    assert str(asked(alice, case)[0].episode) == op.entity


def test_a_question_begun_after_logging_goes_on_at_its_case(alice):
    case = opened(alice, "C-0131")
    at = press(pick(alice.visits("log_episode"), "log_episode_kind", "yes_but"), "log_episode_save")
    (episode,) = [op.entity for op in alice.saved("episode.log")]
    at.session_state[f"log_episode_bring_{episode}_open"] = True
    write(at.run(), f"log_episode_bring_{episode}_moment", "half a mom")
    alice.synced()
    at = alice.visits("waiting")
    assert "A question for supervision" in words(at)
    at = press(at, "waiting_begun_0_go")
    assert "Begun, about an episode (Today: “Yes, but …”)" in [one.label for one in at.expander]
    at = unfolds(at_tab(alice, case, "Supervision"), case, f"bring_0_{episode}_open")
    assert at.text_area(key=f"case_{case}_bring_0_{episode}_moment").value == "half a mom"
