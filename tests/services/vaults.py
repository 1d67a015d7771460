"""Fixtures of the tests about what is kept and sent: an open vault, and a PostgREST on loopback that can be told to fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services import vault as services_vault
from services.settings import Settings
from services.vault import Vault
from tests.services.loopback import Loopback

KEY = "jwY0pGZ2rC4nQk8sVb1xLm6tHd3fRa9eUo5i"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = services_vault.open(tmp_path / "vault" / "vault.db", KEY)
    yield opened
    opened.close()


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    server = Loopback()
    yield server
    server.close()


@pytest.fixture
def settings(loopback: Loopback, vault: Vault) -> Settings:
    return Settings(
        supabase_url=loopback.url,
        publishable_key="sb_publishable_of_a_test",
        vault_path=vault.path,
        vault_key=KEY,
    )
