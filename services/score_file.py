"""A file of scores, read: whatever spreadsheet wrote it, rows of code, day, measure and score come out as plain text."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.errors import Refused

LARGEST = 1_048_576  # bytes; what .streamlit/config.toml lets a browser send
MOST_ROWS = 2_000
LONGEST_CELL = (
    60  # characters that a preview shows; nothing that is longer is a code, a day, a measure or a score
)

#: What the four columns may be called; capitals, blanks and signs do not matter.
NAMES = {
    "code": ("code", "case", "case code", "client", "client code", "client id", "case id"),
    "day": ("date", "day", "on", "on day", "session date", "date of session", "completed", "completed on"),
    "measure": ("measure", "questionnaire", "instrument", "scale", "test", "form"),
    "score": ("score", "value", "total", "total score", "sum", "points", "result"),
}
CALLED = {"code": "code", "day": "date", "measure": "measure", "score": "score"}
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """One row, as it was written. `number` is its line in the file, the header being line 1."""

    number: int
    code: str
    day: str
    measure: str
    score: str


@dataclass(frozen=True, slots=True)
class File:
    """The rows of a file; `ignored` names its columns that mean nothing here."""

    lines: tuple[Line, ...]
    ignored: tuple[str, ...] = ()


def read(data: bytes) -> File:
    """The rows of a CSV file; blank ones are left out. Raises Refused, with what to do, when it cannot be read as one."""
    if len(data) > LARGEST:
        raise Refused(f"The file has {len(data) / LARGEST:.1f} MB; up to 1 MB can be read. Please split it.")
    text = _text(data)
    if "\x00" in text:
        raise Refused("This is not a text file. Please save the sheet as CSV and choose that file.")
    skipped = 0
    if told := re.match(
        r"\s*sep=(.)\r?\n", text, re.IGNORECASE
    ):  # what Excel writes on top, and what it means
        text, skipped = text[told.end() :], 1
    rows = _rows(text, _delimiter(text), skipped)
    if not rows:
        raise Refused("The file is empty. Please choose one with a header and at least one row.")
    places, ignored = _columns(rows[0][1])
    if missing := [CALLED[name] for name in NAMES if name not in places]:
        raise Refused(
            f"The first row has to name the columns: code, date, measure, score. Missing: {', '.join(missing)}. Please add "
            + ("it." if len(missing) == 1 else "them.")
        )
    if len(rows) - 1 > MOST_ROWS:
        raise Refused(
            f"The file has {len(rows) - 1:,} rows; {MOST_ROWS:,} can be read at once. Please split it."
        )
    return File(tuple(_line(number, cells, places) for number, cells in rows[1:]), tuple(ignored))


def _text(data: bytes) -> str:
    """UTF-8 with or without a byte-order mark, UTF-16 with one, or else Windows' Latin-1."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """Whichever splits the first row into the most columns that mean something; quotes may be anywhere."""
    first = next((line for line in text.splitlines() if line.strip(" \t,;")), "")
    bare = {delimiter: [_bare(cell) for cell in first.split(delimiter)] for delimiter in DELIMITERS}
    return max(
        DELIMITERS,
        key=lambda each: sum(any(cell in known for known in NAMES.values()) for cell in bare[each]),
    )


def _rows(text: str, delimiter: str, skipped: int) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, with their line numbers. A quote left open is an error, or it would swallow rows."""
    reader, rows, before = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [], 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((before + 1 + skipped, cells))
            before = reader.line_num
    except csv.Error:
        raise Refused(
            f"Line {before + 1 + skipped} cannot be read as CSV; look for a quotation mark that is left open. "
            "Please mend it, or save the sheet as CSV again."
        ) from None
    return rows


def _bare(cell: str) -> str:
    return re.sub(r"[\W_]+", " ", cell.casefold()).strip()


def _columns(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each of the four columns is, and the names of the others. Raises Refused for one that is there twice."""
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(header):
        name = next((name for name, known in NAMES.items() if _bare(cell) in known), None)
        if name in places:
            raise Refused(
                f"Two columns could be the {CALLED[name]}: “{header[places[name]].strip()}” and “{cell.strip()}”. "
                "Please take one away, or give it another name."
            )
        if name:
            places[name] = place
        elif cell.strip():
            ignored.append(shortened(cell))
    return places, ignored


def _line(number: int, cells: Sequence[str], places: dict[str, int]) -> Line:
    found = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    return Line(number, **found)


def shortened(cell: str) -> str:
    """A cell as a preview shows it: in one line, not endless, and nothing that a spreadsheet would run as a formula."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in cell).split())
    words = words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - 1] + "…"
    return f"'{words}" if words[:1] in "=+-@" and words else words
