-- Team trends: weekly sums kept exact by triggers, and the safe view that a shared screen may show.
-- Safe view: at least k therapists and n entries behind every cell, in what is shown and in every step by which it changes.

-- One row per team, measure, key, ISO week and therapist. `shown_*` is what the safe view has taken in of it so far.
create table private.weekly (
  team_id uuid not null,
  measure text not null,          -- cause | kind | first_blame | next_move | rupture | reflection
  key text not null,
  week date not null,
  therapist_id uuid not null,
  n int not null default 0,       -- entries
  total int not null default 0,   -- sum of ratings, for causes
  shown_n int not null default 0,
  shown_total int not null default 0,
  primary key (team_id, measure, week, key, therapist_id)
);

-- Periods of the safe view, once made never moved: a neighbouring filter or last week's chart can then give nothing back.
create table private.periods (
  team_id uuid not null references public.teams (id),
  measure text not null,
  starts date not null,
  ends date not null,             -- the Monday after
  keys text[] not null,           -- shown on their own
  others boolean not null,        -- the remaining keys shown together
  expected int,                   -- reflections that could have been handed in
  primary key (team_id, measure, starts)
);

-- Every trigger below says which measures a row counts in; sign is +1 for what came, -1 for what went.
create function private.roll_up() returns trigger
  language plpgsql security definer set search_path = ''
  as $$
  declare sign int := tg_argv[0]::int;
  begin
    if tg_table_name = 'episodes' then
      insert into private.weekly as w (team_id, measure, key, week, therapist_id, n, total)
      select r.team_id, m.measure, m.key, private.week_of(r.happened_on), r.therapist_id, sign * count(*), 0
      from moved r cross join lateral (values ('kind', r.kind::text), ('first_blame', r.first_blame::text), ('next_move', r.next_move::text)) m (measure, key)
      where m.key is not null
      group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
      on conflict (team_id, measure, week, key, therapist_id) do update set n = w.n + excluded.n, total = w.total + excluded.total;
    elsif tg_table_name = 'ratings' then
      insert into private.weekly as w (team_id, measure, key, week, therapist_id, n, total)
      select r.team_id, 'cause', r.cause::text, private.week_of(r.on_day), r.therapist_id, sign * count(*), sign * sum(r.rating)
      from moved r where r.rating is not null
      group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
      on conflict (team_id, measure, week, key, therapist_id) do update set n = w.n + excluded.n, total = w.total + excluded.total;
    elsif tg_table_name = 'ruptures' then
      insert into private.weekly as w (team_id, measure, key, week, therapist_id, n, total)
      select r.team_id, 'rupture', m.key, private.week_of(m.day), r.therapist_id, sign * count(*), 0
      from moved r cross join lateral (values ('opened', r.noticed_on), ('closed', r.closed_on)) m (key, day)
      where m.day is not null
      group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
      on conflict (team_id, measure, week, key, therapist_id) do update set n = w.n + excluded.n, total = w.total + excluded.total;
    elsif tg_table_name = 'reflections' then
      insert into private.weekly as w (team_id, measure, key, week, therapist_id, n, total)
      select r.team_id, 'reflection', 'handed_in', r.week, r.therapist_id, sign * count(*), 0
      from moved r
      group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
      on conflict (team_id, measure, week, key, therapist_id) do update set n = w.n + excluded.n, total = w.total + excluded.total;
    end if;
    return null;
  end $$;

do $$
declare t text;
begin
  foreach t in array array['episodes', 'ratings', 'ruptures', 'reflections'] loop
    execute format('create trigger roll_up_came after insert on public.%I referencing new table as moved for each statement execute function private.roll_up(''1'')', t);
    execute format('create trigger roll_up_became after update on public.%I referencing new table as moved for each statement execute function private.roll_up(''1'')', t);
    execute format('create trigger roll_up_was after update on public.%I referencing old table as moved for each statement execute function private.roll_up(''-1'')', t);
    execute format('create trigger roll_up_went after delete on public.%I referencing old table as moved for each statement execute function private.roll_up(''-1'')', t);
  end loop;
end $$;

-- Therapists of a team in the weeks [starts, ends): how many reflections there could have been.
create function private.reflections_expected(team uuid, starts date, ends date) returns int
  language sql stable set search_path = ''
  as $$
    select count(distinct (w.week, m.person_id))::int
    from generate_series(starts, ends - 7, '7 days') w (week)
    join public.memberships m on m.team_id = team and m.role = 'therapist'
      and m.starts_on <= w.week::date and (m.ends_on is null or m.ends_on > w.week::date + 6)
  $$;

-- The day on which the safe view stands. A function, so that tests can let weeks pass.
create function private.today() returns date
  language sql stable set search_path = ''
  as $$ select current_date $$;

