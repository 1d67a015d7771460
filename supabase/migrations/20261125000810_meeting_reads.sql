-- What each person sees of a meeting. The shared screen gets labels and what was released, made here and nowhere else;
-- supervisors get the names behind the labels, therapists those of their own cases.

-- The case as a picture without a date or a word: weeks counted from its first entry, scores by measure, episodes, ruptures.
create function private.picture_of(therapist uuid, of_case uuid) returns jsonb
  language sql stable security definer set search_path = ''
  as $$
    with c as (select least(k.started_on, (select min(s.held_on) from public.sessions s where s.therapist_id = therapist and s.case_id = of_case)) as first_day
      from public.cases k where k.therapist_id = therapist and k.id = of_case)
    select jsonb_build_object('weeks', (private.today() - c.first_day) / 7,
      'sessions', (select count(*) from public.sessions s where s.therapist_id = therapist and s.case_id = of_case and s.attendance = 'attended'),
      'scores', coalesce((select jsonb_agg(jsonb_build_object('measure', private.measure_name(m.slug, x.team_id), 'week', (x.on_day - c.first_day) / 7, 'value', x.value)
          order by m.slug, x.on_day)
        from public.scores x join public.measures m on m.id = x.measure_id where x.therapist_id = therapist and x.case_id = of_case and x.on_day >= c.first_day), '[]'),
      'episodes', coalesce((select jsonb_agg(jsonb_build_object('week', (e.happened_on - c.first_day) / 7, 'kind', e.kind) order by e.happened_on)
        from public.episodes e where e.therapist_id = therapist and e.case_id = of_case and e.happened_on >= c.first_day), '[]'),
      'ruptures', coalesce((select jsonb_agg(jsonb_build_object('from', (r.noticed_on - c.first_day) / 7, 'to', (r.closed_on - c.first_day) / 7, 'kind', r.kind) order by r.noticed_on)
        from public.ruptures r where r.therapist_id = therapist and r.case_id = of_case and r.noticed_on >= c.first_day), '[]'))
    from c
  $$;

-- The six causes as last rated on this case: {cause: rating}.
create function private.causes_of(therapist uuid, of_case uuid) returns jsonb
  language sql stable security definer set search_path = ''
  as $$
    select coalesce(jsonb_object_agg(g.cause, g.rating), '{}') from (
      select distinct on (r.cause) r.cause, r.rating from public.ratings r
      join public.episodes e on e.therapist_id = r.therapist_id and e.id = r.episode_id
      where e.therapist_id = therapist and e.case_id = of_case and r.rating is not null order by r.cause, e.happened_on desc, e.created_at desc) g
  $$;

