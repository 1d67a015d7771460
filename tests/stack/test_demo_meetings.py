"""The demo clinic's meetings as rows: three that were held, with what came of them, and one that is prepared for today."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from demo_clinic import meetings
from demo_clinic.people import CASES, PEOPLE, key
from services import identifying, vocabulary
from tests.stack.test_demo_cases import case_rows
from tests.stack.test_demo_clinic import A_MONDAY, on_any_day, rows


def items_of(meeting: dict, today: date = A_MONDAY) -> list[dict]:
    return sorted(rows("agenda_items", today, meeting_id=meeting["id"]), key=lambda item: item["position"])


def held(today: date = A_MONDAY) -> list[dict]:
    return sorted(rows("meetings", today, state="ended"), key=lambda meeting: meeting["held_on"])


@on_any_day
def test_three_weekly_meetings_were_held_and_one_is_prepared_for_today(today):
    days = [meeting["held_on"] for meeting in held(today)]
    assert [(later - earlier).days for earlier, later in pairwise(days)] == [7, 7]
    assert today - days[-1] <= timedelta(days=11)
    [ahead] = rows("meetings", today, state="planned")
    assert (ahead["held_on"], ahead["begun_at"]) == (today, None)
    assert {meeting["team_id"] for meeting in rows("meetings", today)} == {key("team", "north")}


@on_any_day
def test_the_meeting_ahead_has_everything_on_its_agenda_and_fits_its_time(today):
    [ahead] = rows("meetings", today, state="planned")
    items = items_of(ahead, today)
    assert {item["kind"] for item in items} == set(vocabulary.AGENDA_KINDS) - {"own"}
    assert {item["state"] for item in items} == {"on"}
    assert sum(item["minutes"] for item in items) == ahead["minutes"]
    assert min(item["minutes"] for item in items if item["case_id"]) >= 10
    cases = {case.id: case for case in CASES.values()}
    assert all(cases[item["case_id"]].state == "active" for item in items if item["case_id"])


@on_any_day
def test_what_an_item_is_about_belongs_to_its_case_and_still_waits(today):
    for item in rows("agenda_items", today):
        if item["question_id"]:
            [question] = rows("questions", today, id=item["question_id"])
            assert question["case_id"] == item["case_id"]
            assert question["state"] == ("open" if item["state"] == "on" else "discussed")
        if item["rupture_id"]:
            [rupture] = rows("ruptures", today, id=item["rupture_id"])
            assert rupture["case_id"] == item["case_id"]
            assert rupture["closed_on"] is None


def test_what_was_carried_over_last_time_is_on_the_next_agenda_with_that_reason():
    [carried] = [item for item in items_of(held()[-1]) if item["state"] == "carried"]
    [ahead] = rows("meetings", state="planned")
    [again] = [item for item in items_of(ahead) if item["case_id"] == carried["case_id"]]
    assert {"why": "carried", "points": 3} in again["because"]


@on_any_day
def test_actions_came_of_every_meeting_some_are_done_and_helped_and_some_are_open(today):
    days = {meeting["held_on"] for meeting in held(today)}
    agreed = [action for action in rows("actions", today) if action["meeting_id"]]
    assert {action["created_on"] for action in agreed} == days
    items = {item["id"]: item for item in rows("agenda_items", today)}
    assert all(items[action["item_id"]]["case_id"] == action["case_id"] for action in agreed)
    assert {action["state"] for action in agreed} == {"open", "done"}
    assert {"yes", "a_little", None} <= {action["helped"] for action in agreed}


def test_ratings_after_a_discussion_go_up_and_down_from_what_stood():
    moved = [(row["before"], row["rating"]) for row in rows("reratings")]
    assert all(0 <= rating <= 4 for pair in moved for rating in pair)
    assert min(after - before for before, after in moved) < 0 < max(after - before for before, after in moved)


def test_enough_answered_the_pulse_for_it_to_be_shown():
    counted = Counter()
    for meeting, _, n in meetings.pulses():
        counted[meeting] += n
    assert {meeting["id"] for meeting in held()} == set(counted)
    assert min(counted.values()) >= 5
    assert max(counted.values()) <= 5  # no more than there are therapists


def test_only_therapists_own_choices_were_released_and_every_word_is_of_the_vocabulary():
    for item in rows("agenda_items"):
        assert set(item["released"]) <= set(vocabulary.RELEASED_PARTS)
        assert item["case_id"] or not item["released"]
    assert {word["released"] for word in rows("agenda_words")} == {True, False}
    assert {item["state"] for item in rows("agenda_items")} == set(vocabulary.AGENDA_STATES)
    assert {d["decision"] for d in rows("decisions")} - {None} <= set(vocabulary.STEP_BACK_DECISIONS)
    assert {d["shown"] for d in rows("decisions")} == {True, False}


def test_nothing_written_in_a_meeting_names_or_blames_anybody():
    said = [text for d in rows("decisions") for text in (d["words"], d["sentence"], d["will_know"]) if text]
    said += [item["reason"] for item in rows("agenda_items") if item["reason"]]
    said += [word["body"] for word in rows("agenda_words")]
    assert {text: found for text in said if (found := identifying.sentence(text))} == {}
    names = re.compile("|".join(name for person in PEOPLE.values() for name in person.name.split()))
    assert [text for text in said if names.search(text) or re.search(r"\d|resistan|complian", text)] == []


def test_cases_that_nobody_has_talked_about_for_a_while_stay_so():
    for code in ("C-0387", "C-0467"):
        assert case_rows("agenda_items", code, state="done") == []
