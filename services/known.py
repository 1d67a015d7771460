"""What a person last saw that their forms cannot do without, kept in the vault for when the database is away."""

from typing import Any

from services import drafts
from services.vault import Vault

FORM = "known"


def keep(vault: Vault, *, owner: str, name: str, content: dict[str, Any]) -> None:
    """Keep `content` under this name. Writes to disk only when it is not what is there already."""
    if kept(vault, owner=owner, name=name) != content:
        drafts.save(vault, owner=_apart(owner), form=FORM, key=name, content=content)


def kept(vault: Vault, *, owner: str, name: str) -> dict[str, Any] | None:
    """What was kept last under this name, or None. Like a draft it goes when nobody has changed it for 30 days."""
    return drafts.load(vault, owner=_apart(owner), form=FORM, key=name)


def _apart(owner: str) -> str:
    """Beside a person's drafts and not among them: they did not type this."""
    return f"{owner}/known"
