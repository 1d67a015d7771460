"""What was last seen is kept for its person alone, apart from their drafts, and written only when it changes."""

# ruff: noqa: F811 - fixtures are asked for by the names they are imported under

import pytest

from services import drafts, known
from tests.services.vaults import vault  # noqa: F401


def test_what_was_kept_comes_back_to_its_person_and_to_nobody_else(vault):
    known.keep(vault, owner="alice", name="cases", content={"codes": ["C-1001"]})
    assert known.kept(vault, owner="alice", name="cases") == {"codes": ["C-1001"]}
    assert known.kept(vault, owner="bob", name="cases") is None
    assert known.kept(vault, owner="alice", name="person") is None


def test_it_is_no_draft(vault):
    known.keep(vault, owner="alice", name="cases", content={"codes": ["C-1001"]})
    assert drafts.of(vault, owner="alice") == []


def test_the_same_again_costs_no_write(vault, monkeypatch: pytest.MonkeyPatch):
    written = []
    save = drafts.save
    monkeypatch.setattr(drafts, "save", lambda *a, **k: (written.append(k["content"]), save(*a, **k)))
    for codes in (["C-1001"], ["C-1001"], ["C-1001", "C-1002"]):
        known.keep(vault, owner="alice", name="cases", content={"codes": codes})
    assert written == [{"codes": ["C-1001"]}, {"codes": ["C-1001", "C-1002"]}]
