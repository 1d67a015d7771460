-- One day for everybody. A hosted project lets whoever sends a request choose its time zone (Prefer: timezone), and "today" would
-- follow: a role that has ended would last half a day longer, and a pulse could be read while others still answer. So every function
-- that reckons with days does it in UTC, whatever was asked for. tests/database/test_catalog.py says when a new one does not.

do $$
declare f record;
begin
  for f in select p.oid::regprocedure as name, case p.prokind when 'p' then 'procedure' else 'function' end as kind from pg_proc p
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and p.prosrc ~* 'current_date|today\(|::date|date_trunc|extract'
  loop
    execute format('alter %s %s set timezone to ''UTC''', f.kind, f.name);
  end loop;
end $$;
