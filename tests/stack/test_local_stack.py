"""The embedded stack comes up, survives, reports and goes: nothing is lost, nothing is left running."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

import local_postgres
import local_stack
from processes import StackProblem
from tests.stack.conftest import processes_of

CLI = local_stack.HERE / "local_stack.py"


def start(place: Path, migrations: Path, **options) -> local_stack.Stack:
    ports = {"api_port": 0, "db_port": 0} | options
    return local_stack.start(place / "stack", migrations_dir=migrations, durable=False, **ports)


def start_command(place: Path, migrations: Path) -> subprocess.Popen[str]:
    """`make stack` as a process of its own, up and running."""
    process = subprocess.Popen(
        [sys.executable, CLI, "--data-dir", place / "stack", "--migrations-dir", migrations,
         "--api-port", "0", "--db-port", "0"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if "Ctrl-C" in line:
            return process
    raise AssertionError(f"the stack did not start: exit code {process.wait()}")


def remember(stack: local_stack.Stack, name: str) -> None:
    with psycopg.connect(stack.database_url) as connection:
        connection.execute("insert into public.things values (%s)", [name])


def remembered(stack: local_stack.Stack) -> list[str]:
    with psycopg.connect(stack.database_url) as connection:
        return [name for (name,) in connection.execute("select name from public.things order by name")]


# --- Going ----------------------------------------------------------------------------------------------------------


def test_stop_leaves_no_process_and_may_be_said_twice(place, migrations):
    with start(place, migrations) as stack:
        assert {Path(process.exe()).name for process in processes_of(place)} == {"postgres", "node"}
        stack.stop()
        assert processes_of(place) == []
    assert processes_of(place) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_command_ends_in_order_on_a_signal(place, migrations, sent):
    command = start_command(place, migrations)
    command.send_signal(sent)
    assert command.wait(30) == 0
    assert processes_of(place) == []
    assert "database system is shut down" in (place / "stack" / "postgres.log").read_text()


def test_a_second_signal_while_stopping_changes_nothing(place, migrations):
    command = start_command(place, migrations)
    command.send_signal(signal.SIGINT)
    command.send_signal(signal.SIGINT)
    assert command.wait(30) == 0
    assert processes_of(place) == []


def test_a_start_that_fails_half_way_leaves_no_process(place, migrations, monkeypatch):
    monkeypatch.setattr(local_stack, "LITE", CLI)  # a Python file: Node ends at once
    with pytest.raises(StackProblem, match="API server did not start"):
        start(place, migrations)
    assert processes_of(place) == []


# --- Coming back ----------------------------------------------------------------------------------------------------


def test_data_and_keys_survive_a_restart(place, migrations):
    with start(place, migrations) as stack:
        remember(stack, "kept")
        keys = (stack.publishable_key, stack.secret_key)
    with start(place, migrations) as stack:
        assert remembered(stack) == ["kept"]
        assert (stack.publishable_key, stack.secret_key) == keys


def test_rights_taken_away_by_a_migration_stay_away_after_a_restart(place, migrations):
    (migrations / "20260102000000_closed.sql").write_text(
        "revoke all on public.things from anon, authenticated;\n"
        "alter default privileges in schema public revoke all on tables from anon, authenticated;\n"
    )
    for _ in range(2):
        with start(place, migrations) as stack, psycopg.connect(stack.database_url) as connection:
            connection.execute("create table public.later (id int)")
            may = "select has_table_privilege('anon', %s, 'select')"
            assert connection.execute(may, ["public.things"]).fetchone() == (False,)
            assert connection.execute(may, ["public.later"]).fetchone() == (False,)
            connection.rollback()


@pytest.mark.parametrize("killed", ["everything", "the database", "the command"])
def test_data_survive_kill_9_and_the_next_start_needs_no_help(place, migrations, killed):
    command = start_command(place, migrations)
    database = json.loads((place / "stack" / "keys.json").read_text())["database_password"]
    pid_file = local_postgres.Home.of(place / "stack").data / "postmaster.pid"
    pid, port = (int(pid_file.read_text().splitlines()[line]) for line in (0, 3))
    with psycopg.connect(f"postgresql://postgres:{database}@127.0.0.1:{port}/postgres") as connection:
        connection.execute("insert into public.things values ('kept')")
    everything = [psutil.Process(command.pid), *processes_of(place)]
    hit = {
        "everything": everything,
        "the database": [psutil.Process(pid)],
        "the command": [psutil.Process(command.pid)],
    }
    for process in hit[killed]:
        with suppress(psutil.NoSuchProcess):  # on Linux it may have ended with its parent by now
            process.kill()
    # Whatever was not hit goes by itself: the command notices, the children are tied to the command.
    assert command.wait(30) != 0
    psutil.wait_procs(everything, timeout=30)
    assert processes_of(place) == []

    with start(place, migrations) as stack:
        assert remembered(stack) == ["kept"]


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_no_obstacle(place, migrations):
    with start(place, migrations) as stack:
        remember(stack, "kept")
        pid_file = stack.postgres.home.data / "postmaster.pid"
        told = pid_file.read_text().splitlines()
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *told[1:]]) + "\n")
        with start(place, migrations) as stack:
            assert remembered(stack) == ["kept"]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_postgres_left_over_from_an_earlier_run_is_ended_first(place, migrations):
    with start(place, migrations) as stack:
        remember(stack, "kept")
    left = local_postgres.Postgres(
        place / "stack", port=stack.postgres.port, password=stack.postgres.password, durable=False
    )
    left.start()
    try:
        with start(place, migrations) as stack:
            assert remembered(stack) == ["kept"]
            assert left.process.wait(30) is not None
    finally:
        left.stop()


def test_reset_deletes_the_data_and_the_keys(place, migrations):
    with start(place, migrations) as stack:
        remember(stack, "forgotten")
        home, key = stack.postgres.home.data, stack.publishable_key
    local_stack.reset(place / "stack")
    assert not home.exists()
    local_stack.reset(place / "stack")
    with start(place, migrations) as stack:
        assert remembered(stack) == []
        assert stack.publishable_key != key


# --- Saying what is wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "setting"), [("api_port", "SIXFOLD_API_PORT"), ("db_port", "SIXFOLD_DB_PORT")]
)
def test_a_taken_port_is_one_sentence_with_the_way_out(place, migrations, which, setting):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StackProblem) as problem:
            start(place, migrations, **{which: port})
    sentence = str(problem.value)
    assert sentence.startswith(f"Port {port}, meant for ")
    assert f"{setting}={port + 10}" in sentence
    assert "\n" not in sentence
    assert processes_of(place) == []


def test_the_command_says_a_problem_without_a_traceback(place, migrations):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = subprocess.run(
            [sys.executable, CLI, "--data-dir", place / "stack", "--migrations-dir", migrations,
             "--api-port", str(taken.getsockname()[1]), "--db-port", "0"],
            capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Port ")
    assert "Traceback" not in done.stderr


def test_a_second_start_on_the_same_data_names_the_first(place, migrations):
    with start(place, migrations) as stack:
        with pytest.raises(
            StackProblem, match=f"in use by another run of the stack \\(process {os.getpid()}\\)"
        ):
            start(place, migrations)
        with pytest.raises(StackProblem, match="stop that one first"):
            local_stack.reset(place / "stack")
        remember(stack, "undisturbed")
        assert remembered(stack) == ["undisturbed"]


def test_without_its_packages_the_stack_says_what_to_run(place, migrations, monkeypatch):
    monkeypatch.setattr(local_stack, "LITE", place / "not-there")
    with pytest.raises(StackProblem, match="not installed: run `make stack`"):
        start(place, migrations)


# --- Migrations -----------------------------------------------------------------------------------------------------


def test_a_migration_that_fails_is_named_with_its_line_and_leaves_nothing(place, migrations):
    broken = migrations / "20260102000000_more.sql"
    broken.write_text("create table public.half (id int);\n\ncreate table public.things (id int);\n")
    with pytest.raises(
        StackProblem, match=r"20260102000000_more\.sql.* failed: relation \"things\" already exists"
    ):
        start(place, migrations)
    assert processes_of(place) == []
    broken.write_text("create table public.half (id int);\n\nselect nonsense;\n")
    with pytest.raises(StackProblem, match=r"20260102000000_more\.sql, line 3 failed: column \"nonsense\""):
        start(place, migrations)

    broken.write_text("create table public.half (id int);\n")
    with start(place, migrations) as stack, psycopg.connect(stack.database_url) as connection:
        assert connection.execute("select count(*) from public.half").fetchone() == (0,)


def test_each_migration_runs_once_in_order_and_into_the_history_of_the_supabase_cli(place, migrations):
    (migrations / "20260103000000_third.sql").write_text(
        "insert into public.things values ('third') returning 1;\n"
    )
    (migrations / "20260102000000_second.sql").write_text("insert into public.things values ('second');\n")
    for _ in range(2):
        with start(place, migrations) as stack, psycopg.connect(stack.database_url) as connection:
            assert remembered(stack) == ["second", "third"]
            history = "select version, name, statements[1] from supabase_migrations.schema_migrations order by version"
            assert connection.execute(history).fetchall() == [
                (file.name[:14], file.stem[15:], file.read_text()) for file in sorted(migrations.iterdir())
            ]


def test_a_migration_edited_after_it_was_applied_is_said(place, migrations):
    with start(place, migrations) as stack:
        remember(stack, "kept")
    file = migrations / "20260101000000_things.sql"
    file.write_text(file.read_text() + "alter table public.things add note text;\n")
    with pytest.raises(
        StackProblem, match="was edited after it had been applied to these data: undo the edit, or"
    ):
        start(place, migrations)
    assert processes_of(place) == []


def test_a_migration_with_another_kind_of_name_is_refused(place, migrations):
    (migrations / "fix.sql").write_text("select 1;\n")
    with pytest.raises(StackProblem, match=r"fix\.sql is no migration: name it"):
        start(place, migrations)


# --- Places ---------------------------------------------------------------------------------------------------------


def test_data_lie_where_postgres_can_reach_them_even_in_a_closed_checkout(place, migrations, monkeypatch):
    """Root's PostgreSQL is another user, so a closed directory moves its data; an ordinary user keeps them there."""
    as_root = os.geteuid() == 0
    elsewhere = place / "elsewhere"
    elsewhere.mkdir(mode=0o711)
    monkeypatch.setattr(local_postgres, "FALLBACK", elsewhere)
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with start(closed, migrations) as stack:
        assert stack.postgres.home.data.is_relative_to(elsewhere if as_root else closed)
        remember(stack, "kept")
    with start(closed, migrations) as stack:
        assert remembered(stack) == ["kept"]
    local_stack.reset(closed / "stack")
    assert not stack.postgres.home.data.exists()
    assert list(elsewhere.iterdir()) == []


