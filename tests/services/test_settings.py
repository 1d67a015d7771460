"""Settings: what is read from where, and one sentence with a cure for everything that can be missing or wrong."""

import base64
import json
from pathlib import Path

import pytest

from services import settings
from services.errors import ServiceError

GOOD = {
    "SUPABASE_URL": "https://abcdefgh.supabase.co",
    "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_0123456789abcdef",
    "SIXFOLD_VAULT_KEY": "k" * 32,
}
NOWHERE = Path("/nowhere/secrets.toml")


def legacy_key(role: str) -> str:
    """A key of the older kind: a JWT whose payload names the role."""
    payload = base64.urlsafe_b64encode(json.dumps({"role": role}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{payload}.signature"


def load(secrets_file: Path = NOWHERE, **changed: str) -> settings.Settings:
    return settings.load(GOOD | changed, secrets_file)


def test_three_settings_are_enough_and_the_rest_has_defaults():
    read = load()
    assert read.supabase_url == "https://abcdefgh.supabase.co"
    assert read.publishable_key == "sb_publishable_0123456789abcdef"
    assert read.vault_path == settings.ROOT / ".sixfold" / "vault" / "vault.db"
    assert read.vault_key == "k" * 32
    assert (read.idle_minutes, read.absolute_hours) == (15, 12)
    assert read.site_url == "http://localhost:8501"


def test_every_setting_can_be_given():
    read = load(
        SIXFOLD_VAULT="/var/lib/sixfold/vault.db",
        SIXFOLD_IDLE_MINUTES="30",
        SIXFOLD_ABSOLUTE_HOURS="8",
        SIXFOLD_SITE_URL="https://sixfold.example.org/",
    )
    assert read.vault_path == Path("/var/lib/sixfold/vault.db")
    assert (read.idle_minutes, read.absolute_hours) == (30, 8)
    assert read.site_url == "https://sixfold.example.org"


def test_the_file_fills_in_and_the_environment_wins(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text('SUPABASE_URL = "https://from-the-file.supabase.co"\nSIXFOLD_IDLE_MINUTES = 45\n')
    assert (
        settings.load(GOOD | {"SUPABASE_URL": ""}, file).supabase_url == "https://from-the-file.supabase.co"
    )
    assert load(file).supabase_url == "https://abcdefgh.supabase.co"
    assert load(file).idle_minutes == 45


def test_a_changed_file_is_read_again(tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text("SIXFOLD_IDLE_MINUTES = 45\n")
    assert load(file).idle_minutes == 45
    file.write_text("SIXFOLD_IDLE_MINUTES = 20\n")
    assert load(file).idle_minutes == 20


@pytest.mark.parametrize("url", ["http://127.0.0.1:54321", "http://localhost:54321/", "http://[::1]:54321"])
def test_a_stack_on_this_machine_needs_no_encryption(url):
    assert load(SUPABASE_URL=url).supabase_url == url.rstrip("/")


def test_the_legacy_anon_key_is_a_publishable_key():
    assert load(SUPABASE_PUBLISHABLE_KEY=legacy_key("anon")).publishable_key == legacy_key("anon")


WRONG = [
    ("SUPABASE_URL", "", "is missing: set it to your project's URL"),
    ("SUPABASE_URL", "abcdefgh", "is not a web address"),
    ("SUPABASE_URL", "ftp://abcdefgh.supabase.co", "is not a web address"),
    ("SUPABASE_URL", "https://", "is not a web address"),
    ("SUPABASE_URL", "https://abc def.supabase.co", "is not a web address"),
    ("SUPABASE_URL", "https://abcdefgh.supabase.co/rest/v1", "with nothing after it"),
    ("SUPABASE_URL", "https://me:word@abcdefgh.supabase.co", "is not a web address"),
    ("SUPABASE_URL", "https://abcdefgh.supabase.co:99999", "is not a web address"),
    ("SUPABASE_URL", "http://abcdefgh.supabase.co", "use https://"),
    ("SUPABASE_PUBLISHABLE_KEY", "", "is missing: copy the publishable key"),
    ("SUPABASE_PUBLISHABLE_KEY", "sb_secret_0123456789abcdef", "holds a secret key"),
    ("SUPABASE_PUBLISHABLE_KEY", legacy_key("service_role"), "holds a secret key"),
    ("SUPABASE_PUBLISHABLE_KEY", legacy_key("authenticated"), "is no Supabase key"),
    ("SUPABASE_PUBLISHABLE_KEY", "password", "is no Supabase key"),
    ("SUPABASE_PUBLISHABLE_KEY", "a.W10.c", "is no Supabase key"),
    ("SUPABASE_PUBLISHABLE_KEY", "a.\u20ac.c", "is no Supabase key"),
    ("SIXFOLD_VAULT", "/", "name a file in it"),
    ("SIXFOLD_VAULT_KEY", "", "is missing: make one with"),
    ("SIXFOLD_VAULT_KEY", "k" * 31, "has 31 characters and needs at least 32"),
    ("SIXFOLD_IDLE_MINUTES", "0", "a whole number from 1 to 240"),
    ("SIXFOLD_IDLE_MINUTES", "241", "a whole number from 1 to 240"),
    ("SIXFOLD_IDLE_MINUTES", "soon", "leave it out for 15"),
    ("SIXFOLD_IDLE_MINUTES", "-5", "a whole number from 1 to 240"),
    ("SIXFOLD_IDLE_MINUTES", "9" * 5000, "a whole number from 1 to 240"),
    ("SIXFOLD_ABSOLUTE_HOURS", "1.5", "a whole number from 1 to 24"),
    ("SIXFOLD_ABSOLUTE_HOURS", "25", "leave it out for 12"),
    ("SIXFOLD_SITE_URL", "sixfold.example.org", "is not the address people open"),
    ("SIXFOLD_SITE_URL", "https://sixfold.example.org/app", "with nothing after it"),
    ("SIXFOLD_SITE_URL", "http://sixfold.example.org", "serve Sixfold over https://"),
]


@pytest.mark.parametrize(("name", "value", "cure"), WRONG)
def test_a_wrong_setting_is_one_sentence_that_names_it_and_its_cure(name, value, cure):
    with pytest.raises(ServiceError) as wrong:
        load(**{name: value})
    sentence = str(wrong.value)
    assert sentence.startswith(name)
    assert cure in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("name", ["SUPABASE_PUBLISHABLE_KEY", "SIXFOLD_VAULT_KEY"])
def test_no_sentence_repeats_a_key(name):
    with pytest.raises(ServiceError) as wrong:
        load(**{name: "sb_secret_hunter2"})
    assert "hunter2" not in str(wrong.value)


def test_printed_settings_show_no_key():
    assert "sb_publishable_" not in repr(load())
    assert "kkkk" not in repr(load())


def test_a_sign_in_cannot_idle_longer_than_it_lasts():
    with pytest.raises(
        ServiceError, match="SIXFOLD_IDLE_MINUTES is longer than a whole sign-in lasts: choose at most 60"
    ):
        load(SIXFOLD_IDLE_MINUTES="90", SIXFOLD_ABSOLUTE_HOURS="1")


@pytest.mark.parametrize("content", [b"SUPABASE_URL = https://no.quotes", b"\xff\xfe\x00"])
def test_a_file_that_is_no_toml_is_said_without_quoting_it(tmp_path, content):
    file = tmp_path / "secrets.toml"
    file.write_bytes(content)
    with pytest.raises(ServiceError, match='is not valid TOML: write each line as NAME = "value"') as wrong:
        load(file)
    assert "no.quotes" not in str(wrong.value)


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(ServiceError, match="cannot be read"):
        load(tmp_path)


def test_the_example_names_every_setting_and_asks_for_a_vault_key_of_ones_own():
    example = settings.ROOT / ".streamlit" / "secrets.toml.example"
    with pytest.raises(ServiceError, match="SIXFOLD_VAULT_KEY is missing"):
        settings.load({}, example)
    read = settings.load({"SIXFOLD_VAULT_KEY": "k" * 32}, example)
    assert read.site_url == "https://sixfold.example.org"


def test_make_run_says_a_wrong_setting_in_one_sentence_and_stops(monkeypatch, capsys):
    monkeypatch.setenv("SUPABASE_URL", "nonsense")
    assert settings.main() == 1
    assert capsys.readouterr().err.startswith("SUPABASE_URL is not a web address")


def test_make_run_goes_on_when_every_setting_is_right(monkeypatch, capsys):
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    assert settings.main() == 0
    assert capsys.readouterr().err == ""
