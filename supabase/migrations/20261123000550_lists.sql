-- Lists: entries with what a screen shows beside them. Every view runs with its reader's own rights,
-- so a joined note or part is there only for those who may read it.

create view public.case_list with (security_invoker = true) as
  select c.therapist_id, p.display_name as therapist, c.team_id, c.id, c.code, c.state, c.control_sensitivity, c.started_on,
    (select max(e.happened_on) from public.episodes e where e.therapist_id = c.therapist_id and e.case_id = c.id) as last_episode_on,
    (select count(*)::int from public.ruptures r where r.therapist_id = c.therapist_id and r.case_id = c.id and r.closed_on is null) as open_ruptures
  from public.cases c left join public.people p on p.id = c.therapist_id;

create view public.episode_list with (security_invoker = true) as
  select e.therapist_id, p.display_name as therapist, e.team_id, e.id, e.case_id, c.code, c.control_sensitivity, e.happened_on, e.kind, e.markers,
    e.intensity, e.first_blame, e.next_move, e.named, e.outside, e.created_at,
    coalesce((select jsonb_object_agg(r.cause::text, r.rating) from public.ratings r
      where r.therapist_id = e.therapist_id and r.episode_id = e.id), '{}') as ratings,
    n.id as note_id, n.body as note, n.shared as note_shared,
    (select r.id from public.ruptures r where r.therapist_id = e.therapist_id and r.episode_id = e.id order by r.created_at limit 1) as rupture_id
  from public.episodes e
  join public.cases c on c.therapist_id = e.therapist_id and c.id = e.case_id
  left join public.people p on p.id = e.therapist_id
  left join public.notes n on n.author_id = e.therapist_id and n.episode_id = e.id;

create view public.reflection_list with (security_invoker = true) as
  select f.therapist_id, p.display_name as therapist, f.team_id, f.id, f.week, f.behaviours, f.version, f.handed_in_at, f.read_at,
    coalesce((select jsonb_object_agg(r.cause::text, r.rating) from public.ratings r
      where r.therapist_id = f.therapist_id and r.reflection_id = f.id), '{}') as ratings,
    coalesce((select jsonb_object_agg(x.part::text, jsonb_build_object('value', x.content -> 'value', 'shared', x.shared)) from public.reflection_parts x
      where x.therapist_id = f.therapist_id and x.reflection_id = f.id), '{}') as parts
  from public.reflections f left join public.people p on p.id = f.therapist_id;

create view public.rupture_list with (security_invoker = true) as
  select r.therapist_id, p.display_name as therapist, r.team_id, r.id, r.case_id, c.code, r.episode_id, r.kind, r.noticed_on,
    r.closed_on, r.outcome, coalesce(r.closed_on, current_date) - r.noticed_on as days_open,
    s.taken_on as last_step_on, s.stage, coalesce(s.steps, 0)::int as steps
  from public.ruptures r
  join public.cases c on c.therapist_id = r.therapist_id and c.id = r.case_id
  left join public.people p on p.id = r.therapist_id
  left join lateral (select (array_agg(x.stage order by x.taken_on desc, x.stage desc))[1] as stage, max(x.taken_on) as taken_on, count(*) as steps
    from public.repair_steps x where x.therapist_id = r.therapist_id and x.rupture_id = r.id) s on true;

create view public.repair_step_list with (security_invoker = true) as
  select x.therapist_id, x.team_id, x.rupture_id, x.id, x.stage, x.taken_on, x.recorded_by, x.created_at, n.body as note, n.shared as note_shared
  from public.repair_steps x left join public.notes n on n.author_id = x.recorded_by and n.repair_step_id = x.id;

-- What became of each prompt in a team so far: repair memory as far as the marks go.
create view public.prompt_memory with (security_invoker = true) as
  select team_id, prompt, count(*) filter (where verdict = 'helped')::int as helped, count(*) filter (where verdict = 'used')::int as used,
    count(*) filter (where verdict = 'not_now')::int as not_now
  from public.prompt_uses group by team_id, prompt;

create view public.prompt_use_list with (security_invoker = true) as
  select u.used_by, u.id, u.team_id, u.therapist_id, u.case_id, c.code, u.rupture_id, u.episode_id, u.theme_cause, u.prompt, u.verdict, u.used_at,
    n.body as note, n.shared as note_shared
  from public.prompt_uses u
  left join public.cases c on c.therapist_id = u.therapist_id and c.id = u.case_id
  left join public.notes n on n.author_id = u.used_by and n.prompt_use_id = u.id;

revoke all on public.case_list, public.episode_list, public.reflection_list, public.rupture_list, public.repair_step_list, public.prompt_memory,
  public.prompt_use_list from public, anon, authenticated, service_role;
grant select on public.case_list, public.episode_list, public.reflection_list, public.rupture_list, public.repair_step_list, public.prompt_memory,
  public.prompt_use_list to authenticated, service_role;
