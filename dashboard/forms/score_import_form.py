"""Import of scores on screen: what a file looks like, what each row would do, and how far an import has come."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pandas as pd
import streamlit as st

from dashboard import components, session
from dashboard.forms import notices
from services import score_file, score_import
from services.measures import Measure
from services.score_file import File, shortened
from services.score_import import Preview, Row

LOOK_AGAIN = 1.0  # seconds
LISTED = 10  # rows to correct that are written out above the table
ORDER = ("error", "parked", "new", "there")
SAID = {"new": "new", "there": "already there", "parked": "waiting for you elsewhere", "error": "to correct"}


def example(offered: Sequence[Measure]) -> None:
    """The four columns, with the names that measures have here, and an empty file to begin with."""
    with st.expander("What the file looks like", key="import_scores_example", icon=":material/table_view:"):
        st.table(
            {"code": ["C-4821", "C-4821"], "date": ["2026-03-02", "16.03.2026"], "measure": ["PHQ-9", "PHQ-9"], "score": ["14", "11"]},
            border="horizontal",
        )  # fmt: skip
        names = ", ".join(measure.name for measure in offered) or "none that could be read just now"
        st.markdown(
            "- The first row names the columns; their order does not matter, and other columns are not read.\n"
            "- Days: 2026-03-02, 02.03.2026 or 02/03/2026, the day before the month.\n"
            "- Scores: 12, 12.5 or 12,5. Columns are parted by comma, semicolon or tab.\n"
            f"- Measures: {components.plain(names)}.\n"
            f"- Up to {score_file.MOST_ROWS:,} rows and 1 MB at once. No names, only codes."
        )
        st.download_button(
            "Download an empty file", "code,date,measure,score\n", file_name="scores.csv", mime="text/csv", key="import_scores_template",
            on_click="ignore", type="tertiary", icon=":material/download:",
        )  # fmt: skip


def chosen(*, key: str) -> File | None:
    """The file that was chosen, read; or why it cannot be."""
    upload = st.file_uploader("File with scores (CSV)", type=["csv", "tsv", "txt"], key=f"{key}_file")
    if upload is None:
        return None
    with notices.refusal() as refusal:
        return score_file.read(upload.getvalue())
    st.error(components.plain(refusal.sentence))
    return None


def judged(preview: Preview, *, team: UUID, key: str) -> None:
    """Every row with what becomes of it, and the button that keeps all of them."""
    st.header("What each row would do", anchor=False)
    counts = [f"{preview.count(state):,} {SAID[state]}" for state in ORDER if preview.count(state)]
    rows = "1 row" if len(preview.rows) == 1 else f"{len(preview.rows):,} rows"
    st.markdown(f"**{rows}:** {', '.join(counts) or 'nothing to read'}.")
    if preview.ignored:
        st.caption(components.plain(f"Not read: {', '.join(preview.ignored)}."))
    st.markdown(_to_correct(preview.rows))
    if preview.rows:
        table = _table(preview.rows)
        words = f"The rows of the file with what becomes of each: {', '.join(counts)}."
        st.dataframe(
            table, hide_index=True, key=f"{key}_rows", alt=words, placeholder="", column_config=COLUMNS
        )
    new = preview.count("new")
    if preview.count("error"):
        st.warning(
            "Nothing is imported while a row needs a correction. Mend the file, then choose it again.",
            icon=":material/edit_note:",
        )
    elif not new:
        st.info("Every score of this file is there already, so there is nothing to import.")
    with notices.refusal() as refusal:
        label = f"Import {new:,} {'score' if new == 1 else 'scores'}"
        if preview.may_be_imported and st.button(
            label, key=f"{key}_import", type="primary", icon=":material/check:"
        ):
            kept = score_import.accept(session.vault(), session.outbox(), preview, team=team)
            # In session state because only this browser shows how far its own import has come.
            st.session_state[_ops(key)] = [op.op_id for op in kept]
            st.rerun()
    if refusal.sentence:
        st.error(refusal.sentence)


COLUMNS = {
    "Line": st.column_config.NumberColumn(width=60),
    "What becomes of it": st.column_config.TextColumn(width="large"),
}


def _to_correct(rows: Sequence[Row]) -> str:
    """The first of the rows that need a correction, as text: a phone shows the start of a table only."""
    wrong = [row for row in rows if row.state == "error"]
    said = [f"- **Line {row.line.number}:** {components.plain(row.words)}" for row in wrong[:LISTED]]
    return "\n".join(
        said + ([f"- and {len(wrong) - LISTED:,} more, in the table"] if len(wrong) > LISTED else [])
    )


def _table(rows: Sequence[Row]) -> pd.DataFrame:
    """What needs somebody on top, then in the order of the file. Cells are text: nothing in them is ever run."""
    ordered = sorted(rows, key=lambda row: (ORDER.index(row.state), row.line.number))
    cells = [
        [
            row.line.number,
            *map(shortened, (row.line.code, row.line.day, row.line.measure, row.line.score)),
            row.words,
        ]
        for row in ordered
    ]
    return pd.DataFrame(cells, columns=["Line", "Code", "Date", "Measure", "Score", "What becomes of it"])


def progress(*, key: str) -> None:
    """How many of the scores imported here are in the database. Looks again by itself until all are."""
    ops = st.session_state.get(_ops(key), [])
    if not ops:
        return

    @st.fragment(run_every=LOOK_AGAIN if _left(ops)[0] else None)
    def far() -> None:
        with session.errors_shown():
            waiting, parked = _left(ops)
        done, many = len(ops) - waiting - parked, f"{len(ops):,} {'score' if len(ops) == 1 else 'scores'}"
        if waiting:
            text = f"{many} saved here; {done:,} in the database so far. You may leave this page."
            st.progress(done / len(ops), text=text)
            looked[0] = True
            return
        if looked[0]:
            st.rerun()  # the page stops looking
        if parked:
            st.warning(
                f"{done:,} of {many} are in the database; {parked:,} need you.", icon=":material/edit_note:"
            )
            st.page_link("../pages/waiting.py", label="See what needs you")
        else:
            st.success(f"{many} imported and in the database.", icon=":material/cloud_done:")

    looked = [False]
    far()


def _left(ops: Sequence[str]) -> tuple[int, int]:
    """How many of these wait, and how many were refused."""
    outbox, wanted = session.outbox(), set(ops)
    return (
        sum(op.op_id in wanted for op in outbox.waiting()), sum(op.op_id in wanted for op in outbox.parked())
    )  # fmt: skip


def _ops(key: str) -> str:
    return f"{key}_ops"
