"""Starting and stopping child processes so that none is left behind."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


class StackProblem(Exception):
    """Something an operator can put right; the message says what happened and what to do."""


def make_directory(path: Path) -> None:
    """Make a directory and its missing parents, which others may pass through but not list.

    PostgreSQL's own user has to reach its data through them; the files inside are closed one by one.
    """
    if not path.exists():
        make_directory(path.parent)
        path.mkdir(exist_ok=True)
        path.chmod(0o711)


def die_with_parent(sent: signal.Signals) -> None:
    """Ask Linux to send this process a signal when its parent ends, however it ends. Other systems: nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: dict[str, str],
    cwd: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    uid: int | None = None,
    keep_stdout: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C in the terminal reaches us first, and we stop it in order.

    With a uid (we are root), the child runs as that user, without root's groups. What it says is added to the log,
    which only we can read.
    """
    as_user = {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output if keep_stdout else subprocess.DEVNULL,
            stderr=output,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(stop_signal),
            **as_user,
        )
    finally:
        os.close(output)


def stop(process: subprocess.Popen[bytes] | None, sent: signal.Signals, patience: float = 10) -> None:
    """Ask a child to end and wait for it; what does not end in time is killed with its whole session."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(sent)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(ready: Callable[[], bool], *, process: subprocess.Popen[bytes], patience: float = 30) -> bool:
    """True as soon as the child is ready; False when it ended first or took too long."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if ready():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.02)
    return False


def gone(there: Callable[[], bool], patience: float = 10) -> bool:
    """Wait for something to be there no longer; False when it still is."""
    end = time.monotonic() + patience
    while there():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def command_of(pid: int) -> str:
    """The command line of a running process; empty when there is none, or only what is left to be collected."""
    in_proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        try:
            return in_proc.read_text(errors="replace").replace("\0", " ")
        except OSError:
            return ""
    return subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True
    ).stdout


def free_port() -> int:
    """A port nobody listens on at the moment, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_free(port: int, *, what: str, setting: str) -> None:
    """Raise a StackProblem with the way out when somebody already listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise StackProblem(
                f"Port {port}, meant for {what}, is taken by another program: stop that program, "
                f"or choose another port by adding {setting}={port + 10} to the command."
            ) from problem


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""
