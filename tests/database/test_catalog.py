"""The database's own catalogue against the matrix: whatever is new, granted or left open without a row there fails."""

from pathlib import Path

import psycopg
import pytest

from tests.database.catalogue import CHECKS, TRIGGERS, UNIQUE, listed
from tests.database.matrix import CALLS, DELETABLE, PRIVATE_FOR_ALL_SIGNED_IN, RIGHTS, VERBS, WRITABLE

TABLES = {table for table, verb in RIGHTS if verb == "delete"}
VIEWS = {table for table, _ in RIGHTS} - TABLES

# Looked at only after an indexed column of the same policy has narrowed the rows.
BEHIND_AN_INDEXED_COLUMN = {
    ("reflection_parts", "shared"), ("notes", "shared"), ("reflections", "read_at"),
    ("reflection_parts", "reflection_id"), ("ratings", "reflection_id"),
    ("case_texts", "shared"), ("questions", "state"), ("case_transfers", "state"), ("mirror_shares", "withdrawn"),
    ("agenda_words", "released"), ("agenda_items", "meeting_id"),
}  # fmt: skip


def column(sql: psycopg.Connection, text: str, *values: object) -> list:
    return [row[0] for row in sql.execute(text, values)]


def test_every_table_and_view_has_its_rows_in_the_matrix(sql):
    kinds = dict(
        sql.execute(
            "select relname, relkind from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r','p','v','m','f')"
        )
    )
    assert {name for name, kind in kinds.items() if kind == "r"} == TABLES
    assert {name for name, kind in kinds.items() if kind == "v"} == VIEWS
    assert set(kinds.values()) == {"r", "v"}
    assert all((table, verb) in RIGHTS for table in TABLES for verb in VERBS)


def test_the_page_on_who_sees_what_names_every_table():
    page = (Path(__file__).resolve().parents[2] / "docs" / "security-model.md").read_text()
    assert [table for table in sorted(TABLES) if f"`{table}`" not in page] == []


def test_every_function_has_its_row_in_the_matrix(sql):
    names = column(sql, "select proname from pg_proc where pronamespace = 'public'::regnamespace")
    assert sorted(names) == sorted(CALLS)


def test_a_visitor_may_do_nothing(sql):
    """Nor may everybody (PUBLIC), which a visitor is part of."""
    assert column(
        sql,
        """
        select c.oid::regclass::text || ' ' || a.privilege_type from pg_class c, aclexplode(c.relacl) a
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and a.grantee in (0, 'anon'::regrole)
        union all
        select a.attrelid::regclass || '.' || a.attname || ' ' || x.privilege_type from pg_attribute a, aclexplode(a.attacl) x
        where a.attacl is not null and x.grantee in (0, 'anon'::regrole) and a.attrelid >= 16384
        union all
        select oid::regprocedure::text from pg_proc where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
          and (has_function_privilege('anon', oid, 'execute') or has_function_privilege('public', oid, 'execute'))
        """,
    ) == []  # fmt: skip
    assert sql.execute("select has_schema_privilege('anon', 'private', 'usage')").fetchone() == (False,)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
@pytest.mark.parametrize("schema", ["public", "private"])
def test_nobody_makes_anything_in_our_schemas(sql, role: str, schema: str):
    assert sql.execute("select has_schema_privilege(%s, %s, 'create')", (role, schema)).fetchone() == (False,)


def test_signed_in_people_run_what_the_matrix_says(sql):
    runs = "select proname from pg_proc where pronamespace = %s::regnamespace and has_function_privilege('authenticated', oid, 'execute')"
    assert sorted(column(sql, runs, "public")) == sorted(CALLS)
    assert set(column(sql, runs, "private")) == PRIVATE_FOR_ALL_SIGNED_IN


def test_the_schema_of_the_helpers_holds_no_table_for_signed_in_people(sql):
    assert column(
        sql,
        """
        select c.oid::regclass::text from pg_class c where c.relnamespace = 'private'::regnamespace and c.relkind in ('r', 'v', 'S')
          and has_table_privilege('authenticated', c.oid, 'select, insert, update, delete, truncate, references, trigger')
        """,
    ) == []  # fmt: skip


