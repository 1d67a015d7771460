"""The list of cases with flags up, a page at a time, in the order the database gives."""

from datetime import date

import streamlit as st

from dashboard import components, session
from dashboard.forms import last_seen, notices
from dashboard.monitor import card, words
from dashboard.monitor.filters import PAGE, Asked
from services import flags
from services.flags import SHOWN, Watchlist

LOOK_AGAIN = 1.0  # seconds


def show(asked: Asked, *, today: date) -> Watchlist | None:
    """Draw the page of the list that is chosen below it; None when it was never read."""
    key = f"monitor_page_{asked.name}"  # another question begins at its first page
    # The number of pages is known only after the question, the page that is asked for stands in the widget below it.
    page = st.session_state.get(key, 1)
    with session.errors_shown():
        seen = last_seen.of(f"{key}_{page}", lambda: _read(asked, page), otherwise=None)
    notices.away(
        seen.trouble,
        "What you see here is from before." if seen.known else "The list cannot be shown just now.",
    )
    if not seen.known:
        return None
    found: Watchlist = seen.value
    pages = max(1, -(-found.total // PAGE))
    if page > pages:  # it has become shorter meanwhile
        st.session_state.pop(key)
        st.rerun()
    st.header(f"{SHOWN[asked.show]}: {words.cases(found.total)}", anchor=False)
    _behind(found)
    if not found.total:
        if not found.behind:
            _none(asked, found)
        return found
    st.caption(
        f"{words.AN_AID} Most points first, then the longest."
        + (f" Page {page} of {pages}, {PAGE} cases each." if pages > 1 else "")
    )
    for case in found.cases:
        card.show(case, today=today)
    if pages > 1:
        st.pagination(pages, key=key)
    return found


def _behind(found: Watchlist) -> None:
    """Early in the day many cases wait to be looked at anew: the list goes on by itself, a few hundred at a time."""
    if not found.behind:
        return
    st.info(
        f"{words.cases(found.behind)} are still being looked at for today. The list goes on by itself.",
        icon=":material/hourglass_top:",
    )
    by_page = [True]  # the first look belongs to a run of the page, later ones are this fragment's own

    @st.fragment(run_every=LOOK_AGAIN)
    def go_on() -> None:
        if by_page:
            by_page.clear()
        else:
            st.rerun()

    go_on()


def _read(asked: Asked, page: int) -> Watchlist:
    return flags.watched(session.db(), **asked.params(), first=(page - 1) * PAGE, amount=PAGE)


def _none(asked: Asked, found: Watchlist) -> None:
    if not found.standing.cases:
        title = "No flag is up"
        sentence = "Nothing that was entered makes one of the rules true today. Where nothing is entered, that is said after the days your team has set."
    elif asked.rules or asked.code or asked.at_least or asked.least_days:
        title, sentence = "Nothing fits these filters", "Take one of them away, or choose “All”."
    elif asked.show == "to_do":
        title = "Nothing left to do in your list"
        sentence = "You have seen to all that is up. It stays under “All”, and in everybody else’s list."
    else:
        title, sentence = "Nothing here at the moment", "“All” shows every case with a flag up."
    components.empty_state(title, sentence, key="monitor_none")
