-- New kinds of operation for the case page. From here on a kind finds its applier by its name: "goal.set" is private.apply_goal_set.
-- Each runs under its author's rights, as all do.

create function private.put_text(me uuid, team uuid, of_case uuid, topic public.text_about, topic_id uuid, question text, words jsonb) returns void
  language plpgsql set search_path = ''
  as $$
  begin
    if jsonb_typeof(words) not in ('object', 'null') then
      raise exception using errcode = 'SX400', message = 'A text needs an id and a body.';
    end if;
    if coalesce(words ->> 'body', '') = '' then return; end if;
    insert into public.case_texts (therapist_id, id, team_id, case_id, about, about_id, slot, body, shared)
    values (me, (words ->> 'id')::uuid, team, of_case, topic, topic_id, question, words ->> 'body', coalesce((words ->> 'shared')::boolean, false));
  end $$;

-- An entry that somebody saw as version n may only be changed while it still is version n.
create function private.must_build_on(stands int, based_on int) returns void
  language plpgsql immutable set search_path = ''
  as $$
  begin
    if coalesce(stands, 0) is distinct from coalesce(based_on, 0) then
      raise exception using errcode = 'SX409', message = 'This entry was changed elsewhere in the meantime. Please look at what stands, then choose.';
    end if;
  end $$;

-- Facts without a version of their own: a correction says what it saw (`was`), and is refused where that has changed since.
create function private.must_still_be(stands jsonb, was jsonb) returns void
  language plpgsql immutable set search_path = ''
  as $$
  begin
    if stands is null then
      raise exception using errcode = '42501', message = 'This entry is not there, or not yours to change.';
    elsif jsonb_typeof(was) = 'object' and exists (select from jsonb_each(was) w where stands -> w.key is distinct from w.value) then
      raise exception using errcode = 'SX409', message = 'This entry was changed elsewhere in the meantime.';
    end if;
  end $$;

create or replace function private.apply_case_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.cases set state = coalesce((p ->> 'state')::public.case_state, state),
        started_on = coalesce((p ->> 'started_on')::date, started_on),
        control_sensitivity = case when p ? 'control_sensitivity' then (p ->> 'control_sensitivity')::smallint else control_sensitivity end
      where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

create function private.apply_session_log(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.sessions (therapist_id, id, team_id, case_id, number, held_on, attendance, mode, stated_at)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'number')::smallint, (p ->> 'held_on')::date,
      (p ->> 'attendance')::public.attendance, (p ->> 'mode')::public.session_mode, said_at);
  end $$;

create function private.apply_session_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands jsonb;
  begin
    select to_jsonb(s) into stands from public.sessions s where s.therapist_id = me and s.id = entity for update;
    perform private.must_still_be(stands, p -> 'was');
    update public.sessions set number = (p ->> 'number')::smallint, held_on = (p ->> 'held_on')::date,
        attendance = (p ->> 'attendance')::public.attendance, mode = (p ->> 'mode')::public.session_mode
      where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

create function private.apply_goal_set(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.goals (therapist_id, id, team_id, case_id, set_by, importance, set_on)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'set_by')::public.proposer, (p ->> 'importance')::smallint, (p ->> 'set_on')::date);
    perform private.put_text(me, (p ->> 'team')::uuid, (p ->> 'case')::uuid, 'goal', entity, '', p -> 'wording');
  end $$;

create function private.apply_goal_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands jsonb;
  begin
    select to_jsonb(g) into stands from public.goals g where g.therapist_id = me and g.id = entity for update;
    perform private.must_still_be(stands, p -> 'was');
    update public.goals set set_by = coalesce((p ->> 'set_by')::public.proposer, set_by), state = coalesce((p ->> 'state')::public.goal_state, state),
        importance = case when p ? 'importance' then (p ->> 'importance')::smallint else importance end
      where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

create function private.apply_goal_progress(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.goal_progress (therapist_id, id, team_id, goal_id, on_day, progress)
    values (me, (p ->> 'id')::uuid, (p ->> 'team')::uuid, entity, (p ->> 'on_day')::date, (p ->> 'progress')::smallint);
  end $$;

create function private.apply_task_give(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.tasks (therapist_id, id, team_id, case_id, goal_id, proposed_by, importance, agreed, given_on)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'goal')::uuid, (p ->> 'proposed_by')::public.proposer,
      (p ->> 'importance')::smallint, coalesce((p ->> 'agreed')::boolean, true), (p ->> 'given_on')::date);
    perform private.put_text(me, (p ->> 'team')::uuid, (p ->> 'case')::uuid, 'task', entity, '', p -> 'wording');
  end $$;