@pytest.mark.parametrize("table", sorted(TABLES | VIEWS))
def test_grants_are_the_columns_of_the_matrix_and_no_more(sql, table: str):
    granted = {
        verb: set(column(
            sql,
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
            " and has_column_privilege('authenticated', attrelid, attnum, %s)",
            f"public.{table}", verb,
        ))
        for verb in ("insert", "update")
    }  # fmt: skip
    assert {verb: columns for verb, columns in granted.items() if columns} == WRITABLE.get(table, {})
    whole = {
        privilege
        for privilege in ("select", "insert", "update", "delete", "truncate", "references", "trigger")
        if sql.execute(
            "select has_table_privilege('authenticated', %s::regclass, %s)", (f"public.{table}", privilege)
        ).fetchone()[0]
    }
    assert whole == {"select"} | (
        {"delete", "insert"} if table == "reflection_parts" else {"delete"} if table in DELETABLE else set()
    )


def test_no_sequence_is_open(sql):
    used_by = "select seqrelid::regclass::text from pg_sequence where has_sequence_privilege(%s, seqrelid, 'usage, select, update')"
    assert column(sql, "select seqrelid::regclass::text from pg_sequence") != []
    assert column(sql, used_by, "anon") == column(sql, used_by, "authenticated") == []


def test_row_level_security_is_on_everywhere(sql):
    assert column(
        sql,
        "select oid::regclass::text from pg_class where relkind = 'r' and not relrowsecurity"
        " and relnamespace in ('public'::regnamespace, 'private'::regnamespace)",
    ) == []  # fmt: skip


def test_there_is_one_policy_per_table_and_verb_and_only_for_signed_in_people(sql):
    policies = sql.execute(
        "select tablename, cmd, roles, permissive from pg_policies where schemaname = 'public'"
    ).fetchall()
    assert {(tuple(roles), permissive) for _, _, roles, permissive in policies} == {
        (("authenticated",), "PERMISSIVE")
    }
    assert len({(table, verb) for table, verb, *_ in policies}) == len(policies)
    expected = {
        (table, verb.upper()) for (table, verb), cells in RIGHTS.items() if table in TABLES and set(cells.values()) != {"refused"}
    }  # fmt: skip
    assert {(table, verb) for table, verb, *_ in policies} == expected


def test_views_run_with_their_readers_rights(sql):
    assert column(
        sql,
        "select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace and not 'security_invoker=true' = any(coalesce(reloptions, '{}'))",
    ) == []  # fmt: skip


def test_no_function_looks_names_up_along_a_path(sql):
    assert column(
        sql,
        "select oid::regprocedure::text from pg_proc where pronamespace in ('public'::regnamespace, 'private'::regnamespace)"
        " and not 'search_path=\"\"' = any(coalesce(proconfig, '{}'))",
    ) == []  # fmt: skip


def test_no_function_reckons_days_by_the_clock_of_the_request(sql):
    """One that does needs `set timezone = 'UTC'` beside its search path."""
    assert column(
        sql,
        "select oid::regprocedure::text from pg_proc where pronamespace in ('public'::regnamespace, 'private'::regnamespace)"
        " and prosrc ~* 'current_date|today\\(|::date|date_trunc|extract' and not 'TimeZone=UTC' = any(coalesce(proconfig, '{}'))",
    ) == []  # fmt: skip


