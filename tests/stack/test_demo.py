"""`make demo` as a person starts and ends it."""

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import local_stack
from processes import free_port
from tests.stack.conftest import processes_of

COMMAND = [sys.executable, local_stack.HERE / "demo.py"]


@pytest.fixture
def environment(place: Path) -> dict[str, str]:
    """A home and ports of its own, so that a demo that runs on this machine is not disturbed."""
    ports = {name: str(free_port()) for name in ("SIXFOLD_PORT", "SIXFOLD_API_PORT", "SIXFOLD_DB_PORT")}
    return {"PATH": os.environ["PATH"], "HOME": str(place), "SIXFOLD_HOME": str(place / "home")} | ports


def start(environment: dict[str, str]) -> tuple[subprocess.Popen[str], str]:
    """The demo, up and running, and what it said."""
    process = subprocess.Popen(
        COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            return process, said
    raise AssertionError(f"the demo did not start: {said}")


def test_the_demo_starts_says_how_to_go_on_keeps_its_data_and_leaves_nothing_running(place, environment):
    first, said = start(environment)
    address = f"http://localhost:{environment['SIXFOLD_PORT']}"
    assert f"Sixfold is running: {address}" in said
    assert "nora@demo.sixfold.example" in said
    assert "Making the demo clinic" in said
    assert httpx.get(f"{address}/login").status_code == 200
    first.send_signal(signal.SIGINT)
    assert first.wait(30) == 0
    assert first.stdout.read().strip() == "Stopped."
    assert processes_of(place) == []

    key = place / "home" / "demo" / "vault.key"
    before = key.read_text()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    second, said = start(environment)
    assert "Making the demo clinic" not in said
    assert key.read_text() == before
    second.kill()
    second.wait(30)
    subprocess.run([*COMMAND, "--reset"], env=environment, check=True, stdout=subprocess.DEVNULL)
    assert processes_of(place) == []
    assert not key.exists()
    assert not (place / "home" / "stack").exists()


def test_when_the_app_ends_by_itself_everything_ends_and_it_is_said(place, environment):
    demo, _ = start(environment)
    apps = [process for process in processes_of(place) if "streamlit" in process.cmdline()]
    assert len(apps) == 1
    apps[0].kill()
    assert demo.wait(30) == 1
    assert "ended by itself: see" in demo.stdout.read()
    assert processes_of(place) == []


@pytest.mark.parametrize(
    ("setting", "way_out"),
    [
        ("SIXFOLD_PORT", "PORT="),
        ("SIXFOLD_API_PORT", "SIXFOLD_API_PORT="),
        ("SIXFOLD_DB_PORT", "SIXFOLD_DB_PORT="),
    ],
)
def test_a_taken_port_is_one_sentence_with_the_way_out(place, environment, setting, way_out):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(COMMAND, env=environment | {setting: str(port)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port}, meant for ")
    assert f"by adding {way_out}{port + 10} to the command." in done.stderr
    assert "Traceback" not in done.stderr
    assert processes_of(place) == []