-- Close every period that has become safe to show, and let published ones take in what has arrived since.
-- Weeks are merged until all keys that occur hold, or some weeks have passed and the measure as a whole holds;
-- kinds and first blame that fail are then shown together, the smallest joining them until they hold too.
create function private.publish(team uuid) returns void
  language plpgsql security definer set search_path = ''
  as $$
  declare
    k int; least_n int;
    this_measure text; from_week date; to_week date;
    this_week date := private.week_of(private.today());
    foldable boolean; patience int; holding text[]; occurring int; whole boolean; folded_n int; folded_people int; step record;
  begin
    perform pg_advisory_xact_lock(hashtextextended('sixfold.publish ' || team, 0));
    select s.safe_min_therapists, s.safe_min_entries into k, least_n from public.team_settings s where s.team_id = team;
    k := coalesce(k, 3); least_n := coalesce(least_n, 5);

    foreach this_measure in array array['cause', 'kind', 'first_blame', 'rupture', 'reflection'] loop
      foldable := this_measure in ('kind', 'first_blame');
      patience := case this_measure when 'rupture' then 56 else 28 end;    -- days; opened and closed are worth waiting for together
      select max(ends) into from_week from private.periods p where p.team_id = team and p.measure = this_measure;
      from_week := coalesce(from_week, '2000-01-03');
      -- Weeks in which nobody wrote stay a gap; what is filled in for them later shows in the exact values only.
      select min(week) into from_week from private.weekly w
        where w.team_id = team and w.measure = this_measure and w.week >= from_week and w.n > 0;
      to_week := from_week + 7;
      while to_week <= this_week loop                       -- the running week is never shown: it would change entry by entry
        select coalesce(array_agg(c.key) filter (where c.n >= least_n and c.people >= k), '{}'), count(*)
          into holding, occurring
          from (select w.key, sum(w.n) as n, count(distinct w.therapist_id) as people from private.weekly w
                where w.team_id = team and w.measure = this_measure and w.week >= from_week and w.week < to_week and w.n > 0
                group by w.key) c;
        select coalesce(sum(w.n), 0) >= least_n and count(distinct w.therapist_id) >= k into whole from private.weekly w
          where w.team_id = team and w.measure = this_measure and w.week >= from_week and w.week < to_week and w.n > 0;

        if occurring > 0 and (cardinality(holding) = occurring
            or (to_week - from_week >= patience and (cardinality(holding) > 0 or (foldable and whole)))) then
          if foldable then
            loop                                            -- fold: what fails together must hold too
              select coalesce(sum(w.n), 0), count(distinct w.therapist_id) into folded_n, folded_people from private.weekly w
                where w.team_id = team and w.measure = this_measure and w.week >= from_week and w.week < to_week and w.n > 0
                  and w.key <> all (holding);
              exit when folded_n = 0 or (folded_n >= least_n and folded_people >= k)
                or cardinality(holding) = 0;                -- an entry went while this ran: then nothing is shown until it holds
              select array_remove(holding, (
                  select w.key from private.weekly w
                  where w.team_id = team and w.measure = this_measure and w.week >= from_week and w.week < to_week and w.key = any (holding)
                  group by w.key order by sum(w.n), w.key limit 1)) into holding;
            end loop;
          end if;
          insert into private.periods (team_id, measure, starts, ends, keys, others, expected)
          values (team, this_measure, from_week, to_week, holding, foldable and folded_n > 0,
            case when this_measure = 'reflection' then private.reflections_expected(team, from_week, to_week) end);
          select min(week) into from_week from private.weekly w
            where w.team_id = team and w.measure = this_measure and w.week >= to_week and w.n > 0;
          to_week := from_week;
        end if;
        to_week := to_week + 7;
      end loop;
    end loop;

    -- A cell changes only in steps behind which k therapists and n entries stand; a new period is such a step from nothing.
    -- What one therapist moved within a cell cancels out: it would be counted as a step, and show nothing of theirs.
    -- The values taken in are those counted here, not what a concurrent write may have made of them since.
    -- One row at a time by its key: a join back to what is counted here has no statistics, and took a thousand times as long.
    for step in
      with rows as (
        select p.starts, case when w.key = any (p.keys) then w.key else '' end as cell,
          w.measure, w.week, w.key, w.therapist_id, w.n, w.total, w.n - w.shown_n as came, w.total - w.shown_total as rated
        from private.periods p
        join private.weekly w on w.team_id = p.team_id and w.measure = p.measure and w.week >= p.starts and w.week < p.ends
        where p.team_id = team and (w.key = any (p.keys) or p.others) and (w.n, w.total) is distinct from (w.shown_n, w.shown_total)
      ), shares as (
        select rows.*, greatest(abs(sum(came) over share), (sum(rated) over share <> 0)::int) as moved, row_number() over share as nth
        from rows window share as (partition by measure, starts, cell, therapist_id)
      ), steps as (
        select shares.*, sum(moved) filter (where nth = 1) over step as entries, count(*) filter (where nth = 1 and moved > 0) over step as people
        from shares window step as (partition by measure, starts, cell)
      )
      select * from steps where entries >= least_n and people >= k
    loop
      update private.weekly w set shown_n = step.n, shown_total = step.total
      where w.team_id = team and w.measure = step.measure and w.week = step.week and w.key = step.key and w.therapist_id = step.therapist_id;
    end loop;
  end $$;

