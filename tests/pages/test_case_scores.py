"""The tab "Scores" of the case page: scores, corrections, check-ins with the therapist's guess first, and who sees what."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.case.at import CHOSEN
from services import cases, check_ins, measures, scores
from tests.pages.conftest import Somebody, has, pick, press, today, words

ANSWERS = {"goals": 7, "way_of_working": 6, "relationship": 9}


@pytest.fixture
def case(alice) -> UUID:
    op = cases.open(alice.outbox, team=alice.team, code="C-0101")
    alice.synced()
    alice.app.holds()
    return UUID(op.entity)


def key(case: UUID, name: str) -> str:
    return f"case_{case}_{name}"


def opens(who: Somebody, case: UUID, *parts: str) -> AppTest:
    """The case page at this case and tab, with these expanders open."""
    at = who.visits("case")
    at.session_state[CHOSEN] = str(case)
    at.session_state[key(case, "tab")] = "Scores"
    for part in parts:
        at.session_state[key(case, part)] = True
    return at.run()


def phq9(who: Somebody) -> measures.Measure:
    return measures.named(measures.registry(who.db), "PHQ-9")


def scored(who: Somebody, case: UUID, *values: float, measure: str = "PHQ-9", every: int = 7) -> None:
    """Scores in the database, the last one today."""
    found = measures.named(measures.registry(who.db), measure)
    for back, value in zip(range(len(values) - 1, -1, -1), values, strict=True):
        day = today() - timedelta(days=every * back)
        scores.enter(
            who.outbox, team=who.team, case=case, measure=found, on_day=day, value=value, today=today()
        )
    who.synced()


def in_database(who: Somebody, case: UUID) -> list[tuple[str, date, float]]:
    found = scores.of_case(who.db, team=who.team, therapist=who.id, case=case)
    return [(score.measure, score.on_day, score.value) for score in found]


def puts(at: AppTest, key: str, value: float | None) -> AppTest:
    return at.number_input(key=key).set_value(value).run()


def test_an_empty_case_says_that_nothing_has_been_entered(alice, case):
    said = words(opens(alice, case))
    assert "No score has been entered for this case yet." in said
    assert "No check-in yet." in said
    assert "not validated" in said


def test_a_score_is_entered_in_one_line_and_is_there_at_once(alice, case):
    at = puts(opens(alice, case), key(case, "score_value"), 14)
    press(at, key(case, "score_save"))
    said = words(at)
    assert "One score so far, 14 on" in said
    assert "Saved here" in said
    alice.synced()
    assert in_database(alice, case) == [("phq-9", today(), 14)]


@pytest.mark.parametrize(
    ("value", "sentence"), [(28, "PHQ\\-9 goes from 0 to 27"), (3.5, "PHQ\\-9 goes in whole numbers")]
)
def test_what_the_measure_cannot_give_is_said_while_typing_and_refused(alice, case, value, sentence):
    at = puts(opens(alice, case), key(case, "score_value"), value)
    assert sentence in words(at)
    press(at, key(case, "score_save"))
    assert alice.saved("score.enter") == []
    assert at.number_input(key=key(case, "score_value")).value == value  # what was typed stays


def test_nothing_and_a_day_to_come_are_refused(alice, case):
    at = press(opens(alice, case), key(case, "score_save"))
    assert "The score is missing." in words(at)
    puts(at, key(case, "score_value"), 3)
    at.date_input(key=key(case, "score_on_day")).set_value(today() + timedelta(days=1)).run()
    assert "has not come yet" in words(press(at, key(case, "score_save")))
    assert alice.saved("score.enter") == []


def test_a_half_typed_score_is_there_in_another_browser(alice, case):
    at = opens(alice, case)
    at.selectbox(key=key(case, "score_measure")).set_value("gad-7").run()
    puts(at, key(case, "score_value"), 9)
    again = opens(alice, case)
    assert again.selectbox(key=key(case, "score_measure")).value == "gad-7"
    assert again.number_input(key=key(case, "score_value")).value == 9


def test_the_next_score_begins_with_the_measure_used_last(alice, case):
    scored(alice, case, 8, measure="GAD-7")
    assert opens(alice, case).selectbox(key=key(case, "score_measure")).value == "gad-7"


def test_a_second_score_on_a_day_is_pointed_out_and_not_saved(alice, case):
    scored(alice, case, 14)
    at = puts(opens(alice, case), key(case, "score_value"), 15)
    assert "on that day already: 14. Correct that one" in words(press(at, key(case, "score_save")))
    assert len(alice.saved("score.enter")) == 1


def test_change_is_said_in_words_with_its_basis_and_our_own_scales_claim_nothing(alice, case):
    scored(alice, case, 18, 15, 12)
    scored(alice, case, 3, 5, measure="How the week went")
    said = words(opens(alice, case)).replace("\\", "")
    assert "6 points lower than at the start: at least the reliable change of 6 (published)." in said
    assert "12 is on the clinical side of the cut-off 10 (published)." in said
    assert "2 points higher than at the start. No threshold is claimed for this scale." in said


def test_a_measure_is_explained_with_source_and_licence(alice, case):
    scored(alice, case, 18)
    said = words(opens(alice, case, "measure_phq-9_about")).replace("\\", "")
    assert "**Range:** 0 to 27" in said
    assert "**Reliable change:** 6, published" in said
    assert "Kroenke, Spitzer & Williams 2001" in said
    assert "Free to use" in said


def test_a_score_is_corrected_and_the_old_one_is_only_history(alice, case, sql):
    scored(alice, case, 18, 12)
    at = opens(alice, case, "measure_phq-9_correct")
    field = key(case, "measure_phq-9_amend_value")
    assert at.number_input(key=field).value == 12  # the latest one is offered first
    assert "This is the score that is there" in words(press(at, key(case, "measure_phq-9_amend_save")))
    puts(at, field, 11)
    press(at, key(case, "measure_phq-9_amend_save"))
    assert "From 18 on" in words(at)
    assert "to 11 on" in words(at)  # before the database has it
    alice.synced()
    assert [value for _, _, value in in_database(alice, case)] == [18, 11]


def test_another_score_than_the_latest_can_be_corrected(alice, case):
    scored(alice, case, 18, 12)
    at = opens(alice, case, "measure_phq-9_correct")
    which = at.selectbox(key=key(case, "measure_phq-9_which"))
    which.select_index(1).run()
    assert at.number_input(key=key(case, "measure_phq-9_amend_value")).value == 18
    puts(at, key(case, "measure_phq-9_amend_value"), 20)
    press(at, key(case, "measure_phq-9_amend_save"))
    alice.synced()
    assert [value for _, _, value in in_database(alice, case)] == [20, 12]


def test_the_guess_comes_before_the_clients_answers_and_is_hidden_while_they_are_given(alice, case):
    at = opens(alice, case, "check_in_entry")
    assert not has(at, key(case, "check_in_goals"))
    assert not has(at, key(case, "check_in_save"))
    pick(at, key(case, "check_in_guess_goals"), 9)
    press(at, key(case, "check_in_on"))
    assert not has(at, key(case, "check_in_guess_goals"))
    for question, answer in ANSWERS.items():
        pick(at, key(case, f"check_in_{question}"), answer)
    press(at, key(case, "check_in_save"))
    assert "together 22 of 30" in words(at)
    alice.synced()
    (found,) = check_ins.of_case(alice.db, team=alice.team, therapist=alice.id, case=case)
    assert (found.answers, found.guess["goals"]) == (ANSWERS, 9)


def test_a_check_in_goes_without_a_guess_but_not_without_an_answer(alice, case):
    at = press(opens(alice, case, "check_in_entry"), key(case, "check_in_on"))
    assert "None of the three has an answer" in words(press(at, key(case, "check_in_save")))
    press(pick(at, key(case, "check_in_goals"), 4), key(case, "check_in_save"))
    (op,) = alice.saved("check_in.enter")
    assert "guess" not in op.params


def test_a_guess_stays_closed_in_another_browser(alice, case):
    at = pick(opens(alice, case, "check_in_entry"), key(case, "check_in_guess_goals"), 9)
    press(at, key(case, "check_in_on"))
    again = opens(alice, case, "check_in_entry")
    assert has(again, key(case, "check_in_goals"))
    assert not has(again, key(case, "check_in_guess_goals"))


def checked_in(who: Somebody, case: UUID, *sums: int, guess: dict | None = None) -> None:
    """Check-ins in the database with these sums of three equal answers, the last one today."""
    for back, each in zip(range(len(sums) - 1, -1, -1), sums, strict=True):
        check_ins.enter(
            who.outbox, team=who.team, case=case, on_day=today() - timedelta(days=7 * back), today=today(), guess=guess,
            answers=dict.fromkeys(ANSWERS, each // 3),
        )  # fmt: skip
    who.synced()


def test_a_check_in_and_its_guess_are_put_right(alice, case):
    checked_in(alice, case, 15, 18, guess={"goals": 2})
    at = opens(alice, case, "check_in_correct")
    pick(at, key(case, "check_in_amend_goals"), 9)
    pick(at, key(case, "check_in_amend_guess_goals"), 4)
    press(at, key(case, "check_in_amend_save"))
    assert "together 21 of 30" in words(at)  # before the database has it
    assert "My guess was goals 4" in words(at)
    alice.synced()
    found = check_ins.of_case(alice.db, team=alice.team, therapist=alice.id, case=case)
    assert [(one.total, one.guess["goals"]) for one in found] == [(15, 2), (21, 4)]


def test_a_correction_adds_no_guess_and_takes_none_away(alice, case):
    checked_in(alice, case, 15)
    at = opens(alice, case, "check_in_correct")
    assert not has(at, key(case, "check_in_amend_guess_goals"))
    checked_in(alice, case, 18, guess={"goals": 2})
    at = pick(opens(alice, case, "check_in_correct"), key(case, "check_in_amend_guess_goals"), None)
    assert "put right, not taken away" in words(press(at, key(case, "check_in_amend_save")))
    assert alice.saved("check_in.amend") == []


def test_a_drop_of_the_check_in_is_named_in_words_and_only_then(alice, case):
    checked_in(alice, case, 24, 27, 24, 27)
    assert "have fallen by" not in words(opens(alice, case))
    checked_in(alice, case, 9)
    said = words(opens(alice, case))
    assert "fallen by 18 of 30. That is more than twice what is usual for this client" in said


def test_a_correction_that_was_begun_goes_on_at_its_case_and_tab(alice, case):
    scored(alice, case, 18)
    other = cases.open(
        alice.outbox, team=alice.team, code="C-0001"
    )  # the first in the list, were none chosen
    alice.synced()
    puts(opens(alice, case, "measure_phq-9_correct"), key(case, "measure_phq-9_amend_value"), 11)
    alice.app.holds()
    for page, button in (("waiting", "waiting_begun_0_go"), ("home", "home_draft_score_amend_")):
        at = alice.visits(page)
        (go,) = [one.key for one in at.button if one.key.startswith(button) and one.key.endswith("_go")]
        at = press(at, go)
        assert at.session_state[CHOSEN] == str(case) != other.entity
        assert at.session_state[key(case, "tab")] == "Scores"


def test_the_supervisor_reads_scores_and_answers_and_never_a_guess_or_a_form(alice, case):
    scored(alice, case, 18, 12)
    check_ins.enter(
        alice.outbox, team=alice.team, case=case, on_day=today(), answers=ANSWERS, guess={"goals": 2}, today=today()
    )  # fmt: skip
    alice.synced()
    own = words(opens(alice, case))
    assert "My guess was goals 2" in own
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    at = opens(sue, case)
    said = words(at)
    assert "6 points lower than at the start" in said
    assert "together 22 of 30" in said
    assert "uess" not in said
    assert not any(
        has(at, key(case, name))
        for name in ("score_save", "check_in_entry", "measure_phq-9_correct", "guesses")
    )


def test_guesses_can_be_put_out_of_sight(alice, case):
    check_ins.enter(
        alice.outbox, team=alice.team, case=case, on_day=today(), answers=ANSWERS, guess={"goals": 2}, today=today()
    )  # fmt: skip
    alice.synced()
    at = opens(alice, case)
    at.toggle(key=key(case, "guesses")).set_value(False).run()
    assert "My guess" not in words(at)


def test_three_hundred_scores_are_one_picture(alice, case, sql):
    sql.execute(
        "insert into public.scores (therapist_id, id, team_id, case_id, measure_id, on_day, value)"
        " select %s, gen_random_uuid(), %s, %s, %s, %s::date - n, n %% 28 from generate_series(0, 299) n",
        (alice.id, alice.team, case, phq9(alice).id, today()),
    )
    said = words(opens(alice, case))
    assert "300 scores" in said


def test_many_on_their_way_are_counted_and_not_named(alice, case):
    measure = phq9(alice)
    for back in range(5):
        day = today() - timedelta(days=back)
        scores.enter(
            alice.outbox, team=alice.team, case=case, measure=measure, on_day=day, value=5, today=today()
        )
    assert "5 scores are saved here and on their way to the database" in words(opens(alice, case))


def test_while_the_database_is_away_scores_stay_and_new_ones_are_kept(alice, case):
    scored(alice, case, 18, 12)
    at = opens(alice, case)
    alice.app.loses_the_database()
    at.run()
    said = words(at)
    assert "6 points lower than at the start" in said
    press(puts(at, key(case, "score_value"), 9), key(case, "score_save"))
    assert "on that day already" in words(at)
    at.date_input(key=key(case, "score_on_day")).set_value(today() - timedelta(days=3)).run()
    press(at, key(case, "score_save"))
    assert alice.saved("score.enter")[-1].params["value"] == 9


def test_the_registry_is_known_in_a_new_browser_while_the_database_is_away(alice, case):
    scored(alice, case, 18)
    at = opens(alice, case)
    alice.app.loses_the_database()
    for name in ("last_seen_measures",):
        del at.session_state[name]
    assert at.run().selectbox(key=key(case, "score_measure")).value == "phq-9"
