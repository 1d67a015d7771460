"""The migrations say every right themselves: the same ones hold whatever a hosted project gives by default.

Older hosted projects give each new object to anon, authenticated and service_role; newer ones give nothing. A revoke
that was forgotten shows in the permission tests, which start from the first kind. A grant that was forgotten shows here.
"""

from collections.abc import Iterator

import psycopg
import pytest

import local_stack
from tests.conftest import open_directory

RIGHTS = """
with role (name) as (values ('anon'), ('authenticated'), ('service_role')),
object (kind, name, may) as (
  select 'table', relation.oid::regclass::text, role.name || ' ' || privilege.name
  from pg_class relation
  join pg_namespace on pg_namespace.oid = relnamespace, role,
    unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as privilege (name)
  where nspname in ('public', 'private') and relkind in ('r', 'p', 'v', 'm')
    and has_table_privilege(role.name, relation.oid, privilege.name)
  union all
  select 'column', attrelid::regclass::text || '.' || attname, role.name || ' ' || privilege.name
  from pg_attribute
  join pg_class on pg_class.oid = attrelid
  join pg_namespace on pg_namespace.oid = relnamespace, role,
    unnest(array['select', 'insert', 'update', 'references']) as privilege (name)
  where nspname in ('public', 'private') and relkind in ('r', 'p', 'v', 'm') and attnum > 0 and not attisdropped
    and has_column_privilege(role.name, attrelid, attnum, privilege.name)
  union all
  select 'sequence', pg_class.oid::regclass::text, role.name || ' ' || privilege.name
  from pg_class
  join pg_namespace on pg_namespace.oid = relnamespace, role, unnest(array['usage', 'select', 'update']) as privilege (name)
  where nspname in ('public', 'private') and relkind = 'S' and has_sequence_privilege(role.name, pg_class.oid, privilege.name)
  union all
  select 'function', pg_proc.oid::regprocedure::text, role.name || ' execute'
  from pg_proc
  join pg_namespace on pg_namespace.oid = pronamespace, role
  where nspname in ('public', 'private') and has_function_privilege(role.name, pg_proc.oid, 'execute')
)
select kind, name, may from object order by kind, name, may
"""


@pytest.fixture(scope="module")
def giving_nothing() -> Iterator[local_stack.Stack]:
    """The same migrations on a start that gives nothing away by itself."""
    usual = (local_stack.HERE / "hosted_start.sql").read_text()
    start = "\n".join(line for line in usual.splitlines() if not line.startswith("alter default privileges"))
    assert start.count("\n") < usual.count("\n")
    with open_directory() as directory:
        (directory / "start.sql").write_text(start)
        with local_stack.start(
            directory / "stack", api_port=0, db_port=0, start_sql=directory / "start.sql", durable=False
        ) as running:
            yield running


def test_no_right_depends_on_what_the_project_gives_by_default(stack, giving_nothing):
    def rights(of: local_stack.Stack) -> set[tuple]:
        with psycopg.connect(of.database_url) as connection:
            return set(connection.execute(RIGHTS).fetchall())

    usual, bare = rights(stack), rights(giving_nothing)
    # tables and functions first, so that a failure names them instead of their columns
    assert sorted(usual - bare, reverse=True) == [], (
        "these rights come from the project's defaults: grant or revoke them"
    )
    assert sorted(bare - usual, reverse=True) == []
    assert any(kind == "table" for kind, _, _ in bare)
