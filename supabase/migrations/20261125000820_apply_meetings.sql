-- Operations of a meeting, by the same door as all others, so that it goes on through a lost connection and arrives in order.
-- `led_by` names a meeting or an item together with its id: ids are unique per person only.

create function private.put_item(leader uuid, meeting uuid, team uuid, place int, i jsonb) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.agenda_items (led_by, id, meeting_id, team_id, position, kind, title, therapist_id, case_id, question_id, rupture_id, minutes, because)
    values (leader, (i ->> 'id')::uuid, meeting, team, place, (i ->> 'kind')::public.agenda_kind, coalesce(i ->> 'title', ''), (i ->> 'therapist')::uuid, (i ->> 'case')::uuid,
      (i ->> 'question')::uuid, (i ->> 'rupture')::uuid, coalesce((i ->> 'minutes')::smallint, 10), coalesce(i -> 'because', '[]'));
  end $$;

-- `items` in their order.
create function private.apply_meeting_plan(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare item record;
  begin
    if exists (select from public.meetings m where m.team_id = (p ->> 'team')::uuid and m.state < 'ended') then
      raise exception using errcode = 'SX409', message = 'A meeting of this team is planned or running already. Please open that one.';
    end if;
    insert into public.meetings (led_by, id, team_id, held_on, starts_at, minutes, theme)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'held_on')::date, (p ->> 'starts_at')::time, coalesce((p ->> 'minutes')::smallint, 60), coalesce(p -> 'theme', '{}'));
    for item in select x.value, x.ordinality from jsonb_array_elements(coalesce(p -> 'items', '[]')) with ordinality x loop
      perform private.put_item(me, entity, (p ->> 'team')::uuid, item.ordinality::int * 10, item.value);
    end loop;
  end $$;

create function private.apply_meeting_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.meetings set held_on = coalesce((p ->> 'held_on')::date, held_on), starts_at = case when p ? 'starts_at' then (p ->> 'starts_at')::time else starts_at end,
        minutes = coalesce((p ->> 'minutes')::smallint, minutes), theme = coalesce(p -> 'theme', theme)
      where led_by = (p ->> 'led_by')::uuid and id = entity;
    perform private.must_have_changed(found);
  end $$;

-- The meeting, kept from changing until this operation is done; only for those who run it.
create function private.held_meeting(leader uuid, meeting uuid) returns public.meetings
  language plpgsql set search_path = ''
  as $$
  declare m public.meetings;
  begin
    select * into m from public.meetings x where x.led_by = leader and x.id = meeting for update;
    perform private.must_have_changed(m.id is not null);
    return m;
  end $$;

-- An item that is on the agenda of this very meeting; null when it is none, was taken off or was passed in the meantime.
create function private.item_of(m public.meetings, item text) returns uuid
  language sql stable set search_path = ''
  as $$ select i.id from public.agenda_items i where i.led_by = m.led_by and i.meeting_id = m.id and i.id = item::uuid and i.state <> 'dropped' $$;

-- Called off before it has begun; what was on it is carried over. Called off twice, it is called off.
create function private.apply_meeting_call_off(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity);
  begin
    if stands.state = 'called_off' then return; end if;
    if stands.state = 'running' then
      raise exception using errcode = 'SX409', message = 'This meeting has begun, so it was not called off. It can be ended.';
    end if;
    perform private.must_be_ahead(stands.state);
    update public.agenda_items set state = 'carried' where led_by = stands.led_by and meeting_id = entity and state = 'on';
    update public.meetings set state = 'called_off', ended_at = said_at where led_by = stands.led_by and id = entity;
  end $$;

-- Begun from two devices at once, it begins once.
create function private.apply_meeting_begin(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity);
  begin
    if stands.state <> 'planned' then return; end if;
    update public.meetings set state = 'running', begun_at = said_at, held_on = least(said_at::date, current_date), item_id = private.item_of(stands, p ->> 'item'), clock_since = said_at
      where led_by = stands.led_by and id = entity;
  end $$;

