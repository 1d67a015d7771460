"""`make demo`: the embedded stack with a made-up clinic in it, the app in front of it, until Ctrl-C."""

import argparse
import importlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import webbrowser
from contextlib import suppress
from datetime import UTC, date, datetime

import local_stack
from local_stack import ROOT, Stack
from processes import (
    StackProblem,
    die_with_parent,
    make_directory,
    require_free,
    spawn,
    stop,
    tail,
    wait_until,
)

DEMO_DIR = local_stack.HOME / "demo"
LOG = DEMO_DIR / "app.log"
ACCOUNTS = ROOT / "supabase" / "demo_accounts.json"


def vault_key() -> str:
    """The key of the demo's vault: made once, readable by its owner only."""
    file = DEMO_DIR / "vault.key"
    if not file.exists():
        file.touch(0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def seed(stack: Stack) -> None:
    """Put the demo clinic into the database, once; its weeks end on the day before."""
    stamp = stack.data_dir / "seeded-on"
    today = datetime.now(UTC).date()
    if stamp.exists():
        age = (today - date.fromisoformat(stamp.read_text())).days
        if age > 7:
            print(f"The demo clinic's weeks end {age} days ago; `make demo-reset` starts afresh.")
        return
    print("Making the demo clinic (the first time only)", flush=True)
    importlib.import_module("seed_demo").seed(stack.database_url, today)
    stamp.write_text(today.isoformat())


def start_app(stack: Stack, port: int, site_url: str) -> subprocess.Popen[bytes]:
    """Start Streamlit; `await_app` says when it answers."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SUPABASE_URL": stack.url,
        "SUPABASE_PUBLISHABLE_KEY": stack.publishable_key,
        "SIXFOLD_VAULT": str(DEMO_DIR / "vault.db"),
        "SIXFOLD_VAULT_KEY": vault_key(),
        "SIXFOLD_SITE_URL": site_url,
        "SIXFOLD_DEMO": "1",
    }
    return spawn(
        [sys.executable, "-m", "streamlit", "run", ROOT / "dashboard" / "app.py",
         "--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"],
        log=LOG, env=environment, cwd=ROOT,
    )  # fmt: skip


def await_app(app: subprocess.Popen[bytes], port: int) -> None:
    """Return when the app answers; raise StackProblem with the end of its log when it does not."""
    if not wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), process=app):
        raise StackProblem(f"The app did not start; {LOG} says:\n{tail(LOG)}")


def answers(url: str) -> bool:
    """Whether anything speaks HTTP there, whatever it says."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def welcome(stack: Stack, site_url: str) -> str:
    """What a person who just started the demo needs to know."""
    lines = ["", f"Sixfold is running: {site_url}", ""]
    if ACCOUNTS.exists():
        lines.append("Sign in as")
        for account in json.loads(ACCOUNTS.read_text(encoding="utf-8")):
            lines.append(
                f"  {account['email']:<32} {account['password']:<24} {account['name']}, {account['role']}"
            )
        lines.append("")
    lines += [
        f"Codes sent by mail arrive in {stack.mail_file}",
        "Ctrl-C stops everything; what you entered stays. `make demo-reset` starts afresh.",
    ]
    return "\n".join(lines)


def has_display() -> bool:
    """Whether a browser window would be seen by the person who typed the command."""
    shown = sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return shown and sys.stdout.isatty()


def run(port: int, api_port: int, db_port: int) -> int:
    """Start everything, wait for Ctrl-C or for a part to end by itself, stop everything."""
    ended = local_stack.ended_by_signal()
    site_url = f"http://localhost:{port}"
    make_directory(DEMO_DIR)
    DEMO_DIR.chmod(0o700)  # its vault is nobody else's to read
    require_free(port, what="the app", setting="PORT")
    app = stack = None

    def alongside(stack: Stack) -> None:
        nonlocal app
        app = start_app(stack, port, site_url)  # it takes longest: let it load while the stack starts

    try:
        stack = local_stack.start(api_port=api_port, db_port=db_port, site_url=site_url, alongside=alongside)
        seed(stack)
        await_app(app, port)
        print(welcome(stack, site_url), flush=True)
        if has_display():
            webbrowser.open(site_url)
        watch(ended, [app, *stack.processes])
    finally:
        stop(app, signal.SIGTERM)
        if stack:
            stack.stop()
    with suppress(BrokenPipeError):
        print("Stopped.", flush=True)
    return 0


def watch(ended: local_stack.Ended, processes: list[subprocess.Popen[bytes]]) -> None:
    """Wait for Ctrl-C; raise StackProblem when a part ends by itself first."""
    while not ended.wait(0.5):
        if any(process.poll() is not None for process in processes):
            raise StackProblem(
                f"A part of the demo ended by itself: see {LOG} and the logs in {local_stack.DATA_DIR}."
            )


def reset() -> None:
    """Delete the embedded data and the demo's vault."""
    local_stack.reset()
    shutil.rmtree(DEMO_DIR, ignore_errors=True)
    print("The demo's data are gone; `make demo` starts afresh.")


def main() -> int:
    """The command line: run, or reset."""
    parser = argparse.ArgumentParser(description="Run Sixfold with a demo clinic until Ctrl-C.")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data instead")
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="end when the process that started this ends"
    )
    asked = parser.parse_args()
    if asked.stop_with_parent:
        die_with_parent(signal.SIGTERM)
    try:
        if asked.reset:
            reset()
            return 0
        return run(
            port=int(os.environ.get("SIXFOLD_PORT", "8501")),
            api_port=int(os.environ.get("SIXFOLD_API_PORT", local_stack.API_PORT)),
            db_port=int(os.environ.get("SIXFOLD_DB_PORT", local_stack.DB_PORT)),
        )
    except StackProblem as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
