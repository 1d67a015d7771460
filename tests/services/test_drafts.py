"""Drafts: what was typed comes back as it was, to its author alone, for thirty days."""

# ruff: noqa: F811 - fixtures are asked for by the names they are imported under

import time

import pytest

from services import drafts
from services import vault as services_vault
from services.errors import ServiceError
from tests.services.vaults import KEY, vault  # noqa: F401

ODD = "emoji 🫶, שלום, <script>alert(1)</script>, '; drop table drafts; --, a half \ud83d, and \x00"


def days_later(monkeypatch, days: float) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + days * drafts.DAY)


def test_a_draft_comes_back_as_it_was_typed(vault):
    content = {"note": ODD, "intensity": 3, "ratings": {"1": None}, "shared": False}
    drafts.save(vault, owner="alice", form="episode", key="new", content=content)
    assert drafts.load(vault, owner="alice", form="episode", key="new") == content


def test_it_survives_a_restart(vault):
    drafts.save(vault, owner="alice", form="episode", key="new", content={"note": "half a thou"})
    vault.close()
    again = services_vault.open(vault.path, KEY)
    assert drafts.load(again, owner="alice", form="episode", key="new") == {"note": "half a thou"}


def test_typing_on_replaces_what_the_form_held(vault):
    for text in ("a", "ab", "abc"):
        drafts.save(vault, owner="alice", form="episode", key="new", content={"note": text})
    assert [draft.content for draft in drafts.of(vault, owner="alice")] == [{"note": "abc"}]


def test_it_is_its_authors_alone(vault):
    drafts.save(vault, owner="alice", form="reflection", key="2026-11-16", content={"private": "mine"})
    assert drafts.load(vault, owner="bob", form="reflection", key="2026-11-16") is None
    assert drafts.of(vault, owner="bob") == []
    drafts.discard(vault, owner="bob", form="reflection", key="2026-11-16")
    assert len(drafts.of(vault, owner="alice")) == 1


def test_several_forms_stand_side_by_side_the_latest_first(vault, monkeypatch):
    for form, key in (("episode", "new"), ("reflection", "2026-11-09"), ("reflection", "2026-11-16")):
        drafts.save(vault, owner="alice", form=form, key=key, content={})
        days_later(monkeypatch, 1)
    assert [draft.key for draft in drafts.of(vault, owner="alice")] == ["2026-11-16", "2026-11-09", "new"]


def test_a_discarded_draft_is_gone_and_discarding_nothing_is_no_harm(vault):
    drafts.save(vault, owner="alice", form="episode", key="new", content={})
    for _ in range(2):
        drafts.discard(vault, owner="alice", form="episode", key="new")
    assert drafts.load(vault, owner="alice", form="episode", key="new") is None


@pytest.mark.parametrize(
    ("days", "expiring", "there"), [(22.9, 0, 1), (23.1, 1, 1), (29.9, 1, 1), (30.1, 0, 0)]
)
def test_an_old_draft_goes_after_a_weeks_notice(vault, monkeypatch, days, expiring, there):
    drafts.save(vault, owner="alice", form="episode", key="new", content={})
    days_later(monkeypatch, days)
    assert drafts.purge(vault) == 1 - there
    assert len(drafts.expiring(vault, owner="alice")) == expiring
    assert len(drafts.of(vault, owner="alice")) == there


def test_touching_a_draft_gives_it_another_thirty_days(vault, monkeypatch):
    drafts.save(vault, owner="alice", form="episode", key="new", content={"note": "a"})
    days_later(monkeypatch, 29)
    drafts.save(vault, owner="alice", form="episode", key="new", content={"note": "ab"})
    days_later(monkeypatch, 29)
    assert drafts.purge(vault) == 0


def test_a_full_disk_is_said_and_what_was_saved_before_stands(vault):
    drafts.save(vault, owner="alice", form="episode", key="new", content={"note": "before"})
    vault.connection().pragma("max_page_count", vault.connection().pragma("page_count"))
    with pytest.raises(ServiceError, match="full"):
        drafts.save(vault, owner="alice", form="episode", key="new", content={"note": "x" * 100_000})
    assert drafts.load(vault, owner="alice", form="episode", key="new") == {"note": "before"}