-- Seconds the clock has run on the present item are added to it.
create function private.stop_the_clock(leader uuid, meeting uuid, at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.agenda_items i set spent = least(86400, i.spent + greatest(0, extract(epoch from at - m.clock_since)::int)) from public.meetings m
      where m.led_by = leader and m.id = meeting and m.clock_since is not null and i.led_by = m.led_by and i.id = m.item_id;
    update public.meetings set clock_since = null where led_by = leader and id = meeting and clock_since is not null;
  end $$;

-- What is pressed after the end, on a device that has not heard of it, changes nothing: go, clock, show and order. What somebody
-- wrote for the agenda is refused then, so that they hear of it: add and amend.
-- From `from` to `to`; a second press of the same button finds another item there and changes nothing. One that has left the agenda
-- since it was pressed counts as none, whether it was passed or taken off. `left` says what became of the item left.
create function private.apply_meeting_go(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity); next uuid := private.item_of(stands, p ->> 'to');
  begin
    if stands.state <> 'running' or
      stands.item_id is distinct from (case when stands.item_id is null then private.item_of(stands, p ->> 'from') else (p ->> 'from')::uuid end) then return; end if;
    perform private.stop_the_clock(stands.led_by, entity, said_at);
    update public.agenda_items set state = (p ->> 'left')::public.agenda_state where led_by = stands.led_by and id = stands.item_id and p ->> 'left' is not null;
    update public.meetings set item_id = next, clock_since = case when next is not null then said_at end, prompt = null, timer = null, timer_until = null
      where led_by = stands.led_by and id = entity;
  end $$;

-- `item`: what it was pressed on; when that is not what the meeting is at any more, nothing is meant for what there is now. So with `show`.
create function private.apply_meeting_clock(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity);
  begin
    if stands.state <> 'running' or (p ? 'item' and stands.item_id is distinct from (p ->> 'item')::uuid) then return; end if;
    if (p ->> 'running')::boolean then
      update public.meetings set clock_since = coalesce(clock_since, said_at) where led_by = stands.led_by and id = entity;
    else
      perform private.stop_the_clock(stands.led_by, entity, said_at);
    end if;
  end $$;

-- What is on the screen beside the item: a prompt by its slug, a timer of so many seconds; null takes it away.
create function private.apply_meeting_show(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity);
  begin
    if stands.state <> 'running' or (p ? 'item' and stands.item_id is distinct from (p ->> 'item')::uuid) then return; end if;
    update public.meetings set prompt = case when p ? 'prompt' then p ->> 'prompt' else prompt end,
        timer = case when p ? 'timer' then (p ->> 'timer')::public.meeting_timer else timer end,
        timer_until = case when not p ? 'timer' then timer_until when p ->> 'timer' is null then null
          else said_at + make_interval(secs => (p ->> 'seconds')::int) end
      where led_by = stands.led_by and id = entity;
  end $$;

-- What was not reached is carried over. Ended twice, it has ended.
create function private.apply_meeting_end(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity);
  begin
    if stands.state >= 'ended' then return; end if;
    perform private.stop_the_clock(stands.led_by, entity, said_at);
    update public.agenda_items set state = (p ->> 'left')::public.agenda_state where led_by = stands.led_by and id = stands.item_id and p ->> 'left' is not null;
    update public.agenda_items set state = 'carried' where led_by = stands.led_by and meeting_id = entity and state = 'on';
    update public.meetings set state = 'ended', begun_at = coalesce(begun_at, said_at), ended_at = said_at, clock_since = null, prompt = null, timer = null, timer_until = null
      where led_by = stands.led_by and id = entity;
  end $$;

create function private.apply_meeting_order(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity);
  begin
    if stands.state >= 'ended' then return; end if;
    update public.agenda_items i set position = o.ordinality * 10 from jsonb_array_elements_text(p -> 'items') with ordinality o (id, ordinality)
      where i.led_by = stands.led_by and i.meeting_id = entity and i.id = o.id::uuid;
  end $$;

create function private.apply_meeting_add(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare m public.meetings := private.held_meeting((p ->> 'led_by')::uuid, entity);
  begin
    perform private.must_be_ahead(m.state);
    perform private.put_item(m.led_by, m.id, m.team_id, coalesce((p ->> 'position')::int, 10 + (select coalesce(max(i.position), 0) from public.agenda_items i
      where i.led_by = m.led_by and i.meeting_id = m.id)), p -> 'item');
  end $$;

-- An item that its therapist has passed is not there: changing it changes nothing and says nothing, and `meeting` tells whether the
-- caller runs it. What is being talked about and is taken off lets the meeting go on, as when it is passed.
create function private.apply_item_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare leader uuid := (p ->> 'led_by')::uuid; m public.meetings;
  begin
    m := private.held_meeting(leader, coalesce((select i.meeting_id from public.agenda_items i where i.led_by = leader and i.id = entity), (p ->> 'meeting')::uuid));
    perform private.must_be_ahead(m.state);
    if p ->> 'state' = 'dropped' and m.item_id = entity then
      perform private.stop_the_clock(leader, m.id, said_at);
      update public.meetings set item_id = null, prompt = null, timer = null, timer_until = null where led_by = leader and id = m.id;
    end if;
    update public.agenda_items set minutes = coalesce((p ->> 'minutes')::smallint, minutes), state = coalesce((p ->> 'state')::public.agenda_state, state),
        reason = coalesce(p ->> 'reason', reason), stage = coalesce((p ->> 'stage')::public.discussion_stage, stage)
      where led_by = leader and id = entity;
  end $$;

-- How long after its end something may still be said about a meeting: what was decided, a new rating, whether it helped.
create function private.still_said(leader uuid, meeting uuid) returns void
  language plpgsql stable security definer set search_path = ''
  as $$
  declare m public.meetings;
  begin
    select * into m from public.meetings x where x.led_by = leader and x.id = meeting;
    if m.state = 'called_off' then perform private.must_be_ahead(m.state); end if;
    if m.state = 'ended' and m.ended_at::date < private.today() - 7 then
      raise exception using errcode = 'SX409', message = 'This meeting ended more than a week ago and stands as it is.';
    end if;
  end $$;

-- Released and answered by the therapist of the case alone; supervisors cannot do it for them. What was released can be
-- taken back at any time; more is released only until the day of the meeting is over.
create function private.therapist_says(leader uuid, item uuid, p jsonb) returns void
  language plpgsql security definer set search_path = ''
  as $$
  declare i public.agenda_items; m public.meetings; parts public.released_part[];
  begin
    select x.* into i from public.agenda_items x
      where x.led_by = leader and x.id = item and x.therapist_id = (select auth.uid()) and x.team_id in (select private.teams_as('therapist')) for update;
    perform private.must_have_changed(i.id is not null);
    parts := case when p ? 'released' then private.texts(p -> 'released')::public.released_part[] else i.released end;
    select * into m from public.meetings x where x.led_by = leader and x.id = i.meeting_id;
    if (m.state = 'called_off' or m.ended_at::date < private.today()) and (p ? 'words' or not parts <@ i.released) then
      perform private.must_be_ahead(m.state);
    end if;
    if p ? 'helped' then perform private.still_said(leader, i.meeting_id); end if;
    update public.agenda_items x set released = parts, helped = case when p ? 'helped' then (p ->> 'helped')::public.helped else x.helped end
      where x.led_by = leader and x.id = item;
  end $$;

create function private.apply_item_release(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare leader uuid := (p ->> 'led_by')::uuid; i public.agenda_items;
  begin
    perform private.therapist_says(leader, entity, p);
    select * into i from public.agenda_items x where x.led_by = leader and x.id = entity;
    if p ->> 'words' = '' then
      delete from public.agenda_words w where w.led_by = leader and w.item_id = entity;
    elsif p ? 'words' then
      insert into public.agenda_words (therapist_id, led_by, item_id, team_id, body) values (me, leader, entity, i.team_id, p ->> 'words')
        on conflict (led_by, item_id) do update set body = excluded.body;
    end if;
    update public.agenda_words w set released = 'words' = any (i.released) where w.led_by = leader and w.item_id = entity;
  end $$;

-- The item leaves the agenda as if it had never been there; a question stays open for another time.
create function private.pass_on(leader uuid, item uuid) returns void
  language plpgsql security definer set search_path = ''
  as $$
  declare i public.agenda_items;
  begin
    select x.* into i from public.agenda_items x join public.meetings m on m.led_by = x.led_by and m.id = x.meeting_id and m.state <> 'ended'
      where x.led_by = leader and x.id = item and x.therapist_id = (select auth.uid()) and x.team_id in (select private.teams_as('therapist'));
    perform private.must_have_changed(i.id is not null);
    if i.state = 'done' then
      raise exception using errcode = 'SX400', message = 'This was talked about already. Nothing was changed.';
    end if;
    perform set_config('sixfold.passing', 'yes', true);
    update public.meetings set item_id = null, clock_since = null, prompt = null, timer = null, timer_until = null where led_by = leader and item_id = item;
    delete from public.agenda_items x where x.led_by = leader and x.id = item;
    perform set_config('sixfold.passing', '', true);
  end $$;

create function private.apply_item_pass(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin perform private.pass_on((p ->> 'led_by')::uuid, entity); end $$;

-- A decision, and the action it leads to. On what is off the agenda, taken off or passed alike, it is refused: the words stay with their author.
create function private.apply_item_decide(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare leader uuid := (p ->> 'led_by')::uuid; i public.agenda_items; act jsonb := p -> 'action';
  begin
    select * into i from public.agenda_items x where x.led_by = leader and x.id = entity;
    if i.id is null then perform private.held_meeting(leader, (p ->> 'meeting')::uuid); end if;
    perform private.still_said(leader, coalesce(i.meeting_id, (p ->> 'meeting')::uuid));
    if i.id is null or i.state = 'dropped' then
      raise exception using errcode = 'SX409', message = 'This is no longer on the agenda, so nothing was recorded there. Your words are kept for you: use what is still needed, and then let it go.';
    end if;
    if p ->> 'decision' is not null or coalesce(p ->> 'words', '') <> '' or coalesce(p ->> 'sentence', '') <> '' then
      insert into public.decisions (recorded_by, id, team_id, led_by, meeting_id, item_id, therapist_id, case_id, decision, words, sentence, will_know, look_again_on, shown)
      values (me, (p ->> 'id')::uuid, i.team_id, i.led_by, i.meeting_id, i.id, i.therapist_id, i.case_id, (p ->> 'decision')::public.step_back_decision, coalesce(p ->> 'words', ''),
        coalesce(p ->> 'sentence', ''), coalesce(p ->> 'will_know', ''), (p ->> 'look_again_on')::date, coalesce((p ->> 'shown')::boolean, false));
    end if;
    if jsonb_typeof(act) = 'object' then
      insert into public.actions (created_by, id, team_id, therapist_id, case_id, owner_id, what, due_on, led_by, meeting_id, item_id)
      values (me, (act ->> 'id')::uuid, i.team_id, i.therapist_id, i.case_id, (act ->> 'owner')::uuid, act ->> 'what', (act ->> 'due_on')::date, i.led_by, i.meeting_id, i.id);
    end if;
  end $$;

create function private.apply_item_rerate(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare i public.agenda_items; stood jsonb;
  begin
    select * into i from public.agenda_items x where x.led_by = (p ->> 'led_by')::uuid and x.id = entity and x.therapist_id = me;
    perform private.must_have_changed(i.id is not null);
    perform private.still_said(i.led_by, i.meeting_id);
    stood := private.my_causes(i.case_id);
    insert into public.reratings (therapist_id, led_by, item_id, team_id, cause, rating, before)
    select me, i.led_by, i.id, i.team_id, g.key::smallint, (g.value #>> '{}')::smallint, (stood ->> g.key)::smallint from jsonb_each(coalesce(p -> 'ratings', '{}')) g
    on conflict (therapist_id, led_by, item_id, cause) do update set rating = excluded.rating;
    if p ? 'helped' then perform private.therapist_says(i.led_by, i.id, jsonb_build_object('helped', p -> 'helped')); end if;
  end $$;

-- The caller's own last ratings on one of their cases.
create function private.my_causes(of_case uuid) returns jsonb
  language sql stable security definer set search_path = ''
  as $$ select private.causes_of((select auth.uid()), of_case) $$;

-- Counted, not kept: nothing says later who answered what, not even which row was written last. `salt` in the operation keeps its fingerprint from giving the answer away.
create function private.count_pulse(leader uuid, meeting uuid, said int) returns void
  language plpgsql security definer set search_path = ''
  as $$
  declare m public.meetings; me uuid := (select auth.uid());
  begin
    select * into m from public.meetings x where x.led_by = leader and x.id = meeting and x.team_id in (select private.teams_as('therapist')) for share;
    perform private.must_have_changed(m.id is not null);
    if m.state in ('planned', 'called_off') or (m.state = 'ended' and m.ended_at::date < private.today()) then
      raise exception using errcode = 'SX400', message = 'The pulse is asked on the day of the meeting. Nothing was counted.';
    elsif said is null or said not between 1 and 5 then
      raise exception using errcode = 'SX400', message = 'Please choose an answer from 1 to 5.';
    end if;
    insert into private.pulse_given (led_by, meeting_id, person_id) values (leader, meeting, me) on conflict do nothing;
    if not found then return; end if;
    insert into private.pulse_counts (led_by, meeting_id, answer, n) select leader, meeting, a, 0 from generate_series(1, 5) a
      on conflict (led_by, meeting_id, answer) do nothing;
    update private.pulse_counts c set n = c.n + (c.answer = said)::int where c.led_by = leader and c.meeting_id = meeting;
  end $$;

create function private.apply_pulse_give(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    if length(coalesce(p ->> 'salt', '')) < 20 then
      raise exception using errcode = 'SX400', message = 'The pulse could not be counted anonymously. Please give it again.';
    end if;
    perform private.count_pulse((p ->> 'led_by')::uuid, (p ->> 'meeting')::uuid, (p ->> 'answer')::int);
  end $$;

create function private.apply_screen_open(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.meeting_screens (opened_by, id, team_id, led_by, meeting_id, opened_at)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'led_by')::uuid, (p ->> 'meeting')::uuid, least(said_at, now()));
  end $$;

create function private.apply_screen_close(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.meeting_screens set closed_at = coalesce(closed_at, greatest(opened_at, least(said_at, now()))) where opened_by = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

do $$
declare f regprocedure;
begin
  for f in select p.oid from pg_proc p where p.pronamespace = 'private'::regnamespace and (p.proname ~ '^apply_(meeting|item|pulse|screen)_'
      or p.proname in ('put_item', 'held_meeting', 'item_of', 'stop_the_clock', 'still_said', 'therapist_says', 'pass_on', 'my_causes', 'count_pulse')) loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to authenticated, service_role', f);
  end loop;
end $$;
