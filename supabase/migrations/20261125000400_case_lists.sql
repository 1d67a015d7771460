-- Lists of the case page: facts with the words and numbers a screen shows beside them.
-- Every view runs with its reader's own rights: words are there for those who may read them, guesses for their author alone.

create or replace view public.case_list with (security_invoker = true) as
  select c.therapist_id, p.display_name as therapist, c.team_id, c.id, c.code, c.state, c.control_sensitivity, c.started_on,
    (select max(e.happened_on) from public.episodes e where e.therapist_id = c.therapist_id and e.case_id = c.id) as last_episode_on,
    (select count(*)::int from public.ruptures r where r.therapist_id = c.therapist_id and r.case_id = c.id and r.closed_on is null) as open_ruptures,
    (select count(*)::int from public.sessions s where s.therapist_id = c.therapist_id and s.case_id = c.id and s.attendance = 'attended') as sessions_attended,
    (select max(s.number)::int from public.sessions s where s.therapist_id = c.therapist_id and s.case_id = c.id) as last_session_number,
    (select max(s.held_on) from public.sessions s where s.therapist_id = c.therapist_id and s.case_id = c.id) as last_session_on,
    (select (array_agg(v.next_review_on order by v.reviewed_on desc, v.created_at desc))[1] from public.plan_reviews v
      where v.therapist_id = c.therapist_id and v.case_id = c.id) as next_review_on,
    (select count(*)::int from public.questions q where q.therapist_id = c.therapist_id and q.case_id = c.id and q.state = 'open') as open_questions
  from public.cases c left join public.people p on p.id = c.therapist_id;

create view public.goal_list with (security_invoker = true) as
  select g.therapist_id, g.team_id, g.case_id, g.id, g.set_by, g.importance, g.state, g.set_on, g.created_at,
    x.id as text_id, x.body as wording, x.shared as wording_shared, x.version as wording_version,
    coalesce((select jsonb_agg(jsonb_build_object('on', p.on_day, 'progress', p.progress) order by p.on_day, p.created_at) from public.goal_progress p
      where p.therapist_id = g.therapist_id and p.goal_id = g.id), '[]') as progress
  from public.goals g
  left join public.case_texts x on x.therapist_id = g.therapist_id and x.about_id = g.id and x.about = 'goal';

create view public.task_list with (security_invoker = true) as
  select t.therapist_id, t.team_id, t.case_id, t.id, t.goal_id, t.proposed_by, t.importance, t.agreed, t.state, t.given_on, t.created_at,
    x.id as text_id, x.body as wording, x.shared as wording_shared, x.version as wording_version,
    coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'on', k.on_day, 'done', k.done, 'looked_at', k.looked_at, 'obstacle', o.body,
        'text_id', o.id, 'shared', o.shared, 'version', o.version)
        order by k.on_day, k.created_at)
      from public.task_checks k
      left join public.case_texts o on o.therapist_id = k.therapist_id and o.about_id = k.id and o.about = 'obstacle'
      where k.therapist_id = t.therapist_id and k.task_id = t.id), '[]') as checks
  from public.tasks t
  left join public.case_texts x on x.therapist_id = t.therapist_id and x.about_id = t.id and x.about = 'task';

create view public.check_in_list with (security_invoker = true) as
  select c.therapist_id, c.team_id, c.case_id, c.id, c.on_day, c.goals, c.way_of_working, c.relationship, c.created_at,
    g.goals as guessed_goals, g.way_of_working as guessed_way_of_working, g.relationship as guessed_relationship
  from public.check_ins c left join public.check_in_guesses g on g.therapist_id = c.therapist_id and g.id = c.id;

create view public.score_list with (security_invoker = true) as
  select s.therapist_id, s.team_id, s.case_id, s.id, s.measure_id, m.slug as measure, s.on_day, s.value, s.version, s.created_at
  from public.scores s join public.measures m on m.id = s.measure_id;

create view public.formulation_list with (security_invoker = true) as
  select f.therapist_id, p.display_name as therapist, f.team_id, f.case_id, f.id, f.field, f.version, f.written_on, f.emptied, f.ticked,
    x.id as text_id, x.body, x.shared, x.version as text_version,
    f.version = max(f.version) over (partition by f.therapist_id, f.case_id, f.field) as stands
  from public.formulation_entries f
  left join public.people p on p.id = f.therapist_id
  left join public.case_texts x on x.therapist_id = f.therapist_id and x.about_id = f.id and x.about = 'formulation';