-- The meeting ahead of a team, or the one that ended last today; labels in place of people and cases, and nothing but what was released.
create function private.screen_of(m public.meetings) returns jsonb
  language sql stable security definer set search_path = ''
  as $$
    select jsonb_build_object('led_by', m.led_by, 'id', m.id, 'state', m.state, 'held_on', m.held_on, 'minutes', m.minutes, 'theme', m.theme, 'begun_at', m.begun_at,
      'ended_at', m.ended_at, 'item', m.item_id, 'clock_since', m.clock_since, 'prompt', m.prompt, 'timer', m.timer, 'timer_until', m.timer_until, 'now', now(),
      'items', coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'position', i.place,                     -- without the gap that somebody leaves who passes
          -- who was flagged, who chose and who has an open rupture is not for the screen
          'kind', case when i.kind in ('question', 'case') or (i.kind = 'rupture' and not 'reasons' = any (i.released)) then 'case' else i.kind::text end,
          'title', i.title, 'minutes', i.minutes, 'state', i.state, 'stage', i.stage, 'spent', i.spent,
          'person', (select l.label from private.meeting_labels l where l.led_by = m.led_by and l.meeting_id = m.id and l.therapist_id = i.therapist_id and l.case_id is null),
          'case', (select l.label from private.meeting_labels l where l.led_by = m.led_by and l.meeting_id = m.id and l.therapist_id = i.therapist_id and l.case_id = i.case_id),
          'released', jsonb_strip_nulls(jsonb_build_object(
            'moment', case when 'moment' = any (i.released) then q.moment end,
            'question', case when 'question' = any (i.released) then q.question end,
            'felt', case when 'felt' = any (i.released) then nullif(q.felt, '') end,
            'would_like', case when 'would_like' = any (i.released) then nullif(q.would_like, '') end,
            'words', (select w.body from public.agenda_words w where w.led_by = i.led_by and w.item_id = i.id and w.released),
            'reasons', case when 'reasons' = any (i.released) then (select jsonb_agg(b -> 'rule') from jsonb_array_elements(i.because) b where b ? 'rule') end,
            'causes', case when 'causes' = any (i.released) then private.causes_of(i.therapist_id, i.case_id) end,
            'picture', case when 'picture' = any (i.released) and m.item_id = i.id then private.picture_of(i.therapist_id, i.case_id) end)),
          'rupture', (select jsonb_build_object('kind', r.kind, 'days', private.today() - r.noticed_on, 'stage', (select s.stage from public.repair_steps s
              where s.therapist_id = r.therapist_id and s.rupture_id = r.id order by s.taken_on desc, s.created_at desc limit 1))
            from public.ruptures r where r.therapist_id = i.therapist_id and r.id = i.rupture_id and r.case_id = i.case_id and 'reasons' = any (i.released)),
          -- how many, never which and whose; what became of them only where five by three people were done
          'follow_ups', case when i.kind = 'follow_ups' then (select jsonb_build_object('open', count(*) filter (where a.state = 'open')) ||
              case when count(*) filter (where a.state = 'done') >= 5 and count(distinct a.owner_id) filter (where a.state = 'done') >= 3 then
                jsonb_build_object('done', count(*) filter (where a.state = 'done'), 'helped', count(*) filter (where a.helped in ('yes', 'a_little'))) else '{}' end
            from public.actions a where a.team_id = m.team_id and (a.state = 'open' or a.done_on >= private.today() - 60)) end,
          'decisions', coalesce((select jsonb_agg(jsonb_build_object('decision', d.decision, 'words', d.words, 'sentence', d.sentence, 'will_know', d.will_know,
              'look_again_on', d.look_again_on) order by d.created_at) from public.decisions d
            where d.led_by = m.led_by and d.item_id = i.id and d.shown), '[]'))
          order by i.place)
        from (select x.*, 10 * row_number() over (order by x.position, x.id) as place from public.agenda_items x
          where x.led_by = m.led_by and x.meeting_id = m.id and x.state <> 'dropped') i
        left join public.questions q on q.therapist_id = i.therapist_id and q.id = i.question_id and q.case_id = i.case_id and q.state <> 'withdrawn'), '[]'))
  $$;

create function private.meeting_of(of_team uuid) returns public.meetings
  language sql stable security definer set search_path = ''
  as $$
    select m.* from public.meetings m where m.team_id = of_team and (m.state < 'ended' or (m.state = 'ended' and m.ended_at > now() - interval '12 hours'))
    order by (m.state = 'ended'), m.ended_at desc limit 1
  $$;

-- For the shared screen, and for everybody of the team while a meeting is near. Null: there is none.
create function public.meeting_screen(of_team uuid) returns jsonb
  language plpgsql stable security definer set search_path = ''
  as $$
  declare m public.meetings;
  begin
    if not exists (select from private.teams_as('therapist', 'supervisor') t where t = of_team) then
      raise exception using errcode = '42501', message = 'A meeting is for therapists and supervisors of the team.';
    end if;
    m := private.meeting_of(of_team);
    return case when m.id is not null then private.screen_of(m) end;
  end $$;

