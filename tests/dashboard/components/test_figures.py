"""A figure's card: title, words, table and file say the same."""

import json

import pandas as pd
import pytest

from dashboard.components import figures


def card(level=2, empty=False, opened=False):
    from datetime import date

    import pandas as pd
    import streamlit as st

    from dashboard import charts, components

    frame = pd.DataFrame(
        [
            {
                "period_start": date(2026, 11, 9),
                "period_end": date(2026, 11, 16),
                "opened": 5,
                "closed": 6,
                "open_at_end": 2,
            }
        ]
    )
    frame = frame.iloc[:0] if empty else frame
    if opened:
        st.session_state["flow_table"] = True
    components.figure_with_table(
        charts.ruptures_over_time(frame, title="More was *mended* than torn"),
        charts.ruptures_over_time_table(frame), charts.ruptures_over_time_in_words(frame),
        key="flow", filename="ruptures", level=level,
    )  # fmt: skip


SENTENCE = "2026-W46: 5 ruptures were opened and 6 closed; 2 were open at the end."


def test_the_title_is_a_heading_in_words_and_never_markup(page):
    shown = page(card)
    assert shown.header[0].value == r"More was \*mended\* than torn"
    assert not shown.subheader
    assert page(card, level=3).subheader[0].value == r"More was \*mended\* than torn"


def test_the_picture_carries_its_sentence_for_who_cannot_see_it(page):
    chart = page(card).get("plotly_chart")[0].proto
    assert chart.alt == SENTENCE
    assert not json.loads(chart.config)["displayModeBar"]


def test_the_sentence_stands_below_the_picture(page):
    assert page(card).markdown[-1].value.replace("\\", "") == SENTENCE


def test_a_closed_table_does_no_work(page):
    shown = page(card)
    assert not shown.table
    assert not shown.dataframe


def test_an_opened_table_shows_what_the_figure_shows(page):
    table = page(card, opened=True).table[0].value
    assert table.loc["2026-W46"].to_dict() == {"Opened": "5", "Closed": "6", "Open at the end": "2"}


def test_an_empty_figure_has_no_table_and_no_file(page):
    shown = page(card, empty=True)
    assert shown.get("plotly_chart")
    assert not shown.get("download_button")
    assert not shown.get("expander")


def test_the_file_holds_exactly_the_table():
    table = pd.DataFrame({"Weeks": ["2026-W46"], "Opened": pd.array([None], dtype="Int64"), "Rapport": [1.2]})
    assert figures.as_csv(table).decode("utf-8-sig") == "Weeks,Opened,Rapport\n2026-W46,,1.2\n"


def test_the_file_is_read_as_utf8_by_a_spreadsheet():
    assert figures.as_csv(pd.DataFrame({"Cause": ["Größe"]})).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", ["=1+1", "@x", "+1", "-1", "\t=1"])
def test_no_text_becomes_a_formula_in_a_spreadsheet(text):
    table = pd.DataFrame({"Case": [text], "Change": [-1]})
    assert figures.as_csv(table).decode("utf-8-sig").endswith(f"'{text},-1\n")
    assert table["Case"][0] == text


def test_a_period_is_always_chosen(page):
    def body():
        import streamlit as st

        from dashboard import components

        st.session_state["weeks"] = components.period_picker(key="period")

    shown = page(body)
    assert shown.session_state["weeks"] == 26
    assert shown.segmented_control(key="period").options == ["4 weeks", "12 weeks", "26 weeks", "52 weeks"]
    shown.segmented_control(key="period").set_value(52).run()
    assert shown.session_state["weeks"] == 52
