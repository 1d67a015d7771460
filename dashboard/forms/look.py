"""The style sheet of forms, beside the one that every page has."""

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("forms.css")


def use() -> None:
    """Called once by a page with a form on it."""
    st.html(STYLE)
