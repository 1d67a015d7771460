"""A vault, and browsers as plain dictionaries: what Streamlit keeps of a form in one session."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st

from services import vault
from services.vault import Vault


@pytest.fixture
def safe(tmp_path: Path) -> Vault:
    tmp_path.chmod(0o700)
    opened = vault.open(tmp_path / "vault.db", "a key for form tests that is long enough: 5Lw9")
    yield opened
    opened.close()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict]:
    """`browser("phone")` is the session that the forms made from now on live in."""
    opened: dict[str, dict] = {}

    def switch(name: str) -> dict:
        state = opened.setdefault(name, {})
        monkeypatch.setattr(st, "session_state", state)
        return state

    switch("laptop")
    return switch
