"""The course of a case: every sort of event has its lane on one time axis, at six sessions and at a hundred and fifty."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import charts
from dashboard.charts.timeline import BREADTH, DONE
from dashboard.charts.timeline_words import LANE_WORDS
from services import vocabulary
from tests.dashboard.charts.frames import shown

TODAY = date(2026, 11, 25)


def row(days_ago: int, lane: str, key: str, detail: str | None = None, id: str = "") -> dict:
    return {"day": TODAY - timedelta(days=days_ago), "lane": lane, "key": key, "detail": detail, "id": id or f"{lane}{days_ago}"}  # fmt: skip


def frame(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["day", "lane", "key", "detail", "id"])


SMALL = frame(
    row(40, "session", "attended", "1"), row(33, "session", "no_show", "2"), row(26, "session", "attended", "3"),
    row(33, "episode", "withdrawal", "4"), row(30, "rupture", "mixed", id="r1"), row(20, "repair", "named"), row(12, "closed", "partly", id="r1"),
    row(10, "rupture", "withdrawal", id="r2"), row(26, "task", "none", "therapist"), row(19, "task", "all", "client"),
    row(40, "goal", "together"), row(5, "review", "review"), row(40, "score", "phq-9", "18.00"), row(26, "score", "phq-9", "9.00"),
)  # fmt: skip


def lanes(figure) -> list[str]:
    return [text.split("</b>")[0].removeprefix("<b>") for text in shown(figure)]


def traces(figure, name: str) -> list:
    return [trace for trace in figure.data if trace.name == name]


def test_each_sort_of_event_has_a_lane_and_an_absent_one_has_none():
    figure = charts.case_course(SMALL, today=TODAY, measures={"phq-9": "PHQ-9"})
    assert lanes(figure) == [
        "Sessions", "◆ Resistance episodes", "● Ruptures", "● Between-session work", "Plan", "PHQ-9",
    ]  # fmt: skip
    assert lanes(charts.case_course(frame(row(1, "session", "attended", "1")), today=TODAY)) == ["Sessions"]


def test_a_low_picture_shows_the_same_in_less_room():
    whole, low = (charts.case_course(SMALL, today=TODAY, low=low) for low in (False, True))
    assert low.layout.height < whole.layout.height
    assert [(list(t.x), t.marker.symbol) for t in low.data] == [
        (list(t.x), t.marker.symbol) for t in whole.data
    ]
    assert all(0 < y < low.layout.yaxis.range[0] for trace in low.data for y in trace.y)


def test_every_event_is_drawn_once_on_its_day():
    figure = charts.case_course(SMALL, today=TODAY)
    drawn = sorted(day for trace in figure.data for day in trace.x)
    assert drawn == sorted(str(day) for day in SMALL["day"])


def test_nothing_is_said_in_words_and_drawn_as_nothing():
    figure = charts.case_course(frame(), today=TODAY)
    assert shown(figure) == ["Nothing with a date is on record for this case yet."]
    assert charts.case_course_in_words(frame(), today=TODAY) == shown(figure)[0]
    assert charts.case_course_table(frame()).empty


def test_a_session_that_did_not_happen_has_another_mark_and_another_height():
    attended, missed = traces(charts.case_course(SMALL, today=TODAY), "Session")
    assert (attended.marker.symbol, missed.marker.symbol) == ("line-ns-open", "x-thin-open")
    assert missed.y[0] < attended.y[0]  # higher up: the axis counts pixels from above


def test_an_open_rupture_goes_on_to_today_and_a_closed_one_ends():
    figure = charts.case_course(SMALL, today=TODAY)
    bars = [(shape.x0, shape.x1, shape.line.dash) for shape in figure.layout.shapes if shape.line.width == 4]
    assert bars == [("2026-10-26", "2026-11-13", "solid"), ("2026-11-15", "2026-11-25", "4px,2px")]


def test_ruptures_at_the_same_time_do_not_lie_on_each_other():
    both = frame(row(30, "rupture", "mixed", id="a"), row(20, "rupture", "mixed", id="b"))
    bars = [shape for shape in charts.case_course(both, today=TODAY).layout.shapes if shape.line.width == 4]
    assert bars[0].y0 != bars[1].y0


def test_more_done_lies_higher():
    assert DONE["none"] < DONE["a_little"] < DONE["most"] < DONE["all"]
    assert set(DONE) == set(vocabulary.TASK_DONE)
    none, everything = traces(charts.case_course(SMALL, today=TODAY), "Between-session work")[0].y
    assert none > everything


def test_a_score_line_uses_its_lane_from_the_lowest_to_the_highest():
    figure = charts.case_course(SMALL, today=TODAY, measures={"phq-9": "PHQ-9"})
    (line,) = traces(figure, "PHQ-9")
    assert line.y[0] < line.y[1]  # 18 above 9
    assert "18 → 9" in shown(figure)[-1]
    (flat,) = traces(
        charts.case_course(frame(row(9, "score", "x", "5"), row(2, "score", "x", "5")), today=TODAY), "x"
    )
    assert flat.y[0] == flat.y[1]


def test_the_latest_part_can_be_looked_at_alone():
    axis = charts.case_course(SMALL, today=TODAY, since=TODAY - timedelta(days=14)).layout.xaxis
    assert axis.range[0] == "2026-11-08"
    assert charts.case_course(SMALL, today=TODAY).layout.xaxis.range[0] < "2026-10-16"


def test_names_of_lanes_fit_on_a_phone():
    many = frame(*(row(n, "session", key, str(n)) for key in vocabulary.ATTENDANCES for n in range(1, 250)))
    (name,) = shown(charts.case_course(many, today=TODAY))
    assert all(len(line.replace("<b>", "").replace("</b>", "")) <= BREADTH + 3 for line in name.split("<br>"))
    assert "<br>" in name


def test_the_picture_in_words():
    said = charts.case_course_in_words(SMALL, today=TODAY, measures={"phq-9": "PHQ-9"})
    assert said == (
        "16 Oct 2026 to 25 Nov 2026: 3 sessions booked, 2 attended; 1 resistance episode (withdrawal); 2 ruptures and 1 repair step, "
        "1 still open; between-session work looked at 2 times, most or all of it done 1 time; 1 goal set; 1 plan review; "
        "PHQ-9 18 to 9 over 2 scores."
    )


def test_the_table_has_every_event_the_latest_first():
    table = charts.case_course_table(SMALL, measures={"phq-9": "PHQ-9"})
    assert len(table) == len(SMALL)
    assert table.iloc[0].tolist() == ["2026-11-20", "Plan review", "Looked over"]
    details = set(table["Detail"])
    assert {"No. 2, did not come", "Withdrawal, strength 4 of 5", "Not done; proposed by the therapist", "PHQ-9: 18",
            "Set by both together", "Partly repaired"} <= details  # fmt: skip


KEYS = {
    "session": vocabulary.ATTENDANCES, "episode": vocabulary.EPISODE_KINDS, "rupture": vocabulary.RUPTURE_KINDS,
    "closed": vocabulary.RUPTURE_OUTCOMES, "repair": vocabulary.REPAIR_STAGES, "task": vocabulary.TASK_DONE,
    "goal": vocabulary.PROPOSERS, "review": ["review"], "score": ["phq-9", "own-one"],
}  # fmt: skip
DETAILS = {
    "session": ["1", "150"],
    "episode": [None, "1", "5"],
    "task": list(vocabulary.PROPOSERS),
    "score": ["0.00", "27.50"],
}
EVENTS = st.sampled_from(sorted(KEYS)).flatmap(
    lambda lane: st.builds(
        row,
        st.integers(0, 2000),
        st.just(lane),
        st.sampled_from(list(KEYS[lane])),
        st.sampled_from(DETAILS.get(lane, [None])),
        st.uuids().map(str),
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=40))
def test_whatever_happened_is_drawn_counted_and_told(events):
    all_of_it = frame(*events)
    figure = charts.case_course(all_of_it, today=TODAY)
    assert sum(len(trace.x) for trace in figure.data) == len(events)
    top, bottom = figure.layout.yaxis.range[1], figure.layout.yaxis.range[0]
    assert all(top <= y <= bottom for trace in figure.data for y in trace.y)
    assert len(charts.case_course_table(all_of_it)) == len(events)
    assert charts.case_course_in_words(all_of_it, today=TODAY).endswith(".")


@pytest.mark.parametrize("lane", sorted(LANE_WORDS))
def test_every_lane_of_the_database_has_a_word(lane):
    assert lane in KEYS