create view public.strategy_list with (security_invoker = true) as
  select s.therapist_id, s.team_id, s.case_id, s.id, s.started_on, s.ended_on, s.created_at,
    x.id as text_id, x.body as wording, x.shared as wording_shared, x.version as wording_version,
    coalesce((select jsonb_agg(jsonb_build_object('review', r.id, 'on', r.reviewed_on, 'verdict', v.verdict) order by r.reviewed_on, r.created_at)
      from public.strategy_verdicts v join public.plan_reviews r on r.therapist_id = v.therapist_id and r.id = v.review_id
      where v.therapist_id = s.therapist_id and v.strategy_id = s.id), '[]') as verdicts
  from public.strategies s
  left join public.case_texts x on x.therapist_id = s.therapist_id and x.about_id = s.id and x.about = 'strategy';

create view public.plan_review_list with (security_invoker = true) as
  select r.therapist_id, r.team_id, r.case_id, r.id, r.reviewed_on, r.next_review_on, r.created_at, x.body as adjustment, x.shared as adjustment_shared
  from public.plan_reviews r
  left join public.case_texts x on x.therapist_id = r.therapist_id and x.about_id = r.id and x.about = 'adjustment';

create view public.question_list with (security_invoker = true) as
  select q.therapist_id, p.display_name as therapist, q.team_id, q.case_id, c.code, q.id, q.episode_id, q.reflection_id, q.moment, q.question, q.felt,
    q.would_like, q.state, q.asked_on, q.created_at
  from public.questions q
  join public.cases c on c.therapist_id = q.therapist_id and c.id = q.case_id
  left join public.people p on p.id = q.therapist_id;

create view public.case_transfer_list with (security_invoker = true) as
  select t.therapist_id, p.display_name as therapist, t.team_id, t.case_id, c.code, t.id, t.state, t.asked_on, t.to_id, n.display_name as to_name,
    t.decided_by, t.decided_at
  from public.case_transfers t
  left join public.cases c on c.therapist_id = t.therapist_id and c.id = t.case_id
  left join public.people p on p.id = t.therapist_id
  left join public.people n on n.id = t.to_id;

-- All that happened in a case on one time axis: what, when, and a word or number about it.
create view public.case_timeline with (security_invoker = true) as
  select s.therapist_id, s.team_id, s.case_id, s.held_on as day, 'session' as lane, s.attendance::text as key, s.number::text as detail, s.id from public.sessions s
  union all
  select e.therapist_id, e.team_id, e.case_id, e.happened_on, 'episode', e.kind::text, e.intensity::text, e.id from public.episodes e
  union all
  select r.therapist_id, r.team_id, r.case_id, r.noticed_on, 'rupture', r.kind::text, null, r.id from public.ruptures r
  union all
  select r.therapist_id, r.team_id, r.case_id, r.closed_on, 'closed', r.outcome::text, null, r.id from public.ruptures r where r.closed_on is not null
  union all
  select r.therapist_id, r.team_id, r.case_id, x.taken_on, 'repair', x.stage::text, null, x.id
    from public.repair_steps x join public.ruptures r on r.therapist_id = x.therapist_id and r.id = x.rupture_id
  union all
  select v.therapist_id, v.team_id, v.case_id, v.reviewed_on, 'review', 'review', null, v.id from public.plan_reviews v
  union all
  select t.therapist_id, t.team_id, t.case_id, k.on_day, 'task', k.done::text, t.proposed_by::text, k.id
    from public.task_checks k join public.tasks t on t.therapist_id = k.therapist_id and t.id = k.task_id
  union all
  select s.therapist_id, s.team_id, s.case_id, s.on_day, 'score', m.slug, s.value::text, s.id from public.scores s join public.measures m on m.id = s.measure_id
  union all
  select g.therapist_id, g.team_id, g.case_id, g.set_on, 'goal', g.set_by::text, null, g.id from public.goals g;

revoke all on public.case_list, public.goal_list, public.task_list, public.check_in_list, public.score_list, public.formulation_list, public.strategy_list,
  public.plan_review_list, public.question_list, public.case_transfer_list, public.case_timeline from public, anon, authenticated, service_role;
grant select on public.case_list, public.goal_list, public.task_list, public.check_in_list, public.score_list, public.formulation_list, public.strategy_list,
  public.plan_review_list, public.question_list, public.case_transfer_list, public.case_timeline to authenticated, service_role;
