"""What can be taken away from the database, one thing at a time: rights, checks, keys, triggers, guards, words of a function.

Most mutants are read from the catalogue, so that a new table or policy brings its own. The words at the end are chosen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier

OURS = ("public", "private")


@dataclass(frozen=True)
class Mutant:
    """One change to a copy of the database: its group, its name, and the SQL that makes it."""

    group: str
    name: str
    sql: str

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"


def all_of(db: psycopg.Connection) -> list[Mutant]:
    """Every mutant of this database, always in the same order."""
    found = [
        *policies(db), *row_security(db), *grants(db), *functions(db), *constraints(db), *triggers(db), *guards(db), *words(db),
    ]  # fmt: skip
    names = [str(mutant) for mutant in found]
    if len(names) != len(set(names)):
        raise ValueError(f"two mutants of one name: {sorted(n for n in names if names.count(n) > 1)}")
    return found


# Conditions inside of policies: each is replaced by `true`, alone.
CONDITIONS = {
    "whose": r"\(\w+ (?:=|<>) \( SELECT auth\.uid\(\) AS uid\)\)",
    "shared": r"(?<![\w.])shared(?![\w.])",
    "unread": r"\(read_at IS NULL\)",
    "open": r"private\.still_open\([^()]*\)",
    "clinic": r"private\.same_clinic\([^()]*\)",
    "member": r"\( SELECT private\.is_member\(\) AS is_member\)",
    "shipped": r"\(clinic_id IS NULL\)",
    "not ended": r"\(m\.state < 'ended'::public\.meeting_state\)",
    "team": r"\(\w+ = ANY \(ARRAY\( SELECT private\.(?:teams|clinics)_as\([^()]*\) AS \w+\)\)\)",
}
ANY_ROLE = "VARIADIC ARRAY['therapist'::public.member_role, 'supervisor'::public.member_role, 'lead'::public.member_role, 'admin'::public.member_role]"


def policies(db: psycopg.Connection) -> Iterator[Mutant]:
    """Dropped; open to every row; without one of its conditions; for every role."""
    rows = db.execute(
        "select tablename, policyname, cmd, qual, with_check from pg_policies where schemaname = 'public' order by 1, 2"
    )
    for table, policy, verb, using, check in rows.fetchall():
        at = SQL("{} on public.{}").format(Identifier(policy), Identifier(table)).as_string()
        name = f"{table} {verb.lower()}"
        yield Mutant("policy dropped", name, f"drop policy {at}")
        clause, text = ("with check", check) if verb == "INSERT" else ("using", using)
        yield Mutant("policy open", name, f"alter policy {at} {clause} (true)")
        for what, pattern in CONDITIONS.items():
            for number, found in enumerate(re.finditer(pattern, text), 1):
                without = f"{text[: found.start()]}true{text[found.end() :]}"
                yield Mutant(
                    "condition gone", f"{name}: {what} {number}", f"alter policy {at} {clause} ({without})"
                )
        for number, found in enumerate(re.finditer(r"VARIADIC ARRAY\[([^]]*)\]", text), 1):
            if found[0].replace("public.", "") != ANY_ROLE.replace("public.", ""):
                wider = f"{text[: found.start()]}{ANY_ROLE}{text[found.end() :]}"
                yield Mutant("any role", f"{name}: {number}", f"alter policy {at} {clause} ({wider})")


def row_security(db: psycopg.Connection) -> Iterator[Mutant]:
    """Switched off, table by table."""
    for (table,) in _column(
        db,
        "select oid::regclass::text from pg_class where relkind = 'r' and relrowsecurity and relnamespace::regnamespace::text = any(%s)",
    ):
        yield Mutant("row security off", table, f"alter table {table} disable row level security")


def grants(db: psycopg.Connection) -> Iterator[Mutant]:
    """Everything given to signed-in people or to visitors; and each right that is given, taken."""
    for (table,) in _column(
        db,
        "select oid::regclass::text from pg_class where relkind in ('r', 'v') and relnamespace::regnamespace::text = any(%s)",
    ):
        for role in ("authenticated", "anon"):
            yield Mutant(
                "granted too much",
                f"{table} to {role}",
                f"grant usage on schema private to {role}; grant all on {table} to {role}",
            )
    given = """
        select distinct table_name, lower(privilege_type) from information_schema.column_privileges
        where table_schema = 'public' and grantee = 'authenticated'
        union select table_name, 'delete' from information_schema.table_privileges
        where table_schema = 'public' and grantee = 'authenticated' and privilege_type = 'DELETE' order by 1, 2
    """
    for table, right in db.execute(given).fetchall():
        yield Mutant(
            "grant taken", f"{right} on {table}", f"revoke {right} on public.{table} from authenticated"
        )
    yield Mutant("granted too much", "schema private to anon", "grant usage on schema private to anon")
    yield Mutant(
        "granted too much",
        "sequences to authenticated",
        "grant all on all sequences in schema public to authenticated",
    )


def functions(db: psycopg.Connection) -> Iterator[Mutant]:
    """Each one open to visitors; each one closed to those who have it, open to those who have not; with a loose search path or time zone."""
    rows = db.execute(
        "select oid::regprocedure::text, prokind, has_function_privilege('authenticated', oid, 'execute'), 'TimeZone=UTC' = any(proconfig) from pg_proc"
        " where pronamespace::regnamespace::text = any(%s) order by 1", (list(OURS),)
    )  # fmt: skip
    for function, kind, given, reckons_days in rows.fetchall():
        what = "procedure" if kind == "p" else "function"
        yield Mutant("execute", f"{function} for anon", f"grant execute on {what} {function} to anon")
        change = (
            f"revoke execute on {what} {function} from authenticated"
            if given
            else f"grant execute on {what} {function} to authenticated"
        )
        yield Mutant("execute", f"{function} {'not for' if given else 'for'} authenticated", change)
        yield Mutant("search path", function, f"alter {what} {function} reset search_path")
        if reckons_days:
            yield Mutant(
                "search path", f"{function}, its time zone", f"alter {what} {function} reset timezone"
            )
    for (view,) in _column(
        db,
        "select oid::regclass::text from pg_class where relkind = 'v' and relnamespace::regnamespace::text = any(%s)",
    ):
        yield Mutant(
            "view with its owner's rights", view, f"alter view {view} set (security_invoker = false)"
        )


def constraints(db: psycopg.Connection) -> Iterator[Mutant]:
    """Checks, foreign keys, and the unique keys that no foreign key stands on."""
    rows = db.execute(
        """
        select conrelid::regclass::text, conname, contype from pg_constraint c
        where connamespace::regnamespace::text = any(%s) and contype in ('c', 'f', 'u') and conrelid <> 0 and conparentid = 0
          and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid and c.contype = 'u') order by 1, 2
        """,
        (list(OURS),),
    )
    for table, name, kind in rows.fetchall():
        group = {"c": "check gone", "f": "foreign key gone", "u": "unique key gone"}[kind]
        yield Mutant(group, f"{table} {name}", f"alter table {table} drop constraint {name}")


def triggers(db: psycopg.Connection) -> Iterator[Mutant]:
    """Each one gone."""
    rows = db.execute(
        "select tgrelid::regclass::text, quote_ident(tgname) from pg_trigger join pg_class c on c.oid = tgrelid"
        " where not tgisinternal and relnamespace::regnamespace::text = any(%s) order by 1, 2", (list(OURS),)
    )  # fmt: skip
    for table, name in rows.fetchall():
        yield Mutant("trigger gone", f"{table} {name}", f"drop trigger {name} on {table}")


GUARD = re.compile(r"\bif (?P<condition>(?:(?!\bthen\b).)*?) then\s+raise exception", re.DOTALL)
MUST = "perform private.must_have_changed(found);"


def guards(db: psycopg.Connection) -> Iterator[Mutant]:
    """Every `if … then raise` and every `must_have_changed`, one at a time, as if it were not there."""
    for name, definition in _definitions(db):
        for number, found in enumerate(GUARD.finditer(definition), 1):
            start, end = found.span("condition")
            yield Mutant(
                "guard gone", f"{name}: raise {number}", f"{definition[:start]}false{definition[end:]}"
            )
        for number, found in enumerate(re.finditer(re.escape(MUST), definition), 1):
            yield Mutant(
                "guard gone",
                f"{name}: must_have_changed {number}",
                f"{definition[: found.start()]}{definition[found.end() :]}",
            )


def _definitions(db: psycopg.Connection) -> list[tuple[str, str]]:
    return db.execute(
        "select proname::text, pg_get_functiondef(oid) from pg_proc where pronamespace::regnamespace::text = any(%s) order by 1", (list(OURS),)
    ).fetchall()  # fmt: skip


def _column(db: psycopg.Connection, text: str) -> list[tuple[str]]:
    return sorted(db.execute(text, (list(OURS),)).fetchall())


def words(db: psycopg.Connection) -> Iterator[Mutant]:
    """Chosen words of a function replaced; a word that is no longer there is an error, so that the list stays true."""
    definitions = dict(_definitions(db))
    for name, old, new in WORDS:
        if old not in definitions[name]:
            raise ValueError(f"{name} no longer says {old!r}")
        for number in range(definitions[name].count(old)):
            parts = definitions[name].split(old)
            changed = old.join(parts[: number + 1]) + new + old.join(parts[number + 1 :])
            yield Mutant("words", f"{name}: {old!r} becomes {new!r} ({number + 1})", changed)


ME = "(select auth.uid())"
WORDS = [
    # who is in which team
    ("teams_as", f"person_id = {ME}", "true"),
    ("teams_as", "role = any (roles)", "true"),
    ("teams_as", "starts_on <= current_date", "true"),
    ("teams_as", "current_date < ends_on", "true"),
    ("teams_as", "current_date < ends_on", "current_date <= ends_on"),
    ("is_member", "exists (select from private.teams_as('therapist', 'supervisor', 'lead', 'admin'))", "true"),
    ("people_i_see", "'supervisor', 'lead', 'admin'", "'therapist', 'supervisor', 'lead', 'admin'"),
    ("people_i_see", "team_id in (select private.teams_as('supervisor', 'lead', 'admin'))", "true"),
    ("same_clinic", "t.clinic_id = p.clinic_id", "true"),
    ("me", f"where p.id = {ME}", "where true order by p.id limit 1"),
    ("me", "m.starts_on <= current_date", "true"),
    ("me", "current_date < m.ends_on", "true"),
    # reflections
    ("still_open", f"therapist_id = {ME}", "true"),
    ("still_open", "read_at is null", "true"),
    ("mark_reflection_read", "team_id in (select private.teams_as('supervisor'))", "true"),
    ("mark_reflection_read", "and read_at is null", ""),
    ("week_has_begun", "(first_day - 1)", "0"),
    ("week_has_begun", "current_date + 1", "current_date + 8"),
    ("not_in_the_future", "current_date + 1", "current_date + 2"),
    ("not_in_the_future", "current_date + 1", "current_date"),
    # the log
    ("append_only", "raise exception using errcode = 'SX003', message = 'The audit log is only ever added to.'", "return null"),
    ("not_at_once", "raise exception using errcode = 'SX003'", "return null; raise exception using errcode = 'SX003'"),
    ("audit", ME, "null::uuid"),
    ("audit", "lower(tg_op)", "'insert'"),
    ("audit", "coalesce(r.j ->> 'therapist_id', r.j ->> 'person_id')", "r.j ->> 'person_id'"),
    ("audit", "coalesce(r.j ->> 'therapist_id', r.j ->> 'person_id')", "r.j ->> 'therapist_id'"),
    ("audit", "case tg_table_name when 'teams' then r.j ->> 'id' else r.j ->> 'team_id' end", "r.j ->> 'team_id'"),
    ("audit", "from touched t) r", "from touched t limit 1) r"),
    ("row_id", "r ->> 'reflection_id'", "(r ->> 'reflection_id') || '/' || (r ->> 'part')"),
    ("remember", "coalesce(r.j ->> 'author_id', r.j ->> 'therapist_id')", "r.j ->> 'therapist_id'"),
    ("remember", ME, "null::uuid"),
    ("remember", "from touched t) r", "from touched t limit 1) r"),
    # operations
    ("claim_op", "case when seen = content_digest then 'same' else 'different' end", "'same'"),
    ("claim_op", "case when seen = content_digest then 'same' else 'different' end", "'new'"),
    ("claim_op", f"where owner_id = {ME} and op_id = op", "where op_id = op order by digest limit 1"),
    ("claim_op", f"values ({ME}, op", "values ('00000000-0000-0000-0000-000000000000', op"),
    ("apply_op", "op -> 'kind', ", ""),
    ("apply_op", "op -> 'entity', ", ""),
    ("apply_op", "p, op -> 'stated_at'", "op -> 'stated_at'"),
    ("apply_op", "p, op -> 'stated_at'", "p"),
    ("apply_op", "if sqlstate ~ '^(08|25|40|53|55|57|58|XX)' then raise; end if;", ""),
    ("apply_op", "elsif claim = 'new' then", "else"),
    ("apply_ops", "> 500", "> 5000"),
    ("apply_ops", "value from jsonb_array_elements(ops)", "value from jsonb_array_elements(ops) order by value::text"),
    ("put_ratings", "not coalesce(given, '{}') ? r.cause::text", "false"),
    ("put_ratings", "r.rating is distinct from (g.value #>> '{}')::smallint", "false"),
    ("put_note", "coalesce((note ->> 'shared')::boolean, false)", "true"),
    ("put_note", "coalesce((note ->> 'shared')::boolean, false)", "false"),
    ("apply_reflection_hand_in", "and not coalesce(p -> 'parts', '{}') ? r.part::text", "and false"),
    ("apply_reflection_hand_in", "coalesce((g.value ->> 'shared')::boolean, false)", "true"),
    ("apply_reflection_hand_in", "(r.content, r.shared) is distinct from (part.content, part.shared)", "r.content is distinct from part.content"),
    ("apply_reflection_hand_in", "and version = stands.version", ""),
    ("apply_rupture_close", "and closed_on is null", "and false"),
    ("apply_case_amend", "case when p ? 'control_sensitivity' then (p ->> 'control_sensitivity')::smallint else control_sensitivity end",
     "(p ->> 'control_sensitivity')::smallint"),
    # the case page
    ("fits_its_measure", "(x.clinic_id is null or x.clinic_id = (select t.clinic_id from public.teams t where t.id = new.team_id))", "true"),
    ("fits_its_measure", "x.clinic_id is null or", ""),
    ("fits_its_measure", "elsif new.value not between m.lowest and m.highest", "elsif false"),
    ("fits_its_measure", "and current_setting('sixfold.handing_over', true) is distinct from 'yes'", ""),
    ("hand_over", "perform set_config('sixfold.handing_over', '', true)", "perform 1"),
    ("row_id", "r ->> 'review_id', ", ""),
    ("put_text", "coalesce((words ->> 'shared')::boolean, false)", "true"),
    ("put_text", "coalesce((words ->> 'shared')::boolean, false)", "false"),
    ("must_build_on", "coalesce(based_on, 0)", "coalesce(based_on, stands)"),
    ("apply_score_enter", "and s.value = given", ""),
    ("apply_score_enter", "given numeric(6, 2)", "given numeric"),
    ("apply_score_amend", "for update", ""),
    ("apply_text_amend", "for update", ""),
    ("apply_text_amend", "case when p ? 'body' then now() else written_at end", "now()"),
    ("apply_text_amend", "version = stands + 1", "version = version"),
    ("apply_text_write", "coalesce((p ->> 'shared')::boolean, false)", "true"),
    ("apply_formulation_write", "for no key update", ""),
    ("apply_formulation_write", "and coalesce(jsonb_array_length(p -> 'ticked'), 0) = 0", ""),
    ("apply_goal_amend", "case when p ? 'importance' then (p ->> 'importance')::smallint else importance end", "(p ->> 'importance')::smallint"),
    ("apply_task_amend", "case when p ? 'importance' then (p ->> 'importance')::smallint else importance end", "(p ->> 'importance')::smallint"),
    ("apply_op", r"case when op ->> 'kind' ~ '^[a-z_]+\.[a-z_]+$' then", "case when true then"),
    # handing over
    ("decide_transfer", "x.team_id in (select private.teams_as('supervisor'))", "true"),
    ("decide_transfer", "private.teams_as('supervisor')", "private.teams_as('supervisor', 'therapist')"),
    ("decide_transfer", "for update", ""),
    ("decide_transfer", "heir = therapist or", ""),
    ("decide_transfer", "m.team_id = t.team_id", "true"),
    ("decide_transfer", "m.role = 'therapist'", "true"),
    ("decide_transfer", "m.starts_on <= current_date", "true"),
    ("decide_transfer", "current_date < m.ends_on", "true"),
    ("decide_transfer", f"decided_by = {ME}", "decided_by = therapist"),
    ("hand_over", "c.code = of_case.code or", ""),
    ("hand_over", "or c.id = of_case.id", ""),
    ("hand_over", "therapist_id = t.therapist_id and case_id = t.case_id", "therapist_id = t.therapist_id"),
    ("hand_over", "therapist_id = t.therapist_id and case_id = t.case_id", "case_id = t.case_id"),
    ("hand_over", "g.therapist_id = t.therapist_id and g.case_id = t.case_id", "g.therapist_id = t.therapist_id"),
    ("hand_over", "g.therapist_id = t.therapist_id and g.case_id = t.case_id", "g.case_id = t.case_id"),
    ("hand_over", "r.therapist_id = t.therapist_id and r.case_id = t.case_id", "r.therapist_id = t.therapist_id"),
    ("hand_over", "r.therapist_id = t.therapist_id and r.case_id = t.case_id", "r.case_id = t.case_id"),
    ("hand_over", "f.therapist_id = t.therapist_id and f.case_id = t.case_id", "f.case_id = t.case_id"),
    ("hand_over", "e.therapist_id = f.therapist_id and", ""),
    ("hand_over", "e.case_id = f.case_id and", ""),
    ("hand_over", "e.field = f.field and", ""),
    ("hand_over", "e.version <= f.version", "true"),
    ("hand_over", "(e.id = f.id or f.emptied or f.field = 'fears')", "true"),
    ("hand_over", "or f.emptied", ""),
    ("hand_over", "or f.field = 'fears'", ""),
    ("hand_over", "cardinality(e.ticked) > 0 or", ""),
    ("hand_over", "x.therapist_id = e.therapist_id and", ""),
    ("hand_over", "x.about = 'formulation' and x.shared", "x.about = 'formulation'"),
    ("hand_over", "and shared and about", "and about"),
    ("hand_over", "and about <> 'rupture_helped'", ""),
    ("hand_over", "set state = 'closed'", "set state = state"),
    # weekly sums
    ("week_of", "isodow", "dow"),
    ("roll_up", "where r.rating is not null", ""),
    ("roll_up", "sign * sum(r.rating)", "sum(r.rating)"),
    ("roll_up", "sign * count(*)", "count(*)"),
    ("roll_up", "n = w.n + excluded.n", "n = excluded.n"),
    ("roll_up", "total = w.total + excluded.total", "total = w.total"),
    # the safe view
    ("publish", "week_of(private.today())", "week_of(private.today()) + 7"),
    ("publish", "k := coalesce(k, 3); least_n := coalesce(least_n, 5)", "k := 3; least_n := 5"),
    ("publish", "coalesce(k, 3)", "coalesce(k, 1)"),
    ("publish", "coalesce(least_n, 5)", "coalesce(least_n, 1)"),
    ("publish", "c.n >= least_n and c.people >= k", "c.n >= least_n"),
    ("publish", "c.n >= least_n and c.people >= k", "c.people >= k"),
    ("publish", "coalesce(sum(w.n), 0) >= least_n and count(distinct w.therapist_id) >= k into whole", "true into whole"),
    ("publish", "exit when folded_n = 0 or (folded_n >= least_n and folded_people >= k)", "exit when true"),
    ("publish", "folded_n >= least_n and folded_people >= k", "folded_people >= k"),
    ("publish", "folded_n >= least_n and folded_people >= k", "folded_n >= least_n"),
    ("publish", "order by sum(w.n), w.key limit 1", "order by sum(w.n) desc, w.key limit 1"),
    ("publish", "foldable and folded_n > 0", "foldable"),
    ("publish", "select max(ends) into from_week", "select max(starts) into from_week"),
    ("publish", "(partition by measure, starts, cell, therapist_id)", "(partition by measure, starts, cell, therapist_id, key, week)"),
    ("publish", "entries >= least_n and people >= k", "entries >= least_n"),
    ("publish", "entries >= least_n and people >= k", "people >= k"),
    ("publish", "entries >= least_n and people >= k", "true"),
    ("publish", "and moved > 0", ""),
    ("publish", "(w.key = any (p.keys) or p.others)", "(w.key = any (p.keys))"),
    ("publish", "shown_total = step.total", "shown_total = shown_total"),
    ("team_trends", "'therapist', 'supervisor', 'lead'", "'therapist', 'supervisor', 'lead', 'admin'"),
    ("team_trends", "'therapist', 'supervisor', 'lead'", "'supervisor', 'lead'"),
    ("team_trends", "perform private.publish(team);", ""),
    ("team_trends", "sum(w.shown_n)::int as n", "sum(w.n)::int as n"),
    ("team_trends", "sum(w.shown_total)::int as total", "sum(w.total)::int as total"),
    ("team_trends", "having sum(w.shown_n) >= coalesce(least_n, 5) and count(distinct w.therapist_id) filter (where w.shown_n > 0) >= coalesce(k, 3)",
     "having sum(w.shown_n) > 0"),
    ("team_trends", "sum(w.shown_n) >= coalesce(least_n, 5) and", ""),
    ("team_trends", "and count(distinct w.therapist_id) filter (where w.shown_n > 0) >= coalesce(k, 3)", ""),
    ("team_trends", "count(distinct w.therapist_id) filter (where w.shown_n > 0) >= coalesce(k, 3)", "count(distinct w.therapist_id) >= coalesce(k, 3)"),
    ("team_trends", "where p.team_id = team and (w.key = any (p.keys) or p.others)", "where p.team_id = team and (w.key = any (p.keys) or true)"),
    ("team_trends", "where shown = 2", "where true"),
    ("team_trends", "min(shown) over (order by starts)", "shown"),
    ("team_trends", "case when measure <> 'reflection' then n end as n", "n"),
    ("team_trends", "round(n * 10.0 / nullif(expected, 0)) * 10", "n * 100.0 / nullif(expected, 0)"),
    ("team_trends", "a.starts >= from_week", "a.ends > from_week"),
    ("team_trends", "a.ends <= to_week", "a.starts < to_week"),
    ("team_trends", "(select (private.week_of(private.today()) - min(p.starts)) / 7 from private.periods p where p.team_id = team)",
     "(select (private.week_of(private.today()) - min(w.week)) / 7 from private.weekly w where w.team_id = team)"),
    ("team_trends_exact", "private.teams_as('supervisor')", "private.teams_as('supervisor', 'lead')"),
    ("team_trends_exact", "w.team_id = team and", ""),
    ("team_trends_exact", "having sum(w.n) > 0", ""),
    ("reflections_expected", "m.starts_on <= w.week::date", "true"),
    ("reflections_expected", "m.ends_on > w.week::date + 6", "true"),
    ("reflections_expected", "m.role = 'therapist'", "true"),
    ("reflections_expected", "count(distinct (w.week, m.person_id))", "count(*)"),
    # what a lead sees
    ("waiting_ruptures", "r.closed_on is null", "true"),
    ("waiting_ruptures", "> coalesce((select rupture_open_days", ">= coalesce((select rupture_open_days"),
    ("waiting_ruptures", "r.team_id = team and", ""),
    ("lead_overview", "t.id in (select private.teams_as('lead'))", "true"),
    ("lead_overview", "h.therapists >= coalesce(s.safe_min_therapists, 3)", "true"),
    ("lead_waiting_ruptures", "private.teams_as('lead')", "private.teams_as('lead', 'supervisor')"),
    ("month_of_team", "private.teams_as('lead', 'supervisor')", "private.teams_as('lead', 'supervisor', 'therapist')"),
    ("month_of_team", "count(distinct r.therapist_id) >= s.safe_min_therapists", "true"),
    ("month_of_team", "count(distinct m.therapist_id) >= s.safe_min_therapists", "true"),
    ("log_export", "private.teams_as('lead', 'supervisor', 'admin')", "private.teams_as('lead', 'supervisor', 'admin', 'therapist')"),
    ("month_of_team", "e.happened_at < ends", "true"),
    ("month_of_team", "r.safe then", "true then"),
    ("month_of_team", "i.safe then", "true then"),
    ("month_of_team", "and c.state = 'active'", ""),
    # the rules of flags
    ("reaches", "change >= threshold", "change > threshold"),
    ("reaches", "'computed' then change > threshold", "'computed' then change >= threshold"),
    ("flags_of", "and k.state = 'active'", ""),
    ("flags_of", "and x.active", ""),
    ("flags_of", "(x.clinic_id is null or x.clinic_id = (select t.clinic_id from public.teams t where t.id = of_team))", "true"),
    ("flags_of", "x.clinic_id nulls last", "x.clinic_id nulls first"),
    ("flags_of", "then -e.cut_off else", "then e.cut_off else"),
    ("flags_of", "then -x.value else", "then x.value else"),
    ("flags_of", "x.nth <= s.plateau_scores", "true"),
    ("flags_of", "k.n >= 2 and", ""),
    ("flags_of", "and z.held_on >= k.first_day", ""),
    ("flags_of", "and z.attendance = 'attended'", ""),
    ("flags_of", "a.attended >= s.sessions_watch", "a.attended > s.sessions_watch"),
    ("flags_of", "x.attended >= s.sessions_review", "x.attended > s.sessions_review"),
    ("flags_of", "x.attended >= s.sessions_escalate", "x.attended > s.sessions_escalate"),
    ("flags_of", "or private.reaches(k.last_v - k.best_v, k.rc, k.basis)", ""),
    ("flags_of", "k.n >= s.plateau_scores and", ""),
    ("flags_of", "and private.reaches(k.mildest, k.cut_off, k.cut_off_basis)", ""),
    ("flags_of", "where i.team_id = of_team and", "where"),
    ("flags_of", "num_nonnulls(i.goals, i.way_of_working, i.relationship) = 3", "true"),
    ("flags_of", "where a.nth > 1", ""),
    ("flags_of", "greatest(b.sd, t.sd)", "b.sd"),
    ("flags_of", "and b.n + 1 >= s.alliance_points", ""),
    ("flags_of", "x.fell > 2 * x.sd", "x.fell > 3 * x.sd"),
    ("flags_of", "and r.closed_on is null", ""),
    ("flags_of", "w.last_step > s.rupture_open_days", "w.last_step >= s.rupture_open_days"),
    ("flags_of", "x.days > 2 * s.rupture_open_days", "x.days >= 2 * s.rupture_open_days"),
    ("flags_of", "and z.attendance in ('attended', 'no_show')", ""),
    ("flags_of", "limit 4) b", "limit 5) b"),
    ("flags_of", "b.number < 3", "b.number <= 3"),
    ("flags_of", "where x.missed >= s.no_shows_of_four or x.early", "where x.missed >= s.no_shows_of_four"),
    ("flags_of", "in ('none', 'a_little')", "in ('none')"),
    ("flags_of", "x.undone >= s.undone_of_four", "x.undone > s.undone_of_four"),
    ("flags_of", "r.highest >= 3", "r.highest >= 2"),
    ("flags_of", "r.nth <= 4", "true"),
    ("flags_of", "and a.state = 'open'", ""),
    ("flags_of", "> s.discuss_days", ">= s.discuss_days"),
    ("flags_of", "> s.silence_days", ">= s.silence_days"),
    ("flags_of", "p.rule not in ('R9', 'R10')", "true"),
    ("flags_of", "when not l.emptied then", "when true then"),
    ("flags_of", "f.written_on > s.formulation_days", "f.written_on >= s.formulation_days"),
    ("flags_of", "g.missing + g.old >= s.formulation_gaps", "g.missing + g.old > s.formulation_gaps"),
    # flags kept current, and what is done about them
    ("refresh_flags", "is distinct from private.today()", "is null"),
    ("refresh_flags", "union select team, f.case_id from public.flags f where f.team_id = team and f.cleared_on is null", ""),
    ("refresh_flags", "and f.case_id = any (only_cases)", ""),
    ("refresh_flags", "order by min(x.id)", "order by min(x.id) desc"),
    ("refresh_flags", "delete from private.stale_cases x where x.team_id = team and x.case_id = any (only_cases);", ""),
    ("refresh_flags", "1 + (select count(*)", "0 + (select count(*)"),
    ("refresh_flags", "and o.cleared_on is null", ""),
    ("keep_thresholds", "to_jsonb(old) <> to_jsonb(new)", "true"),
    ("monitor", "private.teams_as('lead', 'supervisor')", "private.teams_as('lead', 'supervisor', 'therapist')"),
    ("monitor", "e.actor_id = me and", ""),
    ("monitor", "g.assignee_id = me", "g.assignee_id is not null"),
    ("monitor", "o.until_on <= day", "true"),
    ("monitor", "o.until_on > day", "true"),
    ("monitor", "e.happened_at desc", "e.happened_at"),
    ("monitor", "upper(code_part)", "code_part"),
    ("monitor", "and a.state = 'open'", ""),
    ("my_flags", "f.therapist_id = (select auth.uid())", "true"),
    ("stagnation", "private.teams_as('lead', 'supervisor')", "private.teams_as('lead', 'supervisor', 'therapist')"),
    ("stagnation", "having count(*) = cardinality(mine)", ""),
    ("stagnation", "and d.on_day >= f.since", ""),
    ("preview_thresholds", "private.teams_as('admin')", "private.teams_as('admin', 'lead')"),
    ("preview_thresholds", "changes - 'team_id'", "changes"),
    ("fits_the_flag", "m.team_id = new.team_id", "true"),
    ("fits_the_flag", "and m.role in ('therapist', 'supervisor')", ""),
    ("fits_the_flag", "m.starts_on <= current_date", "true"),
    ("fits_the_flag", "current_date < m.ends_on", "true"),
    ("fits_the_flag", "(m.role = 'supervisor' or m.person_id = new.therapist_id)", "true"),
    ("fits_the_flag", "current_date + 190", "current_date + 1900"),
    ("fits_the_flag", "between current_date and", "between current_date - 9 and"),
    ("fits_its_team", "m.team_id = new.team_id", "true"),
    ("fits_its_team", "m.role in ('therapist', 'supervisor')", "true"),
    ("fits_its_team", "m.starts_on <= current_date", "true"),
    ("fits_its_team", "current_date < m.ends_on", "true"),
    ("review_after_step_back", "therapist = (select auth.uid()) and", ""),
    # detail for a lead
    ("ask_to_see", "private.teams_as('lead')", "private.teams_as('lead', 'supervisor')"),
    ("ask_to_see", "and f.cleared_on is null", ""),
    ("ask_to_see", "and f.case_id = ask_to_see.case_id", ""),
    ("see_case", "private.teams_as('lead')", "private.teams_as('lead', 'supervisor')"),
    ("see_case", "where r.lead_id = (select auth.uid()) and", "where"),
    ("see_case", "and r.case_id = x.id", ""),
    ("see_case", "and now() < r.ends_at", ""),
    ("see_case", "and l.actor_id = (select auth.uid())", ""),
    ("see_case", "interval '1 minute'", "interval '1 hour'"),
    ("name_of", "p.clinic_id = any (array(select private.clinics_as('therapist', 'supervisor', 'lead', 'admin')))", "true"),
    # invitations
    ("accept_invitations", "u.email_confirmed_at is not null", "true"),
    ("accept_invitations", "i.accepted_at is null", "true"),
    ("accept_invitations", "i.withdrawn_at is null", "true"),
    ("accept_invitations", "interval '30 days'", "interval '300 days'"),
    ("accept_invitations", "i.invited_by <> me", "true"),
    ("accept_invitations", "p.clinic_id = offer.clinic_id", "true"),
    ("only_invited", "i.accepted_at is null", "true"),
    ("only_invited", "i.withdrawn_at is null", "true"),
    ("only_invited", "interval '30 days'", "interval '300 days'"),
    ("team_of_clinic", "t.clinic_id = clinic", "true"),
    ("found_team", "private.clinics_as('admin')", "private.clinics_as('admin', 'lead')"),
    # keeping and erasing
    ("held", "h.clinic_id = clinic and", ""),
    ("held", "h.lifted_at is null", "true"),
    ("held", "(h.code is null or h.code = of_code)", "true"),
    ("held", "(h.therapist_id is null or h.therapist_id = therapist)", "true"),
    ("due_for_purge", "c.ended_on < current_date - p.days", "c.ended_on <= current_date - p.days"),
    ("due_for_purge", "f.week < current_date - p.days", "true"),
    ("due_for_purge", "h.changed_at::date < current_date - p.days", "true"),
    ("due_for_purge", "i.invited_at::date < current_date - p.days", "true"),
    ("due_for_purge", "p.clinic_id = clinic and", ""),
    ("purge", "private.clinics_as('admin')", "private.clinics_as('admin', 'lead')"),
    ("purge", "not x.held", "true"),
    ("purge", "and not private.version_held(clinic, h)", ""),
    ("version_held", "private.held(clinic, x.person, null) or", ""),
    ("version_held", "t.clinic_id = clinic", "true"),
    ("version_held", "c.therapist_id = x.person and", ""),
    ("version_held", "(values (h.owner_id), ((h.before ->> 'therapist_id')::uuid))", "(values (h.owner_id))"),
    ("version_held", "(values (h.owner_id), ((h.before ->> 'therapist_id')::uuid))", "(values ((h.before ->> 'therapist_id')::uuid))"),
    ("version_held", "private.held(clinic, x.person, c.code)", "true"),
    ("purge", "and h.team_id = t.id", ""),
    ("purge", "at_once constant int := 5", "at_once constant int := 6"),
    ("purge_preview", "private.clinics_as('admin')", "private.clinics_as('admin', 'lead')"),
    ("erase_reflections", "and team_id = any (of_teams)", ""),
    ("erase_reflections", "and week < up_to", ""),
    ("decide_erasure", "private.teams_as('admin')", "private.teams_as('admin', 'supervisor')"),
    ("decide_erasure", "c.team_id = r.team_id and", ""),
    ("decide_erasure", "c.therapist_id = r.therapist_id and", ""),
    ("decide_erasure", "why = ''", "why = why"),
    ("decide_erasure", "case when approve then null else code end", "code"),
    # meetings: labels, what goes forward only, what is over
    ("draw_label", "and l.case_id is not distinct from of_case) then return", ") then return"),
    ("draw_label", "and l.label = x.label", ""),
    ("draw_label", "order by x.longer, gen_random_uuid()", "order by x.longer, x.label"),
    ("label_the_team", "m.role in ('therapist', 'supervisor')", "m.role in ('supervisor')"),
    ("question_was_discussed", "case new.state when 'done' then 'discussed' else 'open' end", "'open'"),
    ("meeting_goes_on", "new.state < old.state or", ""),
    ("meeting_goes_on", "or (old.state = 'running' and new.state = 'called_off')", ""),
    ("meeting_goes_on", "perform private.must_be_ahead(old.state);", ""),
    ("must_be_ahead", "stands = 'called_off'", "false"),
    ("must_be_ahead", "stands = 'ended'", "false"),
    ("meeting_goes_on", "case when new.item_id is null then '{\"item_id\": null}' else '{}' end::jsonb", "'{}'::jsonb"),
    ("meeting_goes_on", "least(new.begun_at, now())", "new.begun_at"),
    ("meeting_goes_on", "least(new.ended_at, now())", "new.ended_at"),
    ("meeting_goes_on", "greatest(least(new.ended_at, now()), new.begun_at)", "least(new.ended_at, now())"),
    ("meeting_goes_on", "least(new.clock_since, now())", "new.clock_since"),
    ("meeting_goes_on", "least(new.timer_until, now() + interval '1 hour')", "new.timer_until"),
    ("label_the_team", "m.team_id = new.team_id and", ""),
    ("label_the_team", "and m.starts_on <= current_date", ""),
    ("label_the_team", "current_date < m.ends_on", "true"),
    ("draw_label", "l.led_by = of_led_by and l.meeting_id = of_meeting and", ""),
    ("draw_label", "generate_series(10, 999)", "generate_series(1, 999)"),
    ("question_was_discussed", "q.therapist_id = new.therapist_id and", ""),
    ("question_was_discussed", "case new.state when 'done' then 'open' else 'discussed' end", "q.state::text"),
    ("meeting_goes_on", "greatest(least(new.begun_at, now()), '2000-01-01Z')", "least(new.begun_at, now())"),
    ("meeting_goes_on", "greatest(least(new.clock_since, now()), '2000-01-01Z')", "least(new.clock_since, now())"),
    ("meeting_goes_on", "greatest(least(new.timer_until, now() + interval '1 hour'), '2000-01-01Z')", "least(new.timer_until, now() + interval '1 hour')"),
    ("agenda_stands", "m.led_by = new.led_by and", ""),
    ("agenda_stands", "perform private.must_be_ahead((select m.state from public.meetings m where m.led_by = new.led_by and m.id = new.meeting_id));", ""),
    ("agenda_stands", "m.id = new.meeting_id", "m.id <> new.meeting_id limit 1"),
    # what the shared screen knows
    ("screen_of", "i.kind in ('question', 'case') or", ""),
    ("screen_of", "or (i.kind = 'rupture' and not 'reasons' = any (i.released))", ""),
    ("screen_of", "'moment' = any (i.released)", "true"),
    ("screen_of", "'question' = any (i.released)", "true"),
    ("screen_of", "'felt' = any (i.released)", "true"),
    ("screen_of", "'would_like' = any (i.released)", "true"),
    ("screen_of", "w.item_id = i.id and w.released", "w.item_id = i.id"),
    ("screen_of", "'reasons' = any (i.released) then", "true then"),
    ("screen_of", "'causes' = any (i.released)", "true"),
    ("screen_of", "'picture' = any (i.released) and", ""),
    ("screen_of", "and m.item_id = i.id then", "then"),
    ("screen_of", "and 'reasons' = any (i.released)),", "),"),
    ("screen_of", "b -> 'rule'", "b"),
    ("screen_of", "d.item_id = i.id and d.shown", "d.item_id = i.id"),
    ("screen_of", "and d.shown", "and not d.shown"),
    ("screen_of", "10 * row_number() over (order by x.position, x.id)", "x.position"),
    ("screen_of", "and x.state <> 'dropped'", ""),
    ("screen_of", "and q.state <> 'withdrawn'", ""),
    ("screen_of", "and l.case_id is null)", "and l.case_id is not null limit 1)"),
    ("screen_of", "filter (where a.state = 'done') >= 5 and", ">= 0 and"),
    ("screen_of", "and count(distinct a.owner_id) filter (where a.state = 'done') >= 3", ""),
    ("meeting_of", "m.team_id = of_team and", ""),
    ("meeting_of", "(m.state = 'ended'), ", ""),
    ("meeting_screen", "private.teams_as('therapist', 'supervisor')", "private.teams_as('therapist', 'supervisor', 'lead')"),
    ("meeting_now", "private.teams_as('therapist', 'supervisor')", "private.teams_as('therapist', 'supervisor', 'lead')"),
    ("meeting_now", "exists (select from private.teams_as('supervisor') t where t = of_team)", "true"),
    ("meeting_now", "(w.released or w.therapist_id = me)", "true"),
    ("meeting_now", "(q.therapist_id = me or q.state <> 'withdrawn')", "true"),
    ("meeting_now", "(leads or i.therapist_id = me)", "true"),
    ("meeting_now", "and g.person_id = me", ""),
    ("meeting_now", "and l.therapist_id = me and l.case_id is null", "and l.case_id is null limit 1"),
    ("picture_of", "s.therapist_id = therapist and s.case_id = of_case", "s.therapist_id = therapist"),
    ("picture_of", "s.therapist_id = therapist and s.case_id = of_case", "s.case_id = of_case"),
    ("picture_of", "x.therapist_id = therapist and x.case_id = of_case", "x.therapist_id = therapist"),
    ("picture_of", "e.therapist_id = therapist and e.case_id = of_case", "e.therapist_id = therapist"),
    ("picture_of", "r.therapist_id = therapist and r.case_id = of_case", "r.therapist_id = therapist"),
    ("picture_of", "and s.attendance = 'attended'", ""),
    ("picture_of", "and x.on_day >= c.first_day", ""),
    ("picture_of", "and e.happened_on >= c.first_day", ""),
    ("picture_of", "and r.noticed_on >= c.first_day", ""),
    ("causes_of", "e.therapist_id = therapist and", ""),
    ("causes_of", "and e.case_id = of_case", ""),
    ("causes_of", "and r.rating is not null", ""),
    ("causes_of", "order by r.cause, e.happened_on desc, e.created_at desc", "order by r.cause, e.happened_on, e.created_at"),
    ("screen_of", "and q.case_id = i.case_id", ""),
    ("screen_of", "and r.case_id = i.case_id", ""),
    ("screen_of", "l.led_by = m.led_by and l.meeting_id = m.id and", ""),
    ("screen_of", "a.team_id = m.team_id and", ""),
    ("screen_of", "or a.done_on >= private.today() - 60", "or true"),
    ("screen_of", "x.led_by = m.led_by and x.meeting_id = m.id and", ""),
    ("meeting_of", "m.ended_at > now() - interval '12 hours'", "true"),
    ("meeting_screen", "where t = of_team", ""),
    ("meeting_now", "where t = of_team", ""),
    ("meeting_now", "and q.case_id = i.case_id", ""),
    ("meeting_now", "and i.meeting_id = m.id", ""),
    ("meeting_now", "and s.closed_at is null", ""),
    ("meeting_now", "and s.opened_at > now() - interval '12 hours'", ""),
    ("meeting_now", "and s.meeting_id = m.id", ""),
    ("meeting_now", "and g.meeting_id = m.id", ""),
    ("meeting_now", "d.recorded_by = me", "true"),
    ("meeting_now", "and d.item_id = i.id", ""),
    ("meeting_now", "and r.item_id = i.id", ""),
    ("meeting_now", "and l.meeting_id = m.id and l.case_id is null), '[]'", "and l.case_id is null), '[]'"),
    ("own_picture", "where t = of_team and", "where"),
    ("own_picture", "c.therapist_id = me and", ""),
    ("own_picture", "and c.id = of_case", ""),
    ("own_picture", "private.teams_as('therapist')", "private.teams_as('therapist', 'supervisor')"),
    # what may be next
    ("agenda_candidates", "or (m.state = 'called_off' and m.ended_at > coalesce(last_ended, '-infinity'))", ""),
    ("agenda_candidates", "and m.ended_at > coalesce(last_ended, '-infinity')", ""),
    ("agenda_candidates", "private.teams_as('supervisor')", "private.teams_as('supervisor', 'therapist')"),
    ("agenda_candidates", "and x.role = 'therapist'", ""),
    ("agenda_candidates", "current_date < x.ends_on", "true"),
    ("agenda_candidates", "and i.state = 'done'", ""),
    ("agenda_candidates", "and q.state = 'open'", ""),
    ("agenda_candidates", "join member t on t.therapist_id = i.therapist_id where", "where"),
    ("agenda_candidates", "and m.held_on = last_on", ""),
    ("agenda_candidates", "least(5, 1 + s.days / 7)", "least(5, s.days / 7)"),
    ("agenda_candidates", "'carried', 'points', 3), 3", "'carried', 'points', 3), 2"),
    ("agenda_candidates", "least(4, coalesce((day - t.last_on) / 7, 4))", "4"),
    ("agenda_candidates", "and c.state = 'active'", ""),
    ("agenda_candidates", "where t = of_team", ""),
    ("agenda_candidates", "x.team_id = of_team and", ""),
    ("agenda_candidates", "x.starts_on <= current_date and", ""),
    ("agenda_candidates", "and i.team_id = of_team", ""),
    ("agenda_candidates", "m.held_on > day - 84", "true"),
    ("agenda_candidates", "q.team_id = of_team and", ""),
    ("agenda_candidates", "f.team_id = of_team and", ""),
    ("agenda_candidates", "and f.cleared_on is null", ""),
    ("agenda_candidates", "r.team_id = of_team and", ""),
    ("agenda_candidates", "and r.closed_on is null", ""),
    ("agenda_candidates", "i.team_id = of_team and", ""),
    ("agenda_candidates", "m.state = 'ended' and m.held_on", "m.held_on"),
    ("agenda_candidates", "m.team_id = of_team and m.state = 'ended'", "m.team_id = of_team"),
    ("agenda_candidates", "m.team_id = of_team and m.state = 'ended'", "m.state = 'ended'"),
    ("agenda_candidates", "and u.rule = 'R5')", ")"),
    ("agenda_candidates", "and e.kind = 'assigned'", ""),
    ("agenda_candidates", "a.team_id = of_team and", ""),
    ("agenda_candidates", "(a.helped is null or a.helped = 'too_early')", "true"),
    ("agenda_candidates", "and a.done_on >= day - 60", ""),
    # repair memory
    ("repair_memory", "private.teams_as('therapist', 'supervisor')", "private.teams_as('therapist', 'supervisor', 'lead')"),
    ("repair_memory", "x.team_id = of_team and x.closed_on", "x.closed_on"),
    ("repair_memory", "and x.outcome <> 'ended'", ""),
    ("repair_memory", "in ('repaired', 'partly')", "in ('repaired')"),
    ("repair_memory", "and t.created_at <= coalesce(c.changed_at, t.created_at)", ""),
    ("repair_memory", "and t.taken_on <= c.closed_on", ""),
    ("repair_memory", "arrived nulls first, ", ""),
    ("repair_memory", "greatest(s.safe_min_entries, 5)", "5"),
    ("repair_memory", "greatest(s.safe_min_entries, 5)", "1"),
    ("repair_memory", "greatest(s.safe_min_therapists, 3)", "3"),
    ("repair_memory", "greatest(s.safe_min_therapists, 3)", "1"),
    ("repair_memory", "r.closed_on >= private.today() - 365", "true"),
    ("repair_memory", "if r.therapist_id <> all (who) then who := who || r.therapist_id; end if;", "who := who || r.therapist_id;"),
    ("repair_memory", "n := 0; healed := 0; who := '{}';\n      end if;\n    end loop", "end if; end loop"),
    ("repair_memory", "if r.stage is distinct from part then", "if part is null then"),
    ("repair_memory", "where t = of_team", ""),
    ("repair_memory", "y.owner_id = x.therapist_id and", ""),
    ("repair_memory", "and y.before ->> 'closed_on' is null", ""),
    # the pulse
    ("pulse_course", "private.teams_as('therapist', 'supervisor')", "private.teams_as('therapist', 'supervisor', 'lead')"),
    ("pulse_course", "m.team_id = of_team and", ""),
    ("pulse_course", "m.state = 'ended' and", ""),
    ("pulse_course", "m.ended_at::date < private.today()", "true"),
    ("pulse_course", "sum(c.n) >= 5", "sum(c.n) >= 4"),
    ("pulse_course", "filter (where c.n > 0)", ""),
    ("count_pulse", "private.teams_as('therapist')", "private.teams_as('therapist', 'supervisor')"),
    ("count_pulse", "x.team_id in (select private.teams_as('therapist'))", "true"),
    ("count_pulse", "m.state in ('planned', 'called_off') or", ""),
    ("count_pulse", "m.ended_at::date < private.today()", "false"),
    ("count_pulse", "if not found then return; end if;", ""),
    ("count_pulse", "where c.led_by = leader and c.meeting_id = meeting;", "where c.led_by = leader and c.meeting_id = meeting and c.answer = said;"),
    ("apply_pulse_give", "< 20", "< 19"),
    ("pulse_course", "where t = of_team", ""),
    ("count_pulse", "x.led_by = leader and", ""),
    ("count_pulse", "c.led_by = leader and c.meeting_id = meeting;", "true;"),
    # operations of a meeting
    ("held_meeting", "for update", ""),
    ("item_of", "i.meeting_id = m.id and", ""),
    ("apply_meeting_begin", "if stands.state <> 'planned' then return; end if;", ""),
    ("apply_meeting_begin", "least(said_at::date, current_date)", "held_on"),
    ("item_of", " and i.state <> 'dropped'", ""),
    ("apply_meeting_go", "or\n      stands.item_id is distinct from (case when stands.item_id is null then private.item_of(stands, p ->> 'from') else (p ->> 'from')::uuid end)", ""),
    ("apply_meeting_go", "case when stands.item_id is null then private.item_of(stands, p ->> 'from') else (p ->> 'from')::uuid end", "(p ->> 'from')::uuid"),
    ("apply_meeting_clock", "or (p ? 'item' and stands.item_id is distinct from (p ->> 'item')::uuid)", ""),
    ("apply_meeting_show", "or (p ? 'item' and stands.item_id is distinct from (p ->> 'item')::uuid)", ""),
    ("apply_item_amend", "perform private.must_be_ahead(m.state);", ""),
    ("apply_item_amend", "p ->> 'state' = 'dropped' and m.item_id = entity", "false"),
    ("apply_item_amend", "coalesce((select i.meeting_id from public.agenda_items i where i.led_by = leader and i.id = entity), (p ->> 'meeting')::uuid)", "(p ->> 'meeting')::uuid"),
    ("apply_item_decide", "if i.id is null then perform private.held_meeting(leader, (p ->> 'meeting')::uuid); end if;", ""),
    ("apply_item_decide", "or i.state = 'dropped'", ""),
    ("apply_meeting_go", "stands.state <> 'running' or", ""),
    ("apply_meeting_clock", "coalesce(clock_since, said_at)", "said_at"),
    ("apply_meeting_call_off", "if stands.state = 'called_off' then return; end if;", ""),
    ("apply_meeting_call_off", "perform private.must_be_ahead(stands.state);", ""),
    ("apply_meeting_call_off", "and state = 'on'", ""),
    ("apply_meeting_end", "if stands.state >= 'ended' then return; end if;", ""),
    ("apply_meeting_end", "and state = 'on'", ""),
    ("apply_meeting_order", "i.meeting_id = entity and", ""),
    ("stop_the_clock", "extract(epoch from at - m.clock_since)::int", "0"),
    ("still_said", "private.today() - 7", "private.today() - 70"),
    ("still_said", "m.state = 'called_off'", "false"),
    ("therapist_says", "x.therapist_id = (select auth.uid()) and", ""),
    ("therapist_says", "x.team_id in (select private.teams_as('therapist'))", "true"),
    ("therapist_says", "p ? 'words' or", ""),
    ("therapist_says", "or not parts <@ i.released", ""),
    ("therapist_says", "(m.state = 'called_off' or m.ended_at::date < private.today()) and", ""),
    ("therapist_says", "m.state = 'called_off' or", ""),
    ("therapist_says", "if p ? 'helped' then perform private.still_said(leader, i.meeting_id); end if;", ""),
    ("apply_item_release", "released = 'words' = any (i.released)", "released = true"),
    ("pass_on", "x.therapist_id = (select auth.uid()) and", ""),
    ("pass_on", "x.team_id in (select private.teams_as('therapist'))", "true"),
    ("pass_on", "and m.state <> 'ended'", ""),
    ("pass_on", "perform set_config('sixfold.passing', 'yes', true);", ""),
    ("pass_on", "perform set_config('sixfold.passing', '', true);", ""),
    ("apply_item_decide", "perform private.still_said(leader, coalesce(i.meeting_id, (p ->> 'meeting')::uuid));", ""),
    ("apply_item_rerate", "perform private.still_said(i.led_by, i.meeting_id);", ""),
    ("apply_item_rerate", "and x.therapist_id = me", ""),
    ("apply_meeting_plan", "and m.state < 'ended'", ""),
    ("item_of", "i.led_by = m.led_by and", ""),
    ("apply_item_amend", "p ->> 'state' = 'dropped' and m.item_id = entity", "p ->> 'state' = 'dropped'"),
    ("apply_item_amend", "p ->> 'state' = 'dropped' and m.item_id = entity", "m.item_id = entity"),
    ("apply_meeting_go", "prompt = null, timer = null, timer_until = null", "prompt = prompt"),
    ("apply_meeting_go", "and p ->> 'left' is not null", ""),
    ("apply_meeting_clock", "stands.state <> 'running' or", ""),
    ("apply_meeting_show", "stands.state <> 'running' or", ""),
    ("apply_meeting_order", "if stands.state >= 'ended' then return; end if;", ""),
    ("apply_meeting_end", "perform private.stop_the_clock(stands.led_by, entity, said_at);", ""),
    ("apply_meeting_end", "clock_since = null, prompt = null, timer = null, timer_until = null", "clock_since = null"),
    ("apply_meeting_end", "and meeting_id = entity", ""),
    ("stop_the_clock", "greatest(0, extract(epoch from at - m.clock_since)::int)", "extract(epoch from at - m.clock_since)::int"),
    ("stop_the_clock", "least(86400, i.spent", "(i.spent"),
    ("still_said", "x.led_by = leader and", ""),
    ("therapist_says", "x.led_by = leader and", ""),
    ("pass_on", "x.led_by = leader and", ""),
    ("pass_on", "led_by = leader and item_id = item", "led_by = leader"),
    ("apply_item_rerate", "do update set rating = excluded.rating", "do nothing"),
    ("apply_screen_open", "least(said_at, now())", "said_at"),
    ("apply_screen_close", "coalesce(closed_at, greatest(opened_at, least(said_at, now())))", "greatest(opened_at, least(said_at, now()))"),
    ("apply_screen_close", "greatest(opened_at, least(said_at, now()))", "least(said_at, now())"),
    ("apply_screen_close", "least(said_at, now())", "said_at"),
    ("apply_screen_close", "opened_by = me and", ""),
]  # fmt: skip