-- The safe view of a team's trends, for anyone in the team but its administrator.
-- {"weeks": complete weeks since the first one shown, "through": Monday after the last one, "cells": [{measure, key, starts, ends, n, mean}]}
-- Whole periods only, so that no choice of weeks cuts one. Reflections come as a percentage rounded to ten, without counts.
create function public.team_trends(team uuid, from_week date, to_week date) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare k int; least_n int; answer jsonb;
  begin
    if not exists (select from private.teams_as('therapist', 'supervisor', 'lead') t where t = team) then
      raise exception using errcode = '42501', message = 'You are not in this team.';
    end if;
    perform private.publish(team);
    select s.safe_min_therapists, s.safe_min_entries into k, least_n from public.team_settings s where s.team_id = team;
    with cells as (
      select p.measure, case when w.key = any (p.keys) then w.key else 'others' end as key, p.starts, p.ends, p.expected,
        sum(w.shown_n)::int as n, sum(w.shown_total)::int as total, count(distinct w.therapist_id) filter (where w.shown_n > 0) as people
      from private.periods p
      join private.weekly w on w.team_id = p.team_id and w.measure = p.measure and w.week >= p.starts and w.week < p.ends
      where p.team_id = team and (w.key = any (p.keys) or p.others)
      group by 1, 2, 3, 4, 5
      having sum(w.shown_n) >= coalesce(least_n, 5) and count(distinct w.therapist_id) filter (where w.shown_n > 0) >= coalesce(k, 3)
    ), flows as (       -- open at the end of a period: only while every period so far shows both what opened and what closed
      select p.starts, p.ends,
        sum(case c.key when 'opened' then c.n when 'closed' then -c.n else 0 end) as net, count(c.key) as shown
      from private.periods p left join cells c on c.measure = 'rupture' and c.starts = p.starts
      where p.team_id = team and p.measure = 'rupture' group by 1, 2
    ), stock as (
      select starts, ends, sum(net) over (order by starts) as open, min(shown) over (order by starts) as shown from flows
    ), answered as (
      select measure, key, starts, ends, case when measure <> 'reflection' then n end as n,
        case measure when 'cause' then round(total::numeric / n, 2)
          when 'reflection' then least(100, round(n * 10.0 / nullif(expected, 0)) * 10) end as mean
      from cells
      union all
      select 'rupture', 'open', starts, ends, open::int, null from stock where shown = 2   -- says no more than the flows it adds up
    )
    select jsonb_build_object(
      'weeks', coalesce((select (private.week_of(private.today()) - min(p.starts)) / 7 from private.periods p where p.team_id = team), 0),
      'through', private.week_of(private.today()),
      'cells', coalesce(jsonb_agg(to_jsonb(a) order by a.measure, a.starts, a.key), '[]'))
    into answer from answered a where a.starts >= from_week and a.ends <= to_week;
    return answer;
  end $$;

-- Exact weekly values, for a supervisor of the team who asks for them; never for a shared screen.
create function public.team_trends_exact(team uuid, from_week date, to_week date) returns jsonb
  language plpgsql stable security definer set search_path = ''
  as $$
  declare answer jsonb;
  begin
    if not exists (select from private.teams_as('supervisor') t where t = team) then
      raise exception using errcode = '42501', message = 'Exact values are for supervisors of the team.';
    end if;
    with cells as (
      select w.measure, w.key, w.week as starts, w.week + 7 as ends, sum(w.n)::int as n, sum(w.total)::int as total
      from private.weekly w
      where w.team_id = team and w.measure <> 'next_move' and w.week >= from_week and w.week < to_week
      group by 1, 2, 3 having sum(w.n) > 0
    ), weeks as (
      select g::date as starts from generate_series(from_week, to_week - 7, '7 days') g
    ), answered as (
      select measure, key, starts, ends, n,
        case measure when 'cause' then round(total::numeric / n, 2)
          when 'reflection' then round(n * 100.0 / nullif(private.reflections_expected(team, starts, ends), 0)) end as mean
      from cells
      union all
      select 'rupture', 'open', s.starts, s.starts + 7, (select count(*)::int from public.ruptures r where r.team_id = team
        and r.noticed_on < s.starts + 7 and (r.closed_on is null or r.closed_on >= s.starts + 7)), null
      from weeks s where s.starts <= current_date
    )
    select jsonb_build_object(
      'weeks', coalesce((select (private.week_of(current_date) - min(w.week)) / 7 from private.weekly w where w.team_id = team and w.n > 0), 0),
      'through', current_date,
      'cells', coalesce(jsonb_agg(to_jsonb(a) order by a.measure, a.starts, a.key), '[]'))
    into answer from answered a;
    return answer;
  end $$;

