"""The deployment's settings: from the environment, else from .streamlit/secrets.toml; each checked at start."""

import base64
import binascii
import json
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from services.errors import ServiceError

ROOT = Path(__file__).resolve().parent.parent
SECRETS_FILE = ROOT / ".streamlit" / "secrets.toml"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SHORTEST_VAULT_KEY = 32
NEW_VAULT_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


@dataclass(frozen=True)
class Settings:
    """What one deployment needs to know. The keys stay out of its repr, so that no log shows them."""

    supabase_url: str
    publishable_key: str = field(repr=False)
    vault_path: Path
    vault_key: str = field(repr=False)
    idle_minutes: int = 15
    absolute_hours: int = 12
    site_url: str = "http://localhost:8501"


def load(environ: Mapping[str, str] = os.environ, secrets_file: Path = SECRETS_FILE) -> Settings:
    """Read and check every setting; the environment wins over the file. An empty value counts as missing.

    Raises ServiceError with one sentence that names the setting and its cure.
    """
    in_file = _in_file(secrets_file)

    def given(name: str) -> str:
        return (environ.get(name) or str(in_file.get(name, ""))).strip()

    settings = Settings(
        supabase_url=_supabase_url(given("SUPABASE_URL")),
        publishable_key=_publishable_key(given("SUPABASE_PUBLISHABLE_KEY")),
        vault_path=_vault_path(given("SIXFOLD_VAULT")),
        vault_key=_vault_key(given("SIXFOLD_VAULT_KEY")),
        idle_minutes=_whole_number("SIXFOLD_IDLE_MINUTES", given, default=15, lowest=1, highest=240),
        absolute_hours=_whole_number("SIXFOLD_ABSOLUTE_HOURS", given, default=12, lowest=1, highest=24),
        site_url=_site_url(given("SIXFOLD_SITE_URL")),
    )
    if settings.idle_minutes > settings.absolute_hours * 60:
        raise ServiceError(
            f"SIXFOLD_IDLE_MINUTES is longer than a whole sign-in lasts: choose at most {settings.absolute_hours * 60}, "
            "or raise SIXFOLD_ABSOLUTE_HOURS."
        )
    return settings


def _in_file(file: Path) -> Mapping[str, object]:
    try:
        return _parsed(file, file.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise ServiceError(
            f"{file} cannot be read ({problem.strerror}): let the account that runs Sixfold read it."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The parser's own message may quote a key.
        raise ServiceError(
            f'{file} is not valid TOML: write each line as NAME = "value", as in secrets.toml.example.'
        ) from None


@lru_cache(maxsize=4)
def _parsed(file: Path, _changed: int) -> Mapping[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _supabase_url(url: str) -> str:
    if not url:
        raise ServiceError(
            "SUPABASE_URL is missing: set it to your project's URL (Supabase dashboard, Project Settings, Data API), "
            "or run `make demo` for a stack of its own."
        )
    if not _is_origin(url):
        raise ServiceError(
            "SUPABASE_URL is not a web address: it looks like https://abcdefgh.supabase.co, with nothing after it."
        )
    if not _is_safe(url):
        raise ServiceError(
            "SUPABASE_URL starts with http:// and would send sign-ins unencrypted: use https://."
        )
    return url.rstrip("/")


def _publishable_key(key: str) -> str:
    if not key:
        raise ServiceError(
            "SUPABASE_PUBLISHABLE_KEY is missing: copy the publishable key from your project "
            "(Supabase dashboard, Project Settings, API Keys)."
        )
    if key.startswith("sb_secret_") or _role_in(key) == "service_role":
        raise ServiceError(
            "SUPABASE_PUBLISHABLE_KEY holds a secret key, which bypasses every permission: use the publishable one, "
            "and replace the secret key if others may have seen it."
        )
    if not (key.startswith("sb_publishable_") or _role_in(key) == "anon"):
        raise ServiceError(
            "SUPABASE_PUBLISHABLE_KEY is no Supabase key: it starts with sb_publishable_, or is the legacy anon key."
        )
    return key


def _role_in(key: str) -> str | None:
    """The role inside a legacy key, which is a JWT; None for anything else."""
    try:
        payload = key.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get("role")
    except (IndexError, binascii.Error, ValueError, AttributeError):
        return None


def _vault_path(path: str) -> Path:
    chosen = ROOT / Path(path or ".sixfold/vault/vault.db").expanduser()
    if chosen.is_dir():
        raise ServiceError(
            f"SIXFOLD_VAULT names the directory {chosen}: name a file in it, such as {chosen / 'vault.db'}."
        )
    return chosen


def _vault_key(key: str) -> str:
    if not key:
        raise ServiceError(
            f"SIXFOLD_VAULT_KEY is missing: make one with {NEW_VAULT_KEY} and keep it like a password."
        )
    if len(key) < SHORTEST_VAULT_KEY:
        raise ServiceError(
            f"SIXFOLD_VAULT_KEY has {len(key)} characters and needs at least {SHORTEST_VAULT_KEY}: make one with {NEW_VAULT_KEY}."
        )
    return key


def _whole_number(name: str, given: Callable[[str], str], *, default: int, lowest: int, highest: int) -> int:
    text = given(name)
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and lowest <= int(text[:9]) <= highest):
        raise ServiceError(
            f"{name} is “{text[:20]}”: give a whole number from {lowest} to {highest}, or leave it out for {default}."
        )
    return int(text)


def _site_url(url: str) -> str:
    url = url or "http://localhost:8501"
    if not _is_origin(url):
        raise ServiceError(
            "SIXFOLD_SITE_URL is not the address people open: it looks like https://sixfold.example.org, with nothing after it."
        )
    if not _is_safe(url):
        raise ServiceError(
            "SIXFOLD_SITE_URL starts with http://, over which browsers keep no sign-in: serve Sixfold over https://."
        )
    return url.rstrip("/")


def _is_origin(url: str) -> bool:
    """Scheme, host and perhaps a port, and nothing else."""
    try:
        parts = urlsplit(url)
        # Reading the port checks it; no user, path, query or fragment may follow.
        bare = (
            f"{parts.scheme}://{parts.netloc}" == url.rstrip("/")
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError:
        return False
    return (
        bare and parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))
    )


def _is_safe(url: str) -> bool:
    return url.startswith("https://") or urlsplit(url).hostname in LOOPBACK


def main() -> int:
    """`make run` asks first, so that a wrong setting is one sentence instead of a server that does not start."""
    try:
        load()
    except ServiceError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