-- The same, with what the caller may know beyond it under "known": by item for a therapist's own, all of it for supervisors.
-- Supervisors also get "people" (label, name) and dropped items.
create function public.meeting_now(of_team uuid) returns jsonb
  language plpgsql stable security definer set search_path = ''
  as $$
  declare m public.meetings; me uuid := (select auth.uid()); leads boolean; answer jsonb;
  begin
    if not exists (select from private.teams_as('therapist', 'supervisor') t where t = of_team) then
      raise exception using errcode = '42501', message = 'A meeting is for therapists and supervisors of the team.';
    end if;
    leads := exists (select from private.teams_as('supervisor') t where t = of_team);
    m := private.meeting_of(of_team);
    if m.id is null then return null; end if;
    answer := private.screen_of(m) || jsonb_build_object('leads', leads, 'starts_at', m.starts_at,
      'screens', (select count(*) from public.meeting_screens s where s.led_by = m.led_by and s.meeting_id = m.id and s.closed_at is null and s.opened_at > now() - interval '12 hours'),
      'pulse_given', exists (select from private.pulse_given g where g.led_by = m.led_by and g.meeting_id = m.id and g.person_id = me),
      'known', coalesce((select jsonb_object_agg(i.id, jsonb_build_object(
          'therapist_id', i.therapist_id, 'therapist', p.display_name, 'case_id', i.case_id, 'code', c.code, 'kind', i.kind, 'because', i.because,
          'state', i.state, 'reason', i.reason,
          'position', case when i.state <> 'dropped' then i.position else (                  -- between those that it stood between
            select 10 * count(*) filter (where x.state <> 'dropped') + least(9, 1 + count(*) filter (where x.state = 'dropped')) from public.agenda_items x
            where x.led_by = i.led_by and x.meeting_id = i.meeting_id and (x.position, x.id) < (i.position, i.id)) end, 'minutes', i.minutes, 'title', i.title,
          'released', to_jsonb(i.released), 'words', coalesce((select w.body from public.agenda_words w where w.led_by = i.led_by and w.item_id = i.id and (w.released or w.therapist_id = me)), ''), 'helped', i.helped,
          'question_id', i.question_id, 'rupture_id', i.rupture_id,
          'question', case when q.id is not null then jsonb_build_object('moment', q.moment, 'question', q.question, 'felt', q.felt, 'would_like', q.would_like) end,
          'causes', case when i.case_id is not null then private.causes_of(i.therapist_id, i.case_id) end,
          'reratings', (select jsonb_object_agg(r.cause, jsonb_build_object('before', r.before, 'after', r.rating)) from public.reratings r
            where r.led_by = i.led_by and r.item_id = i.id),
          'decisions', coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'decision', d.decision, 'words', d.words, 'sentence', d.sentence, 'will_know', d.will_know,
              'look_again_on', d.look_again_on, 'shown', d.shown, 'mine', d.recorded_by = me) order by d.created_at)
            from public.decisions d where d.led_by = i.led_by and d.item_id = i.id), '[]')))
        from public.agenda_items i left join public.people p on p.id = i.therapist_id
        left join public.cases c on c.therapist_id = i.therapist_id and c.id = i.case_id
        left join public.questions q on q.therapist_id = i.therapist_id and q.id = i.question_id and q.case_id = i.case_id
          and (q.therapist_id = me or q.state <> 'withdrawn')
        where i.led_by = m.led_by and i.meeting_id = m.id and (leads or i.therapist_id = me)), '{}'));
    if leads then
      answer := answer || jsonb_build_object('people', coalesce((select jsonb_agg(jsonb_build_object('id', l.therapist_id, 'label', l.label, 'name', p.display_name) order by p.display_name)
        from private.meeting_labels l join public.people p on p.id = l.therapist_id where l.led_by = m.led_by and l.meeting_id = m.id and l.case_id is null), '[]'));
    else
      answer := answer || jsonb_build_object('my_label', (select l.label from private.meeting_labels l
        where l.led_by = m.led_by and l.meeting_id = m.id and l.therapist_id = me and l.case_id is null));
    end if;
    return answer;
  end $$;

