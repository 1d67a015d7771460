"""A file of scores as it is read: encodings, delimiters, headers, damage, and what a formula comes to."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import score_file
from services.errors import Refused
from services.score_file import Line

HEADER = "code,date,measure,score"
ONE = Line(2, "C-1001", "2026-03-01", "PHQ-9", "12")
ROW = "C-1001,2026-03-01,PHQ-9,12"


def read(text: str, encoding: str = "utf-8") -> list[Line]:
    return list(score_file.read(text.encode(encoding)).lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_every_usual_encoding_gives_the_same_rows(encoding):
    found = score_file.read(f"Code,Date,Measure,Score,Präsenz\n{ROW},ä".encode(encoding))
    assert found.lines == (ONE,)
    assert found.ignored == ("Präsenz",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_delimiter_and_line_end_gives_the_same_rows(delimiter, end):
    assert read(end.join([HEADER, ROW, ""]).replace(",", delimiter)) == [ONE]


def test_the_line_that_excel_writes_on_top_is_counted_and_not_read():
    assert read(f"sep=;\r\n{HEADER}\r\n{ROW}".replace(",", ";"))[0].number == 3


@pytest.mark.parametrize(
    "header",
    [
        "Client Code;DATE;Questionnaire;Total score",
        "case_id; Session date ;Test;Sum",
        '"code";"on";"form";"value"',
    ],
)
def test_the_header_is_read_with_tolerance(header):
    assert read(f"{header}\nC-1001;2026-03-01;PHQ-9;12") == [ONE]


def test_columns_stand_in_any_order_and_others_are_named_as_ignored():
    found = score_file.read(b"score,note,measure,date,code\n12,x,PHQ-9,2026-03-01,C-1001")
    assert (found.lines, found.ignored) == ((ONE,), ("note",))


def test_blank_rows_are_left_out_and_lines_keep_their_numbers():
    found = read(f"\n{HEADER}\n,,,\n\n{ROW}\n  ,\n")
    assert [line.number for line in found] == [5]


def test_a_short_row_has_empty_cells():
    assert read(f"{HEADER}\nC-1001,2026-03-01") == [Line(2, "C-1001", "2026-03-01", "", "")]


def test_a_cell_over_two_lines_does_not_shift_the_numbers():
    found = read(f'{HEADER},note\n{ROW},"two\nlines"\n{ROW},x')
    assert [line.number for line in found] == [2, 4]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \n,,\n", "The file is empty"),
        (b"code,date,score\nC-1001,2026-03-01,12", "Missing: measure. Please add it."),
        (b"a,b\n1,2", "Missing: code, date, measure, score. Please add them."),
        (ROW.encode(), "Missing: code, date, measure, score"),
        (b"code,date,measure,score,total\n", "Two columns could be the score: “score” and “total”"),
        (f"{HEADER}\nC-1001,2026-03-01,PHQ-9,1\x002".encode(), "not a text file"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (f'{HEADER}\n{ROW}\n"C-1001,2026-03-01,PHQ-9,12\n{ROW}'.encode(), "Line 3 cannot be read as CSV"),
        (f'{HEADER},note\n{ROW},"left open\n{ROW},'.encode(), "Line 2 cannot be read as CSV"),
        (b"x" * (score_file.LARGEST + 1), "The file has 1.0 MB; up to 1 MB can be read"),
        (f"{HEADER}\n{(ROW + chr(10)) * (score_file.MOST_ROWS + 1)}".encode(), "2,001 rows; 2,000 can be read at once"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_do(data, sentence):
    with pytest.raises(Refused) as refused:
        score_file.read(data)
    assert sentence in str(refused.value)


def test_just_as_many_rows_as_fit_are_read():
    assert len(read(f"{HEADER}\n{(ROW + chr(10)) * score_file.MOST_ROWS}")) == score_file.MOST_ROWS


@pytest.mark.parametrize("sign", "=+-@")
def test_a_cell_that_a_spreadsheet_would_run_is_shown_as_text(sign):
    assert score_file.shortened(f'{sign}HYPERLINK("http://x.test")') == f'\'{sign}HYPERLINK("http://x.test")'


def test_a_cell_is_shown_in_one_line_and_not_endless():
    assert score_file.shortened("a\n\tb \x07c") == "a b c"
    assert len(score_file.shortened("x" * 500)) == score_file.LONGEST_CELL


cells = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n\ufeff"), max_size=20
).map(str.strip)  # fmt: skip


@given(st.lists(st.tuples(cells.filter(bool), cells, cells, cells), max_size=8), st.sampled_from(",;\t"))
def test_whatever_a_spreadsheet_quotes_comes_back_as_it_was(rows, delimiter):
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=delimiter).writerows([HEADER.split(","), *rows])
    found = read(sheet.getvalue())
    assert [(line.code, line.day, line.measure, line.score) for line in found] == rows


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"{HEADER}\n{text}".encode("utf-8", "replace"))
)
def test_any_bytes_at_all_are_read_or_refused_in_words(data):
    said, lines = ".", ()
    try:
        lines = score_file.read(data).lines
    except Refused as refused:
        said = str(refused)
    assert said.endswith(".")
    assert all(isinstance(cell, str) for line in lines for cell in (line.code, line.score))


@given(st.text(max_size=100))
def test_nothing_shown_begins_like_a_formula(text):
    assert score_file.shortened(text)[:1] not in tuple("=+-@\t\r\n")
