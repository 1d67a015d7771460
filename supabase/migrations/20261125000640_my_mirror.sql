-- My mirror: one therapist's own entries in one team, added up for themselves alone. Nothing of anybody else is in it.
-- Sums are made here, because the API hands out no more than 1,000 rows at a time.

-- Raises 42501 unless the caller is a therapist of the team. `since` is taken back to its Monday, ten years at most.
create function public.my_mirror(team uuid, since date) returns jsonb
  language plpgsql stable security invoker set search_path = ''
  as $$
  declare
    me constant uuid := (select auth.uid());
    first constant date := private.week_of(greatest(coalesce(since, current_date - 182), current_date - 3660));
    near constant int := 42;                                     -- days on either side of a supervision day in which a rating still belongs to it
    strengths jsonb; own_weeks jsonb; in_episodes jsonb; in_ruptures jsonb; supervised jsonb;
  begin
    if not exists (select from private.teams_as('therapist') t where t = team) then
      raise exception using errcode = '42501', message = 'Only a therapist of the team has a mirror here.';
    end if;

    -- What was said in weekly reflections. The content of a part can have any shape, so it is looked at before it is used.
    with weeks as materialized (
      select f.id, f.week, f.behaviours from public.reflections f where f.therapist_id = me and f.team_id = team and f.week >= first
    ), parts as materialized (
      select w.week, p.part, p.content -> 'value' as said from weeks w
      join public.reflection_parts p on p.therapist_id = me and p.reflection_id = w.id
      where p.part in ('strength', 'reframes', 'frustration', 'let_go')
    )
    select jsonb_build_object(
        'count', (select count(*) from parts where part = 'strength'),
        'latest', coalesce((select jsonb_agg(jsonb_build_object('week', s.week, 'text', s.said) order by s.week desc) from (
          select p.week, p.said #>> '{}' as said from parts p where p.part = 'strength' and jsonb_typeof(p.said) = 'string' order by p.week desc limit 60) s), '[]'),
        'behaviours', coalesce((select jsonb_object_agg(b.behaviour, b.n) from (
          select x.behaviour, count(*) as n from weeks w cross join unnest(w.behaviours) x (behaviour) group by x.behaviour) b), '{}')),
      jsonb_build_object(
        'count', (select count(*) from weeks),
        'causes', coalesce((select jsonb_agg(jsonb_build_object('week', w.week, 'cause', r.cause, 'rating', r.rating) order by w.week, r.cause)
          from weeks w join public.ratings r on r.therapist_id = me and r.reflection_id = w.id), '[]'),
        'reframes', coalesce((select jsonb_agg(to_jsonb(g) order by g.reframe, g.helped) from (
          select u.reframe, p.said ->> 'helped' as helped, count(*) as n from parts p
          cross join jsonb_array_elements_text(case when jsonb_typeof(p.said -> 'used') = 'array' then p.said -> 'used' else '[]' end) u (reframe)
          where p.part = 'reframes' group by u.reframe, p.said ->> 'helped') g), '[]'),
        'frustration', coalesce((select jsonb_agg(to_jsonb(g) order by g.week) from (
          select p.week, max(case when p.part = 'frustration' and p.said #>> '{}' ~ '^[0-4]$' then (p.said #>> '{}')::int end) as rating,
            bool_or(p.part = 'let_go') as let_go
          from parts p where p.part in ('frustration', 'let_go') group by p.week) g), '[]'))
      into strengths, own_weeks;

    -- What was said with episodes: by day first, so that the week is worked out once a day and not once an episode.
    with days as materialized (
      select e.happened_on, e.first_blame, e.next_move, count(*) as n from public.episodes e
      where e.therapist_id = me and e.team_id = team and e.happened_on >= first group by e.happened_on, e.first_blame, e.next_move
    )
    select jsonb_build_object(
        'count', coalesce((select sum(n) from days), 0),
        'first_blame', coalesce((select jsonb_agg(to_jsonb(g) order by g.week) from (
          select private.week_of(d.happened_on) as week, d.first_blame as key, sum(d.n) as n from days d group by 1, 2) g), '[]'),
        'next_moves', coalesce((select jsonb_agg(to_jsonb(g) order by g.week) from (
          select private.week_of(d.happened_on) as week, d.next_move as key, sum(d.n) as n from days d group by 1, 2) g), '[]'))
      into in_episodes;

    -- Own ruptures, with every step towards their repair, whoever recorded it.
    with own as materialized (
      select r.id, r.noticed_on, r.closed_on, r.outcome from public.ruptures r where r.therapist_id = me and r.team_id = team
    ), steps as materialized (
      select s.taken_on, s.stage from public.repair_steps s where s.therapist_id = me and s.team_id = team and s.taken_on >= first
    )
    select jsonb_build_object(
        'open', (select count(*) from own where closed_on is null),
        'outcomes', coalesce((select jsonb_object_agg(g.outcome, g.n) from (
          select outcome, count(*) as n from own where closed_on >= first group by outcome) g), '{}'),
        'stages', coalesce((select jsonb_object_agg(g.stage, g.n) from (select stage, count(*) as n from steps group by stage) g), '{}'),
        'weeks', coalesce((select jsonb_agg(to_jsonb(g) order by g.week, g.key) from (
          select private.week_of(x.on_day) as week, x.key, count(*) as n from (
            select noticed_on as on_day, 'noticed' as key from own where noticed_on >= first
            union all select closed_on, 'closed' from own where closed_on >= first
            union all select taken_on, 'steps' from steps) x group by 1, 2) g), '[]'))
      into in_ruptures;

    -- A supervision day of a case is one on which a prompt was used on it, a question about it was marked as discussed, or a meeting talked about it.
    -- The last rating before it and the first one after it make a pair; the day itself counts for neither, and a pair counts once.
    -- What was rated again in a meeting is a pair of its own kind: what stood before, and what was said after the discussion.
    with days as materialized (
      select distinct x.case_id, x.on_day from (
        select u.case_id, u.used_at::date as on_day from public.prompt_uses u
        where u.therapist_id = me and u.team_id = team and u.case_id is not null and u.verdict <> 'not_now'
        union all
        select q.case_id, (select max(h.changed_at)::date from public.history h
          where h.owner_id = me and h.table_name = 'questions' and h.row_id = q.id::text and h.before ->> 'state' <> 'discussed')
        from public.questions q where q.therapist_id = me and q.team_id = team and q.state = 'discussed'
        union all
        select i.case_id, m.held_on from public.agenda_items i join public.meetings m on m.led_by = i.led_by and m.id = i.meeting_id
        where i.therapist_id = me and i.team_id = team and i.state = 'done' and i.case_id is not null) x
      where x.on_day >= first
    ), rated as (
      select e.case_id, r.cause, e.happened_on, (array_agg(r.rating order by e.created_at, e.id))[1] as earliest,
        (array_agg(r.rating order by e.created_at desc, e.id desc))[1] as latest
      from public.episodes e join public.ratings r on r.therapist_id = e.therapist_id and r.episode_id = e.id
      where e.therapist_id = me and e.team_id = team and e.happened_on >= first - near and e.case_id in (select case_id from days) and r.rating is not null
      group by e.case_id, r.cause, e.happened_on
    ), gaps as (
      -- From one rated day to the next one, and to the one after that: for a supervision day that is a rated day itself.
      select case_id, cause, happened_on as begins, latest as before, lead(happened_on) over w as ends, lead(earliest) over w as after,
        lead(happened_on, 2) over w as ends_beyond, lead(earliest, 2) over w as after_beyond
      from rated window w as (partition by case_id, cause order by happened_on)
    ), of_cases as (
      select distinct g.case_id, g.cause, g.begins, x.ends, g.before, x.after from days d
      join gaps g on g.case_id = d.case_id and d.on_day > g.begins and d.on_day <= g.begins + near and d.on_day <= g.ends
      cross join lateral (select case when d.on_day = g.ends then g.ends_beyond else g.ends end as ends,
        case when d.on_day = g.ends then g.after_beyond else g.after end as after) x
      where x.ends <= d.on_day + near
    ), of_weeks as (
      -- A weekly reflection that was read, and the first one of a week that began after that day.
      select r.cause, r.rating as before, a.rating as after from public.reflections f
      join public.ratings r on r.therapist_id = f.therapist_id and r.reflection_id = f.id and r.rating is not null
      cross join lateral (
        select s.rating from public.reflections g
        join public.ratings s on s.therapist_id = g.therapist_id and s.reflection_id = g.id and s.cause = r.cause and s.rating is not null
        where g.therapist_id = me and g.team_id = team and g.week > f.read_at::date and g.week <= f.read_at::date + near
        order by g.week limit 1) a
      where f.therapist_id = me and f.team_id = team and f.week >= first and f.read_at is not null
    ), in_meetings as (
      select r.cause, r.before, r.rating as after from public.reratings r
      where r.therapist_id = me and r.team_id = team and r.rated_at::date >= first and r.before is not null and r.rating is not null
    )
    select jsonb_build_object('days', (select count(*) from days), 'pairs', coalesce(jsonb_agg(to_jsonb(g) order by g.of, g.cause), '[]')) into supervised
    from (
      select p.of, p.cause, count(*) as n, avg(p.before)::float as before, avg(p.after)::float as after,
        count(*) filter (where p.after < p.before) as lower, count(*) filter (where p.after = p.before) as same,
        count(*) filter (where p.after > p.before) as higher
      from (select 'case' as of, cause, before, after from of_cases union all select 'week', cause, before, after from of_weeks
        union all select 'meeting', cause, before, after from in_meetings) p
      group by p.of, p.cause) g;

    return jsonb_build_object('since', first, 'strengths', strengths, 'weeks', own_weeks, 'episodes', in_episodes, 'ruptures', in_ruptures,
      'supervised', supervised,
      'guesses', coalesce((select jsonb_agg(to_jsonb(g) order by g.week, g.question) from (
        select private.week_of(c.on_day) as week, x.question, count(*) as n, sum(x.guess) as guess, sum(x.answer) as answer,
          count(*) filter (where abs(x.guess - x.answer) <= 1) as near, count(*) filter (where x.guess > x.answer + 1) as above,
          count(*) filter (where x.guess < x.answer - 1) as below
        from public.check_in_guesses o
        join public.check_ins c on c.therapist_id = o.therapist_id and c.id = o.id
        cross join lateral (values ('goals', o.goals, c.goals), ('way_of_working', o.way_of_working, c.way_of_working),
          ('relationship', o.relationship, c.relationship)) x (question, guess, answer)
        where o.therapist_id = me and o.team_id = team and c.on_day >= first and x.guess is not null and x.answer is not null
        group by 1, 2) g), '[]'));
  end $$;

revoke all on function public.my_mirror(uuid, date) from public, anon, authenticated;
grant execute on function public.my_mirror(uuid, date) to authenticated, service_role;