-- What could be on the next agenda, with the reasons and their points; points order, they measure nobody.
-- What was on a meeting that was called off since the last one is carried over like what was not reached.
-- {"last_on", "follow_ups": [action], "own": [{id, title, minutes}], "cases": [{therapist, code, question, rupture, flags, because, points, chosen}], "turns": [{therapist, last_on, turns}]}
create function public.agenda_candidates(of_team uuid) returns jsonb
  language plpgsql volatile security definer set search_path = ''
  as $$
  declare day date := private.today(); last_on date; last_ended timestamptz; answer jsonb;
  begin
    if not exists (select from private.teams_as('supervisor') t where t = of_team) then
      raise exception using errcode = '42501', message = 'The agenda is prepared by supervisors of the team.';
    end if;
    perform private.refresh_flags(of_team, 500);
    select max(m.held_on), max(m.ended_at) into last_on, last_ended from public.meetings m where m.team_id = of_team and m.state = 'ended';
    with member as materialized (
      select distinct x.person_id as therapist_id from public.memberships x where x.team_id = of_team and x.role = 'therapist'
        and x.starts_on <= current_date and (x.ends_on is null or current_date < x.ends_on)
    ), turn as materialized (
      select t.therapist_id, max(m.held_on) as last_on, count(distinct m.id) filter (where m.held_on > day - 84)::int as turns
      from member t
      left join public.agenda_items i on i.therapist_id = t.therapist_id and i.team_id = of_team and i.state = 'done'
      left join public.meetings m on m.led_by = i.led_by and m.id = i.meeting_id
      group by 1
    ), asked as materialized (
      select distinct on (q.therapist_id, q.case_id) q.* from public.questions q join member t on t.therapist_id = q.therapist_id
      where q.team_id = of_team and q.state = 'open' order by q.therapist_id, q.case_id, q.asked_on desc, q.created_at desc
    ), up as materialized (
      select f.therapist_id, f.case_id, f.rule, f.severity, max(private.points(f.rule, f.severity)) as points from public.flags f join member t on t.therapist_id = f.therapist_id
      where f.team_id = of_team and f.cleared_on is null group by 1, 2, 3, 4
    ), strained as materialized (
      select distinct on (r.therapist_id, r.case_id) r.therapist_id, r.case_id, r.id, r.kind, day - r.noticed_on as days
      from public.ruptures r join member t on t.therapist_id = r.therapist_id
      join public.cases c on c.therapist_id = r.therapist_id and c.id = r.case_id and c.state = 'active'
      where r.team_id = of_team and r.closed_on is null order by r.therapist_id, r.case_id, r.noticed_on
    ), carried as materialized (
      select i.*, m.ended_at from public.agenda_items i join public.meetings m on m.led_by = i.led_by and m.id = i.meeting_id
      where i.team_id = of_team and i.state = 'carried' and ((m.state = 'ended' and m.held_on = last_on) or (m.state = 'called_off' and m.ended_at > coalesce(last_ended, '-infinity')))
    ), left_over as materialized (
      select distinct i.therapist_id, i.case_id from carried i join member t on t.therapist_id = i.therapist_id where i.case_id is not null
    ), named as (
      select therapist_id, case_id from asked union select therapist_id, case_id from up union select therapist_id, case_id from strained union select therapist_id, case_id from left_over
    ), reason as materialized (
      select a.therapist_id, a.case_id, 0 as rank, jsonb_build_object('why', 'chosen', 'points', null) as because, 0 as points from asked a
      union all select u.therapist_id, u.case_id, 1, jsonb_build_object('why', 'flag', 'rule', u.rule, 'severity', u.severity, 'points', u.points), u.points from up u
      union all select s.therapist_id, s.case_id, 2, jsonb_build_object('why', 'rupture', 'days', s.days, 'points', least(5, 1 + s.days / 7)), least(5, 1 + s.days / 7) from strained s
        where not exists (select from up u where u.therapist_id = s.therapist_id and u.case_id = s.case_id and u.rule = 'R5')
      union all select distinct f.therapist_id, f.case_id, 3, jsonb_build_object('why', 'assigned', 'points', 2), 2     -- somebody has asked for it to be looked at
        from named n join public.flags f on f.therapist_id = n.therapist_id and f.case_id = n.case_id and f.cleared_on is null
        join public.flag_events e on e.flag_id = f.id and e.kind = 'assigned'
      union all select l.therapist_id, l.case_id, 3, jsonb_build_object('why', 'carried', 'points', 3), 3 from left_over l
      union all select n.therapist_id, n.case_id, 4, jsonb_build_object('why', 'turn', 'weeks', (day - t.last_on) / 7, 'points', x.points), x.points
        from named n join turn t on t.therapist_id = n.therapist_id
        cross join lateral (select least(4, coalesce((day - t.last_on) / 7, 4)) as points) x where x.points > 0
    ), because as materialized (
      select r.therapist_id, r.case_id, sum(r.points) as points, jsonb_agg(r.because order by r.rank, r.points desc) as reasons from reason r group by 1, 2
    )
    select jsonb_build_object('last_on', last_on,
      'follow_ups', coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'created_by', a.created_by, 'what', a.what, 'owner_id', a.owner_id, 'owner', o.display_name, 'due_on', a.due_on,
          'state', a.state, 'helped', a.helped, 'code', c.code, 'therapist_id', a.therapist_id, 'case_id', a.case_id, 'version', a.version) order by a.due_on nulls last, a.created_on)
        from public.actions a join public.people o on o.id = a.owner_id left join public.cases c on c.therapist_id = a.therapist_id and c.id = a.case_id
        where a.team_id = of_team and (a.state = 'open' or (a.state = 'done' and (a.helped is null or a.helped = 'too_early') and a.done_on >= day - 60))), '[]'),
      'own', coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'title', o.title, 'minutes', o.minutes) order by o.position, o.id)
        from (select distinct on (i.title) i.* from carried i where i.kind = 'own' order by i.title, i.ended_at desc) o), '[]'),
      'cases', coalesce((select jsonb_agg(x.j order by x.chosen desc, x.points desc, x.code) from (
        select n.therapist_id, n.case_id, a.id is not null as chosen, c.code, b.points,
          jsonb_build_object('therapist_id', n.therapist_id, 'therapist', p.display_name, 'case_id', n.case_id, 'code', c.code, 'chosen', a.id is not null,
            'question_id', a.id, 'moment', a.moment, 'question', a.question, 'rupture_id', s.id, 'rupture_kind', s.kind, 'rupture_days', s.days,
            'discussed_on', (select max(d.on_day) from private.discussed d where d.therapist_id = n.therapist_id and d.case_id = n.case_id),
            'points', b.points, 'because', b.reasons) as j
        from named n join because b on b.therapist_id = n.therapist_id and b.case_id = n.case_id join public.people p on p.id = n.therapist_id join public.cases c on c.therapist_id = n.therapist_id and c.id = n.case_id and c.state = 'active'
        left join asked a on a.therapist_id = n.therapist_id and a.case_id = n.case_id
        left join strained s on s.therapist_id = n.therapist_id and s.case_id = n.case_id
        order by chosen desc, points desc, c.code limit 200) x), '[]'),
      'turns', coalesce((select jsonb_agg(jsonb_build_object('therapist_id', t.therapist_id, 'therapist', p.display_name, 'last_on', t.last_on, 'turns', t.turns)
          order by t.last_on nulls first, p.display_name) from turn t join public.people p on p.id = t.therapist_id), '[]'))
    into answer;
    return answer;
  end $$;