# Entries hang on (owner, id, team) of what they belong to, so that neither another's entry nor another team can be named.
REFERENCES = """
teams (clinic_id) clinics                              team_settings (team_id) teams
people (id) auth.users                                 people (clinic_id) clinics
memberships (person_id) people                         memberships (team_id) teams
cases (therapist_id) people                            cases (team_id) teams
episodes (therapist_id) people                         episodes (team_id) teams
episodes (therapist_id,case_id,team_id) cases          reflections (therapist_id) people
reflections (team_id) teams                            reflections (read_by) people
reflection_parts (team_id) teams                       reflection_parts (therapist_id,reflection_id,team_id) reflections
ratings (therapist_id) people                          ratings (team_id) teams
ratings (therapist_id,episode_id,team_id,on_day) episodes
ratings (therapist_id,reflection_id,team_id,on_day) reflections
ruptures (therapist_id) people                         ruptures (team_id) teams
ruptures (therapist_id,case_id,team_id) cases          ruptures (therapist_id,episode_id,team_id) episodes
repair_steps (recorded_by) people                      repair_steps (team_id) teams
repair_steps (therapist_id,rupture_id,team_id) ruptures
prompts (clinic_id) clinics                            prompt_uses (used_by) people
prompt_uses (team_id) teams                            prompt_uses (therapist_id) people
prompt_uses (therapist_id,case_id,team_id) cases       prompt_uses (therapist_id,rupture_id,team_id) ruptures
prompt_uses (therapist_id,episode_id,team_id) episodes
notes (author_id) people                               notes (team_id) teams
notes (therapist_id) people                            notes (author_id,episode_id,team_id) episodes
notes (author_id,repair_step_id,therapist_id,team_id) repair_steps
notes (author_id,prompt_use_id) prompt_uses            private.periods (team_id) teams
sessions (therapist_id) people                         sessions (team_id) teams
goals (therapist_id) people                            goals (team_id) teams
goal_progress (therapist_id) people                    goal_progress (team_id) teams
tasks (therapist_id) people                            tasks (team_id) teams
task_checks (therapist_id) people                      task_checks (team_id) teams
check_ins (therapist_id) people                        check_ins (team_id) teams
check_in_guesses (therapist_id) people                 check_in_guesses (team_id) teams
formulation_entries (therapist_id) people              formulation_entries (team_id) teams
strategies (therapist_id) people                       strategies (team_id) teams
plan_reviews (therapist_id) people                     plan_reviews (team_id) teams
strategy_verdicts (therapist_id) people                strategy_verdicts (team_id) teams
case_texts (therapist_id) people                       case_texts (team_id) teams
questions (therapist_id) people                        questions (team_id) teams
scores (therapist_id) people                           scores (team_id) teams
case_transfers (therapist_id) people                   case_transfers (team_id) teams
mirror_shares (therapist_id) people                    mirror_shares (team_id) teams
sessions (therapist_id,case_id,team_id) cases          goals (therapist_id,case_id,team_id) cases
tasks (therapist_id,case_id,team_id) cases             check_ins (therapist_id,case_id,team_id) cases
formulation_entries (therapist_id,case_id,team_id) cases strategies (therapist_id,case_id,team_id) cases
plan_reviews (therapist_id,case_id,team_id) cases      case_texts (therapist_id,case_id,team_id) cases
questions (therapist_id,case_id,team_id) cases         scores (therapist_id,case_id,team_id) cases
case_transfers (therapist_id,case_id,team_id) cases    goal_progress (therapist_id,goal_id,team_id) goals
tasks (therapist_id,goal_id,team_id) goals             task_checks (therapist_id,task_id,team_id) tasks
check_in_guesses (therapist_id,id,team_id) check_ins   strategy_verdicts (therapist_id,review_id,team_id) plan_reviews
strategy_verdicts (therapist_id,strategy_id,team_id) strategies questions (therapist_id,episode_id,team_id) episodes
questions (therapist_id,reflection_id,team_id) reflections measures (clinic_id) clinics
scores (measure_id) measures                           case_transfers (to_id) people
case_transfers (decided_by) people
actions (created_by) people                            actions (team_id) teams
actions (therapist_id) people                          actions (owner_id) people
actions (therapist_id,case_id,team_id) cases           step_backs (done_by) people
actions (led_by,meeting_id,team_id) meetings           actions (led_by,item_id,team_id) agenda_items
step_backs (team_id) teams                             step_backs (therapist_id) people
step_backs (therapist_id,case_id,team_id) cases        flags (team_id) teams
flags (therapist_id,case_id,team_id) cases             private.flag_weeks (team_id) teams
private.flags_computed (team_id) teams
threshold_changes (team_id) teams                      flag_events (actor_id) people
flag_events (team_id) teams                            flag_events (assignee_id) people
flag_events (flag_id,therapist_id,case_id,team_id) flags reveals (lead_id) people
invitations (clinic_id) clinics                        invitations (team_id) teams
invitations (invited_by) people                        invitations (accepted_by) people
retention_periods (clinic_id) clinics                  legal_holds (clinic_id) clinics
legal_holds (therapist_id) people                      legal_holds (set_by) people
purge_reports (clinic_id) clinics                      erasure_requests (team_id) teams
erasure_requests (therapist_id) people                 erasure_requests (asked_by) people
erasure_requests (decided_by) people
reveals (team_id) teams                                reveals (therapist_id,case_id,team_id) cases
meetings (led_by) people                               meetings (team_id) teams
meetings (led_by,item_id,team_id) agenda_items         agenda_items (team_id) teams
agenda_items (therapist_id) people                     agenda_items (led_by,meeting_id,team_id) meetings
agenda_items (therapist_id,case_id,team_id) cases      agenda_items (therapist_id,question_id) questions
agenda_items (therapist_id,rupture_id,team_id) ruptures agenda_words (therapist_id) people
agenda_words (team_id) teams                           agenda_words (led_by,item_id,team_id,therapist_id) agenda_items
decisions (recorded_by) people                         decisions (team_id) teams
decisions (therapist_id) people                        decisions (led_by,meeting_id,team_id) meetings
decisions (led_by,item_id,team_id) agenda_items        decisions (led_by,item_id,team_id,therapist_id) agenda_items
decisions (therapist_id,case_id,team_id) cases         reratings (therapist_id) people
reratings (team_id) teams                              reratings (led_by,item_id,team_id,therapist_id) agenda_items
meeting_screens (opened_by) people                     meeting_screens (team_id) teams
meeting_screens (led_by,meeting_id,team_id) meetings   private.meeting_labels (led_by,meeting_id) meetings
private.pulse_counts (led_by,meeting_id) meetings      private.pulse_given (led_by,meeting_id) meetings
private.pulse_given (person_id) people
"""


