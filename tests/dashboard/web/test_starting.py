"""The real server starts, or says in one sentence why not."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import apsw
import httpx
import pytest

from dashboard.web import demo as demo_accounts
from dashboard.web import health
from processes import free_port, wait_until
from tests.dashboard.web.conftest import ROOT, VAULT_KEY, Server, Visitor, environment, serving

APP = ROOT / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def real(stack, tmp_path_factory) -> Iterator[Server]:
    """dashboard/app.py itself, with a Supabase that is not there."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    home = tmp_path_factory.mktemp("real")
    with serving(APP, stack, home, SUPABASE_URL=nowhere, SIXFOLD_DEMO="1") as up:
        yield up


def refused(stack, home: Path, *, cwd: Path = ROOT, **changed: str) -> str:
    """What is said when it does not start."""
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(free_port())]
    ended = subprocess.run(
        command,
        cwd=cwd,
        env=environment(stack, home, **changed),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    return ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SUPABASE_URL": ""}, "SUPABASE_URL"),
        ({"SUPABASE_PUBLISHABLE_KEY": "sb_secret_x"}, "SUPABASE_PUBLISHABLE_KEY"),
        ({"SIXFOLD_VAULT_KEY": "short"}, "SIXFOLD_VAULT_KEY"),
        ({"SIXFOLD_SITE_URL": "http://sixfold.example.org"}, "SIXFOLD_SITE_URL"),
    ],
)
def test_a_wrong_setting_is_one_sentence_with_its_name(stack, tmp_path, changed, named):
    said = refused(stack, tmp_path, **changed)
    assert f"Sixfold does not start. {named}" in said
    assert "Traceback" not in said


def test_without_its_configuration_file_it_does_not_start(stack, tmp_path):
    said = refused(stack, tmp_path, cwd=tmp_path)
    assert "Sixfold does not start. Its .streamlit/config.toml was not found" in said
    assert "Traceback" not in said


def test_another_mapping_of_trusted_headers_does_not_start(stack, tmp_path):
    said = refused(stack, tmp_path, STREAMLIT_SERVER_TRUSTED_USER_HEADERS='{"x-somebody": "person"}')
    assert "Sixfold does not start." in said


def test_a_second_server_on_the_same_vault_does_not_start(real, stack, tmp_path):
    home = real.log.parent
    said = refused(stack, tmp_path, SIXFOLD_VAULT=str(home / "kept" / "vault.db"))
    assert "Sixfold does not start." in said
    assert "Another Sixfold process" in said
    assert "Traceback" not in said


def test_a_vault_under_another_key_does_not_start(real, stack, tmp_path):
    (tmp_path / "kept").mkdir(mode=0o700)
    source = real.log.parent / "kept" / "vault.db"
    (tmp_path / "kept" / "vault.db").write_bytes(source.read_bytes())
    (tmp_path / "kept" / "vault.db").chmod(0o600)
    said = refused(stack, tmp_path, SIXFOLD_VAULT_KEY=VAULT_KEY[::-1])
    assert "Sixfold does not start." in said
    assert "Traceback" not in said


def test_the_real_server_answers_and_closes_what_nobody_uses(real):
    visitor = Visitor(real)
    assert visitor.get("/").status_code == 303
    assert visitor.get("/login").status_code == 200
    assert visitor.get("/_stcore/metrics").status_code == 404


def test_a_demo_shows_its_sign_ins_as_buttons(real):
    page = Visitor(real).get("/login").text
    people = json.loads((ROOT / "supabase" / "demo_accounts.json").read_text())
    assert len(people) > 5
    for person in people:
        assert f'name="email" value="{person["email"]}"' in page


@pytest.mark.parametrize(
    ("demo", "supabase", "shown"),
    [
        ("1", "http://127.0.0.1:54321", True),
        ("", "http://127.0.0.1:54321", False),
        ("0", "http://127.0.0.1:54321", False),
        ("1", "https://abcdefgh.supabase.co", False),
    ],
)
def test_a_real_clinic_never_shows_the_demos_sign_ins(monkeypatch, demo, supabase, shown):
    here = SimpleNamespace(settings=SimpleNamespace(supabase_url=supabase))
    monkeypatch.setattr(demo_accounts.runtime, "current", lambda: here)
    monkeypatch.setenv("SIXFOLD_DEMO", demo)
    assert bool(demo_accounts.accounts()) is shown


def test_health_says_no_when_the_vault_does_not_answer(monkeypatch):
    def broken() -> None:
        raise apsw.IOError("disk")

    async def ask(question):
        return question()

    here = SimpleNamespace(ask=ask, vault=SimpleNamespace(connection=broken))
    monkeypatch.setattr(health.runtime, "current", lambda: here)
    answer = asyncio.run(health.healthz(None))
    assert (answer.status_code, answer.body) == (503, b'{"ok":false}')


def test_while_supabase_is_away_the_sign_in_page_says_so_and_counts_nothing(real):
    visitor = Visitor(real)
    for _ in range(7):
        answer = visitor.sign_in("alice@example.org")
        assert answer.status_code == 503
        assert "cannot be reached" in answer.text
    asked = visitor.post("/auth/forgot", {"email": "alice@example.org"})
    assert (asked.status_code, "cannot be reached" in asked.text) == (503, True)
    form = {"email": "alice@example.org", "code": "123456", "password": "seven quiet rivers"}
    assert visitor.post("/auth/reset", form).status_code == 503


def test_it_starts_under_bare_uvicorn_too(stack, tmp_path):
    port = free_port()
    with (tmp_path / "log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "dashboard.app:app", "--port", str(port)],
            cwd=ROOT,
            env=environment(stack, tmp_path),
            stdout=output,
            stderr=output,
        )
    try:

        def answers() -> bool:
            try:
                return httpx.get(f"http://localhost:{port}/healthz").status_code == 200
            except httpx.HTTPError:
                return False

        assert wait_until(answers, process=process, patience=60), (tmp_path / "log").read_text()
        assert httpx.get(f"http://localhost:{port}/").headers["location"] == "/login"
    finally:
        process.terminate()
        process.wait(30)


def test_nothing_is_left_running_and_the_vault_is_free_after_the_end(stack, tmp_path):
    for _ in range(2):
        with serving(APP, stack, tmp_path) as up:
            assert Visitor(up).get("/healthz").status_code == 200


def test_its_files_are_for_this_user_only(real):
    kept = real.log.parent / "kept"
    assert kept.stat().st_mode & 0o077 == 0
    assert (kept / "vault.db").stat().st_mode & 0o077 == 0
    assert os.access(kept / "vault.db", os.R_OK)