-- Repair memory: of the ruptures this team has closed, how many went through each step, by outcome. They are taken up in the order in
-- which closings arrive, as many at a time as hold by themselves (k therapists, n ruptures), for all of them and for each step alone: so
-- neither a number nor what it has changed by since last week is about fewer. Such a group goes as a whole when its last closing is a year ago.
create function public.repair_memory(of_team uuid) returns jsonb
  language plpgsql stable security definer set search_path = ''
  as $$
  declare
    s public.team_settings; r record; part text; n int; healed int; who uuid[]; sums jsonb := '{}';
  begin
    if not exists (select from private.teams_as('therapist', 'supervisor') t where t = of_team) then
      raise exception using errcode = '42501', message = 'This is for therapists and supervisors of the team.';
    end if;
    select * into s from public.team_settings x where x.team_id = of_team;
    for r in
      with closed as materialized (
        select x.therapist_id, x.id, x.outcome in ('repaired', 'partly') as repaired, x.closed_on, h.id as arrived, h.changed_at from public.ruptures x
        left join lateral (select y.id, y.changed_at from public.history y where y.owner_id = x.therapist_id and y.table_name = 'ruptures' and y.row_id = x.id::text
          and y.before ->> 'closed_on' is null order by y.id desc limit 1) h on true       -- the change that closed it
        where x.team_id = of_team and x.closed_on is not null and x.outcome <> 'ended'
      )
      select '' as stage, c.* from closed c
      union all
      select distinct t.stage::text, c.* from closed c join public.repair_steps t on t.therapist_id = c.therapist_id and t.rupture_id = c.id
        and t.taken_on <= c.closed_on and t.created_at <= coalesce(c.changed_at, t.created_at)
      order by stage, arrived nulls first, closed_on, id
    loop
      if r.stage is distinct from part then part := r.stage; n := 0; healed := 0; who := '{}'; end if;
      n := n + 1; healed := healed + r.repaired::int;
      if r.therapist_id <> all (who) then who := who || r.therapist_id; end if;
      if n >= greatest(s.safe_min_entries, 5) and cardinality(who) >= greatest(s.safe_min_therapists, 3) then
        if r.closed_on >= private.today() - 365 then
          sums := sums || jsonb_build_object(part, jsonb_build_object('of', n + coalesce((sums -> part ->> 'of')::int, 0),
            'repaired', healed + coalesce((sums -> part ->> 'repaired')::int, 0)));
        end if;
        n := 0; healed := 0; who := '{}';
      end if;
    end loop;
    return case when sums ? '' then jsonb_build_object('closed', sums -> '' -> 'of', 'repaired', sums -> '' -> 'repaired', 'steps', coalesce((
      select jsonb_agg(x.value || jsonb_build_object('stage', x.key) order by x.key::public.repair_stage) from jsonb_each(sums - '') x), '[]')) end;
  end $$;