def test_closing_the_directory_later_is_said_instead_of_starting_afresh(place, migrations):
    """For root; an ordinary user's own directory stays open to that user."""
    home = place / "home"
    home.mkdir(mode=0o711)
    with start(home, migrations) as stack:
        remember(stack, "kept")
    home.chmod(0o700)
    if os.geteuid() == 0:
        with pytest.raises(StackProblem, match="let others pass through the directories above it again"):
            start(home, migrations)
        home.chmod(0o711)
    with start(home, migrations) as stack:
        assert remembered(stack) == ["kept"]


def test_programs_that_postgres_own_user_cannot_run_are_copied(place, migrations, monkeypatch):
    """A virtual environment in root's own home, say. An ordinary user runs them where they are."""
    as_root = os.geteuid() == 0
    elsewhere, closed = place / "elsewhere", place / "site-packages"
    elsewhere.mkdir(mode=0o711)
    closed.mkdir(mode=0o700)
    for part in (local_postgres.WHEEL.name, f"{local_postgres.WHEEL.name}.libs"):
        (closed / part).symlink_to(local_postgres.WHEEL.parent / part)
    monkeypatch.setattr(local_postgres, "FALLBACK", elsewhere)
    monkeypatch.setattr(local_postgres, "WHEEL", closed / local_postgres.WHEEL.name)
    for _ in range(2):
        with start(place, migrations) as stack:
            assert stack.postgres.home.programs.is_relative_to(elsewhere if as_root else closed)