create function private.apply_task_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands jsonb;
  begin
    select to_jsonb(t) into stands from public.tasks t where t.therapist_id = me and t.id = entity for update;
    perform private.must_still_be(stands, p -> 'was');
    update public.tasks set proposed_by = coalesce((p ->> 'proposed_by')::public.proposer, proposed_by), agreed = coalesce((p ->> 'agreed')::boolean, agreed),
        state = coalesce((p ->> 'state')::public.task_state, state),
        importance = case when p ? 'importance' then (p ->> 'importance')::smallint else importance end
      where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

create function private.apply_task_check(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.task_checks (therapist_id, id, team_id, task_id, on_day, done, looked_at)
    values (me, (p ->> 'id')::uuid, (p ->> 'team')::uuid, entity, (p ->> 'on_day')::date, (p ->> 'done')::public.task_done, (p ->> 'looked_at')::boolean);
    perform private.put_text(me, (p ->> 'team')::uuid, (select t.case_id from public.tasks t where t.therapist_id = me and t.id = entity), 'obstacle',
      (p ->> 'id')::uuid, '', p -> 'obstacle');
  end $$;

create function private.apply_check_in_enter(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare guess jsonb := p -> 'guess';
  begin
    insert into public.check_ins (therapist_id, id, team_id, case_id, on_day, goals, way_of_working, relationship)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'on_day')::date, (p ->> 'goals')::smallint, (p ->> 'way_of_working')::smallint,
      (p ->> 'relationship')::smallint);
    if jsonb_typeof(guess) <> 'null' then
      insert into public.check_in_guesses (therapist_id, id, team_id, goals, way_of_working, relationship)
      values (me, entity, (p ->> 'team')::uuid, (guess ->> 'goals')::smallint, (guess ->> 'way_of_working')::smallint, (guess ->> 'relationship')::smallint);
    end if;
  end $$;

-- A guess made before can be put right as well; none can be added once the answers are there, for it would be no guess.
create function private.apply_check_in_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands jsonb; guess jsonb := p -> 'guess';
  begin
    select to_jsonb(c) into stands from public.check_ins c where c.therapist_id = me and c.id = entity for update;
    stands := stands || jsonb_build_object('guess', (select jsonb_build_object('goals', g.goals, 'way_of_working', g.way_of_working, 'relationship', g.relationship)
      from public.check_in_guesses g where g.therapist_id = me and g.id = entity));
    perform private.must_still_be(stands, p -> 'was');
    update public.check_ins set on_day = (p ->> 'on_day')::date, goals = (p ->> 'goals')::smallint, way_of_working = (p ->> 'way_of_working')::smallint,
        relationship = (p ->> 'relationship')::smallint
      where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
    if jsonb_typeof(guess) <> 'null' then
      update public.check_in_guesses set goals = (guess ->> 'goals')::smallint, way_of_working = (guess ->> 'way_of_working')::smallint,
          relationship = (guess ->> 'relationship')::smallint
        where therapist_id = me and id = entity;
      perform private.must_have_changed(found);
    end if;
  end $$;