-- Pulses of past meetings, from five answers on and from the day after: a late answer could otherwise be told from the sum.
create function public.pulse_course(of_team uuid) returns table (held_on date, answers int, mean numeric, counts jsonb)
  language plpgsql stable security definer set search_path = ''
  as $$
  begin
    if not exists (select from private.teams_as('therapist', 'supervisor') t where t = of_team) then
      raise exception using errcode = '42501', message = 'This is for therapists and supervisors of the team.';
    end if;
    return query
      select m.held_on, sum(c.n)::int, round(sum(c.n * c.answer)::numeric / sum(c.n), 1), jsonb_object_agg(c.answer, c.n) filter (where c.n > 0)
      from public.meetings m join private.pulse_counts c on c.led_by = m.led_by and c.meeting_id = m.id
      where m.team_id = of_team and m.state = 'ended' and m.ended_at::date < private.today()
      group by m.led_by, m.id, m.held_on having sum(c.n) >= 5 order by m.held_on;
  end $$;

create view public.meeting_list with (security_invoker = true) as
  select m.led_by, m.id, m.team_id, m.held_on, m.starts_at, m.minutes, m.state, m.theme, m.begun_at, m.ended_at from public.meetings m;

create view public.decision_list with (security_invoker = true) as
  select d.recorded_by, d.id, d.team_id, d.led_by, d.meeting_id, m.held_on, d.item_id, d.therapist_id, p.display_name as therapist, d.case_id, c.code, i.kind, d.decision, d.words,
    d.sentence, d.will_know, d.look_again_on, d.shown, i.helped, d.created_at
  from public.decisions d
  join public.meetings m on m.led_by = d.led_by and m.id = d.meeting_id
  left join public.agenda_items i on i.led_by = d.led_by and i.id = d.item_id
  left join public.people p on p.id = d.therapist_id
  left join public.cases c on c.therapist_id = d.therapist_id and c.id = d.case_id;

create or replace view public.action_list with (security_invoker = true) as
  select a.created_by, a.id, a.team_id, a.therapist_id, a.case_id, c.code, a.owner_id, o.display_name as owner, a.what, a.due_on, a.state, a.done_on, a.helped,
    a.version, a.created_on, a.led_by, a.meeting_id, a.item_id
  from public.actions a
  left join public.cases c on c.therapist_id = a.therapist_id and c.id = a.case_id
  left join public.people o on o.id = a.owner_id;

revoke all on public.meeting_list, public.decision_list from public, anon, authenticated, service_role;
revoke all on function private.picture_of(uuid, uuid), private.causes_of(uuid, uuid), private.screen_of(public.meetings), private.meeting_of(uuid), public.meeting_screen(uuid),
  public.meeting_now(uuid), public.agenda_candidates(uuid), public.repair_memory(uuid), public.pulse_course(uuid) from public, anon, authenticated;
grant select on public.meeting_list, public.decision_list to authenticated, service_role;
grant execute on function public.meeting_screen(uuid), public.meeting_now(uuid), public.agenda_candidates(uuid), public.repair_memory(uuid), public.pulse_course(uuid)
  to authenticated, service_role;
