-- A month of a team on one page, for those who lead or supervise it: what is up and since when, what was dealt with, what went well.
-- And a line in the log for every export: who took what out of which team, and when.

-- {team, team_name, cases, first, rules: [{rule, cases, oldest, median_days}], work: {kind: n}, outcomes: {outcome: n}, actions_done, actions_open,
--  step_backs, cleared, ruptures: {of, repaired}, improved: {of, cases}}
-- What flags say is of cases the caller sees one by one. Ruptures and reliable improvements are of all cases of the team: `of` and the count are
-- null unless as many therapists and entries stand behind them as the team asks for in the safe view.
create function public.month_of_team(team uuid, month date) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare starts date := date_trunc('month', month)::date; ends date := (date_trunc('month', month) + interval '1 month')::date; day date := private.today();
    s public.team_settings; answer jsonb;
  begin
    if not exists (select from private.teams_as('lead', 'supervisor') t where t = team) then
      raise exception using errcode = '42501', message = 'This is for clinical leads and supervisors of the team.';
    end if;
    perform private.refresh_flags(team);
    select * into s from public.team_settings x where x.team_id = team;

    with up as materialized (select f.therapist_id, f.case_id, f.rule, f.severity, f.since from public.flags f where f.team_id = team and f.cleared_on is null),
    event as materialized (select e.kind, e.outcome from public.flag_events e where e.team_id = team and e.happened_at >= starts and e.happened_at < ends),
    rupture as (select r.therapist_id, r.closed_on >= starts and r.closed_on < ends and r.outcome in ('repaired', 'partly') as repaired
      from public.ruptures r where r.team_id = team and r.noticed_on < ends and (r.closed_on is null or r.closed_on >= starts)),
    ruptures as (select count(*)::int as n, count(*) filter (where r.repaired)::int as repaired,
        count(*) >= s.safe_min_entries and count(distinct r.therapist_id) >= s.safe_min_therapists as safe from rupture r),
    measure as materialized (
      select m.id, m.slug, e.direction, e.reliable_change as rc, e.reliable_basis as basis from public.measures m
      join lateral (select x.* from public.measures x where x.slug = m.slug and x.active
          and (x.clinic_id is null or x.clinic_id = (select t.clinic_id from public.teams t where t.id = team))
        order by x.clinic_id nulls last limit 1) e on true
      where e.reliable_change is not null
    ),
    course as (select x.therapist_id, x.case_id, m.slug, m.rc, m.basis, m.direction, count(*) as n, max(x.on_day) as last_day,
        (array_agg(x.value order by x.on_day))[1] as first_v, (array_agg(x.value order by x.on_day desc))[1] as last_v
      from public.scores x join measure m on m.id = x.measure_id where x.team_id = team and x.on_day < ends group by 1, 2, 3, 4, 5, 6),
    moved as (select k.therapist_id, k.case_id,
        bool_or(private.reaches(case k.direction when 'higher_is_better' then k.last_v - k.first_v else k.first_v - k.last_v end, k.rc, k.basis)) as improved
      from course k where k.n >= 2 and k.last_day >= starts group by 1, 2),
    improved as (select count(*)::int as n, count(*) filter (where m.improved)::int as cases,
        count(*) >= s.safe_min_entries and count(distinct m.therapist_id) >= s.safe_min_therapists as safe from moved m)
    select jsonb_build_object('team', team, 'team_name', (select t.name from public.teams t where t.id = team),
      'cases', (select count(distinct (u.therapist_id, u.case_id)) from up u),
      'first', (select count(distinct (u.therapist_id, u.case_id)) from up u where u.severity = 'escalate'),
      'rules', coalesce((select jsonb_agg(to_jsonb(r) order by r.rule) from (select u.rule, count(distinct (u.therapist_id, u.case_id))::int as cases, min(u.since) as oldest,
          percentile_disc(0.5) within group (order by day - u.since) as median_days from up u group by u.rule) r), '[]'),
      'work', coalesce((select jsonb_object_agg(k.kind, k.n) from (select e.kind, count(*)::int as n from event e group by 1) k), '{}'),
      'outcomes', coalesce((select jsonb_object_agg(k.outcome, k.n) from (select e.outcome, count(*)::int as n from event e where e.outcome is not null group by 1) k), '{}'),
      'actions_done', (select count(*) from public.actions a where a.team_id = team and a.state = 'done' and a.done_on >= starts and a.done_on < ends),
      'actions_open', (select count(*) from public.actions a where a.team_id = team and a.state = 'open'),
      'step_backs', (select count(*) from public.step_backs b where b.team_id = team and b.done_on >= starts and b.done_on < ends),
      'cleared', (select count(*) from public.flags f join public.cases c on c.therapist_id = f.therapist_id and c.id = f.case_id and c.state = 'active'
        where f.team_id = team and f.cleared_on >= starts and f.cleared_on < ends),
      'ruptures', (select jsonb_build_object('of', case when r.safe then r.n end, 'repaired', case when r.safe then r.repaired end) from ruptures r),
      'improved', (select jsonb_build_object('of', case when i.safe then i.n end, 'cases', case when i.safe then i.cases end) from improved i))
    into answer;
    return answer;
  end $$;

-- `what` is the name of a list or report: no content of it.
create function public.log_export(team uuid, what text) returns void
  language plpgsql volatile security definer set search_path = ''
  as $$
  begin
    if not exists (select from private.teams_as('lead', 'supervisor', 'admin') t where t = team) then
      raise exception using errcode = '42501', message = 'Only those who lead, supervise or administer this team take lists out of it.';
    elsif what is null or what !~ '^[a-z_]{3,40}$' then
      raise exception using errcode = '22023', message = 'The name of an export has small letters only.';
    end if;
    insert into public.audit_log (actor_id, action, table_name, row_id, team_id) values ((select auth.uid()), 'export', what, team::text, team);
  end $$;

revoke all on function public.month_of_team(uuid, date), public.log_export(uuid, text) from public, anon, authenticated;
grant execute on function public.month_of_team(uuid, date), public.log_export(uuid, text) to authenticated, service_role;