-- The same score again changes nothing, whichever way it came; another value on that day is the author's to decide.
create function private.apply_score_enter(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare
    of_case uuid := (p ->> 'case')::uuid; of_measure uuid := (p ->> 'measure')::uuid; day date := (p ->> 'on_day')::date;
    given numeric(6, 2) := (p ->> 'value')::numeric;                        -- as it is stored, or a third decimal would never be the same again
  begin
    insert into public.scores (therapist_id, id, team_id, case_id, measure_id, on_day, value, stated_at)
    values (me, entity, (p ->> 'team')::uuid, of_case, of_measure, day, given, said_at)
    on conflict (therapist_id, case_id, measure_id, on_day) do nothing;
    if not found and not exists (select from public.scores s where s.therapist_id = me and s.case_id = of_case and s.measure_id = of_measure
        and s.on_day = day and s.value = given) then
      raise exception using errcode = 'SX409', message = 'There is another score of this measure on that day. Please look at it, then choose.';
    end if;
  end $$;

-- Locked while it is compared, so that of two changes at once the second sees the first; so are the texts and fields below.
create function private.apply_score_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands int;
  begin
    select s.version into stands from public.scores s where s.therapist_id = me and s.id = entity for update;
    perform private.must_have_changed(found);
    perform private.must_build_on(stands, (p ->> 'based_on')::int);
    update public.scores set value = (p ->> 'value')::numeric, version = stands + 1 where therapist_id = me and id = entity;
  end $$;

create function private.apply_formulation_write(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands int; in_case uuid := (p ->> 'case')::uuid; of_field public.formulation_field := (p ->> 'field')::public.formulation_field;
  begin
    perform from public.cases c where c.therapist_id = me and c.id = in_case for no key update;
    select max(f.version) into stands from public.formulation_entries f where f.therapist_id = me and f.case_id = in_case and f.field = of_field;
    perform private.must_build_on(stands, (p ->> 'based_on')::int);
    insert into public.formulation_entries (therapist_id, id, team_id, case_id, field, version, written_on, emptied, ticked)
    values (me, entity, (p ->> 'team')::uuid, in_case, of_field, coalesce(stands, 0) + 1, (p ->> 'written_on')::date,
      coalesce(p #>> '{words,body}', '') = '' and coalesce(jsonb_array_length(p -> 'ticked'), 0) = 0,
      private.texts(p -> 'ticked')::public.client_fear[]);
    perform private.put_text(me, (p ->> 'team')::uuid, in_case, 'formulation', entity, '', p -> 'words');
  end $$;

create function private.apply_strategy_start(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.strategies (therapist_id, id, team_id, case_id, started_on)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'started_on')::date);
    perform private.put_text(me, (p ->> 'team')::uuid, (p ->> 'case')::uuid, 'strategy', entity, '', p -> 'wording');
  end $$;

create function private.apply_strategy_end(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.strategies set ended_on = (p ->> 'ended_on')::date where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

-- `verdicts` maps strategies to works, partly or not.
create function private.apply_plan_review(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.plan_reviews (therapist_id, id, team_id, case_id, reviewed_on, next_review_on)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'reviewed_on')::date, (p ->> 'next_review_on')::date);
    insert into public.strategy_verdicts (therapist_id, review_id, strategy_id, team_id, verdict)
    select me, entity, g.key::uuid, (p ->> 'team')::uuid, (g.value #>> '{}')::public.strategy_verdict from jsonb_each(coalesce(p -> 'verdicts', '{}')) g;
    perform private.put_text(me, (p ->> 'team')::uuid, (p ->> 'case')::uuid, 'adjustment', entity, '', p -> 'adjustment');
  end $$;

-- A text of its own: an answer to a Socratic question, say. `about_id` is the case where nothing else is meant.
create function private.apply_text_write(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.case_texts (therapist_id, id, team_id, case_id, about, about_id, slot, body, shared)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'about')::public.text_about, (p ->> 'about_id')::uuid,
      coalesce(p ->> 'slot', ''), p ->> 'body', coalesce((p ->> 'shared')::boolean, false));
  end $$;

create function private.apply_text_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands int;
  begin
    select x.version into stands from public.case_texts x where x.therapist_id = me and x.id = entity for update;
    perform private.must_have_changed(found);
    perform private.must_build_on(stands, (p ->> 'based_on')::int);
    update public.case_texts set body = coalesce(p ->> 'body', body), shared = coalesce((p ->> 'shared')::boolean, shared), version = stands + 1,
        written_at = case when p ? 'body' then now() else written_at end
      where therapist_id = me and id = entity;
  end $$;

create function private.apply_question_ask(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.questions (therapist_id, id, team_id, case_id, episode_id, reflection_id, moment, question, felt, would_like, asked_on)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'episode')::uuid, (p ->> 'reflection')::uuid, p ->> 'moment', p ->> 'question',
      coalesce(p ->> 'felt', ''), coalesce(p ->> 'would_like', ''), coalesce((p ->> 'asked_on')::date, current_date));
  end $$;

create function private.apply_question_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands jsonb;
  begin
    select to_jsonb(q) into stands from public.questions q where q.therapist_id = me and q.id = entity for update;
    perform private.must_still_be(stands, p -> 'was');
    update public.questions set moment = coalesce(p ->> 'moment', moment), question = coalesce(p ->> 'question', question), felt = coalesce(p ->> 'felt', felt),
        would_like = coalesce(p ->> 'would_like', would_like), state = coalesce((p ->> 'state')::public.question_state, state)
      where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

create function private.apply_transfer_ask(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.case_transfers (therapist_id, id, team_id, case_id) values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid);
  end $$;

create function private.apply_transfer_withdraw(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.case_transfers set state = 'withdrawn' where therapist_id = me and id = entity and state = 'asked';
    if not found and exists (select from public.case_transfers t where t.therapist_id = me and t.id = entity) then
      raise exception using errcode = 'SX409', message = 'This was decided or withdrawn in the meantime. Nothing was changed; please look at what stands.';
    end if;
    perform private.must_have_changed(found);
  end $$;

-- `to` is the new therapist; without one the transfer is refused.
create function private.apply_transfer_decide(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin perform private.decide_transfer((p ->> 'therapist')::uuid, entity, (p ->> 'to')::uuid); end $$;

create function private.apply_mirror_share(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.mirror_shares (therapist_id, id, team_id, item, content)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'item')::public.mirror_item, p -> 'content');
  end $$;

create function private.apply_mirror_withdraw(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.mirror_shares set withdrawn = true where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

-- What helped is asked of the therapist at the close; it is theirs like every text of the case.
create or replace function private.apply_rupture_close(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare at public.ruptures;
  begin
    if p ->> 'closed_on' is null or p ->> 'outcome' is null then
      raise exception using errcode = 'SX400', message = 'Closing a rupture takes a day and an outcome.';
    end if;
    select * into at from public.ruptures where therapist_id = (p ->> 'therapist')::uuid and id = entity;
    if at.closed_on is not null then
      raise exception using errcode = 'SX409', message = 'This rupture was closed in the meantime.';
    end if;
    update public.ruptures set closed_on = (p ->> 'closed_on')::date, outcome = (p ->> 'outcome')::public.rupture_outcome
      where therapist_id = (p ->> 'therapist')::uuid and id = entity and closed_on is null;
    perform private.must_have_changed(found);
    perform private.put_text(me, at.team_id, at.case_id, 'rupture_helped', entity, '', p -> 'helped');
  end $$;

create or replace function private.apply_op(op jsonb) returns jsonb
  language plpgsql set search_path = ''
  as $$
  declare
    me uuid := (select auth.uid());
    op_id uuid; entity uuid; p jsonb; said_at timestamptz;
    digest text; claim text; applier text; said text; hinted text; broken text;
  begin
    op_id := (op ->> 'op_id')::uuid; entity := (op ->> 'entity')::uuid;
    p := coalesce(op -> 'params', '{}'); said_at := coalesce((op ->> 'stated_at')::timestamptz, now());
    if op_id is null or entity is null or jsonb_typeof(p) <> 'object' then
      raise exception using errcode = 'SX400', message = 'An operation needs an id, an entity and parameters.';
    end if;
    digest := encode(sha256(convert_to(jsonb_build_array(op -> 'kind', op -> 'entity', p, op -> 'stated_at')::text, 'UTF8')), 'hex');
    claim := private.claim_op(op_id, digest);
    if claim = 'different' then
      raise exception using errcode = 'SX409', message = 'This operation was already used for something else.';
    elsif claim = 'new' then
      -- A kind is two words with a dot, and its applier has them in its name; anything else is no name at all.
      applier := case when op ->> 'kind' ~ '^[a-z_]+\.[a-z_]+$' then format('private.%I', 'apply_' || replace(op ->> 'kind', '.', '_')) end;
      if to_regprocedure(applier || '(uuid, uuid, jsonb, timestamptz)') is null then
        raise exception using errcode = 'SX400', message = 'This kind of operation is not known.';
      end if;
      execute format('select %s($1, $2, $3, $4)', applier) using me, entity, p, said_at;
    end if;
    return jsonb_build_object('op_id', op ->> 'op_id', 'state', 'applied', 'code', null, 'message', null);
  exception when others then
    -- What another try may heal goes back to the sender as a failed request; what it cannot is this operation's own refusal.
    if sqlstate ~ '^(08|25|40|53|55|57|58|XX)' then raise; end if;
    get stacked diagnostics said = message_text, hinted = constraint_name, broken = returned_sqlstate;
    return jsonb_build_object('op_id', op ->> 'op_id', 'state', 'refused', 'code', broken, 'message', said, 'constraint', hinted);
  end $$;

do $$
declare f regprocedure;
begin
  for f in select p.oid from pg_proc p where p.pronamespace = 'private'::regnamespace
      and (p.proname like 'apply\_%' or p.proname in ('put_text', 'must_build_on', 'must_still_be')) loop
    execute format('revoke all on function %s from public, anon, authenticated', f);
    execute format('grant execute on function %s to authenticated, service_role', f);
  end loop;
end $$;
