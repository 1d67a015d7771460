"""What an operator types, as the documents print it, does what they say: SQL, dump and restore."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

import local_stack
from tests.conftest import open_directory

DOCS = Path(__file__).resolve().parent.parent / "docs"
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str) -> Iterator[tuple[list[str], str]]:
    """The fenced blocks: the words after the backticks, and what is inside."""
    for block in FENCE.finditer((DOCS / document).read_text(encoding="utf-8")):
        yield block["info"].split(), block["body"]


def statements(document: str) -> dict[str, str]:
    """The SQL of a document by its name: what stands behind ```sql."""
    return {info[1]: body for info, body in blocks(document) if info[:1] == ["sql"] and len(info) > 1}


DEPLOYMENT, DATA_PROTECTION = statements("deployment.md"), statements("data-protection.md")
STAFF = ("ada", "lee", "sam", "tia")


def test_every_piece_of_sql_is_tried_below():
    assert set(DEPLOYMENT) == {"first-clinic", "add-a-person", "end-a-role", "before-a-restore"}
    assert set(DATA_PROTECTION) == {"changes-by-a-person", "changes-to-a-case", "who-could-read"}


@pytest.fixture
def staff(account: Callable[[str], UUID]) -> dict[str, UUID]:
    return {name: account(f"{name}@clinic.example") for name in (*STAFF, "tom")}


@pytest.fixture
def undone(sql: psycopg.Connection, staff: dict[str, UUID]) -> Iterator[psycopg.Connection]:
    """SQL as the database's owner, with the first clinic of deployment.md in it; rolled back in the end."""
    with sql.transaction(force_rollback=True):
        sql.execute(DEPLOYMENT["first-clinic"])
        yield sql


def roles_of(db: psycopg.Connection, person: UUID) -> list[str]:
    """What me() says to this person."""
    db.execute("select set_config('request.jwt.claim.sub', %s, true)", (str(person),))
    me = db.execute("select public.me()").fetchone()[0]
    db.execute("select set_config('request.jwt.claim.sub', '', true)")
    return [role["role"] for role in me["memberships"]] if me else []


def test_the_first_clinic_gives_everybody_their_role(undone: psycopg.Connection, staff: dict[str, UUID]):
    assert [roles_of(undone, staff[name]) for name in STAFF] == [
        ["admin"],
        ["lead"],
        ["supervisor"],
        ["therapist"],
    ]


def test_the_first_clinic_is_all_or_nothing(sql: psycopg.Connection, staff: dict[str, UUID]):
    missing = DEPLOYMENT["first-clinic"].replace("tia@clinic.example", "nobody@clinic.example")
    with pytest.raises(
        psycopg.errors.RaiseException, match=r"No account has the address nobody@clinic\.example"
    ):
        sql.execute(missing)
    assert sql.execute(
        "select count(*) from public.clinics where name = 'Harbour Street Clinic'"
    ).fetchone() == (0,)


def test_a_person_is_added_and_a_role_ends_at_once(undone: psycopg.Connection, staff: dict[str, UUID]):
    assert roles_of(undone, staff["tom"]) == []
    undone.execute(DEPLOYMENT["add-a-person"])
    assert roles_of(undone, staff["tom"]) == ["therapist"]
    undone.execute(DEPLOYMENT["end-a-role"])
    assert roles_of(undone, staff["tia"]) == []
    assert roles_of(undone, staff["tom"]) == ["therapist"]


def some_work(db: psycopg.Connection, staff: dict[str, UUID]) -> None:
    """A case of Tia's with an episode, a rupture, and a change by her and one by the operator, at the time of the queries."""
    team = db.execute(
        "select team_id from public.memberships where person_id = %s", (staff["tia"],)
    ).fetchone()[0]
    db.execute("update public.memberships set starts_on = '2026-10-01' where team_id = %s", (team,))
    case, episode, rupture = (UUID(int=n) for n in (1, 2, 3))
    for actor, statement, values in (
        ("tia", "insert into public.cases (therapist_id, id, team_id, code) values (%s, %s, %s, 'C-0412')", (staff["tia"], case, team)),
        ("tia", "insert into public.episodes (therapist_id, id, team_id, case_id, happened_on, kind) values (%s, %s, %s, %s, '2026-01-05', 'stalled')",
         (staff["tia"], episode, team, case)),
        ("sam", "insert into public.ruptures (therapist_id, id, team_id, case_id, kind, noticed_on) values (%s, %s, %s, %s, 'mixed', '2026-01-05')",
         (staff["tia"], rupture, team, case)),
        ("", "update public.episodes set intensity = 3 where id = %s", (episode,)),
    ):  # fmt: skip
        db.execute("select set_config('request.jwt.claim.sub', %s, true)", (str(staff.get(actor, "")),))
        db.execute(statement, values)


def now_as_in(queries: str) -> str:
    """The same query for today: the documents name days, the rows of a test are from now."""
    return queries.replace("'2026-11-01'", "now() - interval '1 day'").replace(
        "'2026-12-01'", "now() + interval '1 day'"
    )


def test_the_breach_queries_find_who_did_what(undone: psycopg.Connection, staff: dict[str, UUID]):
    some_work(undone, staff)
    by_sam = undone.execute(now_as_in(DATA_PROTECTION["changes-by-a-person"])).fetchall()
    assert [(action, table, team, about) for _, action, table, _, team, about in by_sam] == [
        ("insert", "ruptures", "Team North", "Tia Example")
    ]
    of_case = undone.execute(now_as_in(DATA_PROTECTION["changes-to-a-case"])).fetchall()
    assert {row[1:] for row in of_case} == {
        ("Tia Example", "insert", "cases"), ("Tia Example", "insert", "episodes"),
        ("Sam Example", "insert", "ruptures"), ("the operator", "update", "episodes"),
    }  # fmt: skip
    readers = undone.execute(DATA_PROTECTION["who-could-read"]).fetchall()
    assert [(name, role) for name, _, role, *_ in readers] == [
        ("Tia Example", "therapist"),
        ("Sam Example", "supervisor"),
        ("Lee Example", "lead"),
    ]


RIGHTS = """
with rights as (
  select 'relation ' || c.oid::regclass as thing, a.* from pg_class c, aclexplode(c.relacl) a where c.relnamespace::regnamespace::text = any (%(schemas)s)
  union all select 'column ' || c.oid::regclass || '.' || t.attname, a.* from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
    where c.relnamespace::regnamespace::text = any (%(schemas)s)
  union all select 'function ' || p.oid::regprocedure, a.* from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where p.pronamespace::regnamespace::text = any (%(schemas)s)
  union all select 'default ' || d.defaclobjtype::text, a.* from pg_default_acl d, aclexplode(d.defaclacl) a)
select thing, grantee::regrole::text, privilege_type from rights where grantee <> 'postgres'::regrole  -- who owns it all
union all select 'policy ' || tablename || ': ' || policyname, cmd, concat_ws(' / ', roles, qual, with_check) from pg_policies
union all select 'secured ' || oid::regclass, relrowsecurity::text, '' from pg_class where relkind = 'r' and relnamespace::regnamespace::text = any (%(schemas)s)
"""


def rights(db: psycopg.Connection) -> set[tuple]:
    return set(db.execute(RIGHTS, {"schemas": ["public", "private"]}).fetchall())


def test_what_is_dumped_and_restored_as_written_has_the_same_rights_and_rows(
    stack: local_stack.Stack, sql: psycopg.Connection
):
    """A fresh project hands out rights on every new table by default, and a dump does not take them back."""
    dumping, *restoring = [body for info, body in blocks("deployment.md") if info == ["sh"] and "pg_" in body]
    programs = stack.postgres.home.programs
    with open_directory() as place:
        nothing = place / "migrations"
        nothing.mkdir()

        def shell(script: str, database: str) -> None:
            environment = {"PATH": f"{programs}:/usr/bin:/bin", "DATABASE_URL": database}
            done = subprocess.run(
                ["/bin/sh", "-e", "-c", script], cwd=place, env=environment, capture_output=True, text=True
            )
            assert (done.returncode, done.stderr) == (0, "")

        shell(dumping, stack.database_url)
        with (
            local_stack.start(
                place / "stack", api_port=0, db_port=0, migrations_dir=nothing, durable=False
            ) as empty,
            psycopg.connect(empty.database_url, autocommit=True) as restored,
        ):
            restored.execute(
                "drop schema supabase_migrations cascade"
            )  # a project has none before its first push
            restored.execute(DEPLOYMENT["before-a-restore"])
            shell("\n".join(restoring), empty.database_url)
            assert rights(restored) == rights(sql)
            for table in (
                "auth.users",
                "public.memberships",
                "public.prompts",
                "public.audit_log",
                "private.weekly",
            ):
                assert (
                    restored.execute(f"select count(*) from {table}").fetchone()
                    == sql.execute(f"select count(*) from {table}").fetchone()
                )
