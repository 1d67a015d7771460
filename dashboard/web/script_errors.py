"""What somebody sees when a page fails in a way nobody foresaw."""

from __future__ import annotations

import streamlit as st

from dashboard.web import log


def show(error: Exception) -> bool:
    """Say so in a sentence, with the reference under which it stands in the log. True: say no more."""
    st.error(
        "Something went wrong on this page. What you saved is kept. Try again; if it happens once more, "
        f"tell your administrator this reference: {log.reference(error)}.",
        icon=":material/error:",
    )
    return True