-- R5: open ruptures without a repair step for longer than the team's threshold.
create function private.waiting_ruptures(team uuid)
  returns table (code text, noticed_on date, days_open int, last_step_on date, days_waiting int, stage public.repair_stage)
  language sql stable set search_path = ''
  as $$
    select c.code, r.noticed_on, current_date - r.noticed_on, s.taken_on, current_date - coalesce(s.taken_on, r.noticed_on), s.stage
    from public.ruptures r
    join public.cases c on c.therapist_id = r.therapist_id and c.id = r.case_id
    left join lateral (select x.taken_on, x.stage from public.repair_steps x
      where x.therapist_id = r.therapist_id and x.rupture_id = r.id order by x.taken_on desc, x.stage desc limit 1) s on true
    where r.team_id = team and r.closed_on is null
      and current_date - coalesce(s.taken_on, r.noticed_on) > coalesce((select rupture_open_days from public.team_settings where team_id = team), 14)
  $$;

-- What a lead sees of each team: counts and ages, nothing written. The percentage of reflections needs the team's k
-- therapists: below that it would speak of persons.
create function public.lead_overview() returns jsonb
  language sql stable security definer set search_path = ''
  as $$
    select coalesce(jsonb_agg(jsonb_build_object('team', t.id, 'team_name', t.name,
      'therapists', h.therapists,
      'active_cases', (select count(*) from public.cases c where c.team_id = t.id and c.state = 'active'),
      'episodes_28_days', (select count(*) from public.episodes e where e.team_id = t.id and e.happened_on > current_date - 28),
      'ruptures_open', (select count(*) from public.ruptures r where r.team_id = t.id and r.closed_on is null),
      'ruptures_waiting', (select count(*) from private.waiting_ruptures(t.id)),
      'oldest_days', (select max(current_date - r.noticed_on) from public.ruptures r where r.team_id = t.id and r.closed_on is null),
      'reflections_percent', case when h.therapists >= coalesce(s.safe_min_therapists, 3) then (select least(100, round(100.0 * (select count(*) from public.reflections f where f.team_id = t.id
          and f.week >= private.week_of(current_date) - 28 and f.week < private.week_of(current_date))
        / nullif(private.reflections_expected(t.id, private.week_of(current_date) - 28, private.week_of(current_date)), 0)))) end
    ) order by t.name), '[]')
    from public.teams t
    left join public.team_settings s on s.team_id = t.id
    cross join lateral (select count(distinct m.person_id) as therapists from public.memberships m where m.team_id = t.id
      and m.role = 'therapist' and m.starts_on <= current_date and (m.ends_on is null or current_date < m.ends_on)) h
    where t.id in (select private.teams_as('lead'))
  $$;

create function public.lead_waiting_ruptures(team uuid)
  returns table (code text, noticed_on date, days_open int, last_step_on date, days_waiting int, stage public.repair_stage)
  language plpgsql stable security definer set search_path = ''
  as $$
  begin
    if not exists (select from private.teams_as('lead') t where t = team) then
      raise exception using errcode = '42501', message = 'This list is for the clinical lead of the team.';
    end if;
    return query select * from private.waiting_ruptures(team) w order by w.days_waiting desc;
  end $$;

-- Behind a schema that is not exposed, without grants, and without a policy: three doors, all closed.
alter table private.weekly enable row level security;
alter table private.periods enable row level security;
revoke all on private.weekly, private.periods from public, anon, authenticated;
revoke all on function private.roll_up(), private.today(), private.reflections_expected(uuid, date, date), private.publish(uuid),
  private.waiting_ruptures(uuid), public.team_trends(uuid, date, date), public.team_trends_exact(uuid, date, date), public.lead_overview(),
  public.lead_waiting_ruptures(uuid) from public, anon, authenticated;
grant all on private.weekly, private.periods to service_role;
grant execute on function public.team_trends(uuid, date, date), public.team_trends_exact(uuid, date, date), public.lead_overview(),
  public.lead_waiting_ruptures(uuid) to authenticated, service_role;