def test_every_reference_is_a_foreign_key(sql):
    found = column(
        sql,
        """
        select c.conrelid::regclass || ' (' || string_agg(a.attname, ',' order by k.place) || ') ' || c.confrelid::regclass from pg_constraint c
        cross join unnest(c.conkey) with ordinality k (attnum, place) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
        where c.contype = 'f' and c.connamespace in ('public'::regnamespace, 'private'::regnamespace) group by c.oid, c.conrelid, c.confrelid
        """,
    )
    words = REFERENCES.split()
    assert sorted(found) == sorted(" ".join(words[i : i + 3]) for i in range(0, len(words), 3))


OURS = "c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)"


def test_every_trigger_is_there_and_on(sql):
    found = sql.execute(
        f"select t.tgrelid::regclass::text, t.tgname, t.tgenabled from pg_trigger t join pg_class c on c.oid = t.tgrelid where {OURS} and not t.tgisinternal"
    ).fetchall()
    assert {on for *_, on in found} == {"O"}
    expected = {
        (table, name) for names, tables in TRIGGERS.items() for name in names.split() for table in tables
    }
    assert {(table, name) for table, name, _ in found} == expected


def in_full(text: str, ending: str, whole: set[str]) -> set[tuple[str, str]]:
    """(table, constraint) of a list in catalogue.py; the names in `whole` stand there as they are."""
    return {
        (table, name if name in whole else f"{table.removeprefix('private.')}_{name}_{ending}")
        for table, names in listed(text).items()
        for name in names
    }


def test_every_unique_key_is_there(sql):
    found = set(
        sql.execute(
            "select i.indrelid::regclass::text, x.relname from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid"
            f" where {OURS} and i.indisunique and not i.indisprimary and i.indisvalid"
        )
    )
    assert found == in_full(UNIQUE, "key", {name for _, name in found})


def test_every_check_is_there(sql):
    found = set(
        sql.execute(
            f"select conrelid::regclass::text, conname from pg_constraint k join pg_class c on c.oid = k.conrelid where {OURS} and contype = 'c' and convalidated"
        )
    )
    there = {name for _, name in found}
    assert found == in_full(CHECKS, "check", there)


def test_every_foreign_key_is_indexed(sql):
    assert column(
        sql,
        """
        select c.conrelid::regclass || ' ' || c.conname from pg_constraint c
        where c.contype = 'f' and c.connamespace in ('public'::regnamespace, 'private'::regnamespace) and not exists (
          select from pg_index i where i.indrelid = c.conrelid and i.indpred is null
            and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] = c.conkey)
        """,
    ) == []  # fmt: skip


def test_every_column_a_policy_filters_by_leads_an_index(sql):
    used = sql.execute(
        """
        select distinct a.attrelid::regclass::text, a.attname::text,
          exists (select from pg_index i where i.indrelid = a.attrelid and i.indkey[0] = a.attnum and i.indpred is null)
        from pg_policy p
        join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
          and d.refobjid = p.polrelid and d.refobjsubid > 0
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        """
    ).fetchall()
    assert len(used) > 20
    assert {(table, name) for table, name, led in used if not led} == BEHIND_AN_INDEXED_COLUMN


def test_policies_ask_who_is_there_once_not_once_per_row(sql):
    """`(select auth.uid())` and `array(select private.teams_as(…))` are worked out once per statement."""
    policies = sql.execute(
        "select policyname, concat_ws(' ', qual, with_check) from pg_policies where schemaname = 'public'"
    ).fetchall()
    per_row = [
        (name, call)
        for name, text in policies
        for call in (
            "auth.uid()",
            "private.teams_as(",
            "private.clinics_as(",
            "private.is_member(",
            "private.people_i_see(",
        )
        if text.count(call) != text.count(f"SELECT {call}")
    ]
    assert per_row == []
