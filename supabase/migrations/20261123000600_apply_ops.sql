-- The one door for what people write: a batch of operations, each applied exactly once, under its author's own rights.
-- The ledger remembers what was applied: seen before and same gives the same answer, seen before and different is refused.

create table private.applied_ops (
  owner_id uuid not null,
  op_id uuid not null,
  digest text not null,           -- SHA-256 of the operation's content
  applied_at timestamptz not null default now(),
  primary key (owner_id, op_id)
);

-- Claims an operation for the caller: 'new', 'same' or 'different'. Waits for a concurrent claim of the same operation.
create function private.claim_op(op uuid, content_digest text) returns text
  language plpgsql security definer set search_path = ''
  as $$
  declare seen text;
  begin
    insert into private.applied_ops (owner_id, op_id, digest) values ((select auth.uid()), op, content_digest) on conflict do nothing;
    if found then return 'new'; end if;
    select digest into seen from private.applied_ops where owner_id = (select auth.uid()) and op_id = op;
    return case when seen = content_digest then 'same' else 'different' end;
  end $$;

-- An UPDATE that row-level security forbids touches nothing and says nothing; here it must say so.
create function private.must_have_changed(changed boolean) returns void
  language plpgsql immutable set search_path = ''
  as $$
  begin
    if not changed then
      raise exception using errcode = '42501', message = 'This entry is not there, or not yours to change.';
    end if;
  end $$;

create function private.texts(list jsonb) returns text[]
  language sql immutable set search_path = ''
  as $$ select coalesce(array_agg(t), '{}') from jsonb_array_elements_text(coalesce(list, '[]')) t $$;

-- Ratings arrive as {"1": 3, "2": null}; what is missing is taken back.
create function private.put_ratings(me uuid, team uuid, episode uuid, reflection uuid, day date, given jsonb) returns void
  language plpgsql set search_path = ''
  as $$
  begin
    delete from public.ratings r where r.therapist_id = me and r.episode_id is not distinct from episode
      and r.reflection_id is not distinct from reflection and not coalesce(given, '{}') ? r.cause::text;
    update public.ratings r set rating = (g.value #>> '{}')::smallint from jsonb_each(coalesce(given, '{}')) g
      where r.therapist_id = me and r.episode_id is not distinct from episode and r.reflection_id is not distinct from reflection
      and r.cause = g.key::smallint and r.rating is distinct from (g.value #>> '{}')::smallint;
    insert into public.ratings (therapist_id, team_id, episode_id, reflection_id, on_day, cause, rating)
    select me, team, episode, reflection, day, g.key::smallint, (g.value #>> '{}')::smallint from jsonb_each(coalesce(given, '{}')) g
      where not exists (select from public.ratings r where r.therapist_id = me and r.episode_id is not distinct from episode
        and r.reflection_id is not distinct from reflection and r.cause = g.key::smallint);
  end $$;

create function private.put_note(me uuid, team uuid, therapist uuid, subject text, subject_id uuid, note jsonb) returns void
  language plpgsql set search_path = ''
  as $$
  begin
    if coalesce(note ->> 'body', '') = '' then return; end if;
    insert into public.notes (author_id, id, team_id, therapist_id, episode_id, repair_step_id, prompt_use_id, body, shared)
    values (me, (note ->> 'id')::uuid, team, therapist, case subject when 'episode' then subject_id end,
      case subject when 'repair_step' then subject_id end, case subject when 'prompt_use' then subject_id end,
      note ->> 'body', coalesce((note ->> 'shared')::boolean, false));
  end $$;

-- One applier per kind of operation. `entity` is the entry it is about, `p` its parameters.

create function private.apply_case_open(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.cases (therapist_id, id, team_id, code, control_sensitivity, started_on)
    values (me, entity, (p ->> 'team')::uuid, p ->> 'code', (p ->> 'control_sensitivity')::smallint, coalesce((p ->> 'started_on')::date, current_date));
  end $$;

create function private.apply_case_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.cases set state = coalesce((p ->> 'state')::public.case_state, state),
        control_sensitivity = case when p ? 'control_sensitivity' then (p ->> 'control_sensitivity')::smallint else control_sensitivity end
      where therapist_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

create function private.apply_episode_log(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.episodes (therapist_id, id, team_id, case_id, happened_on, kind, markers, intensity, first_blame, next_move, named, outside, stated_at)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'happened_on')::date, (p ->> 'kind')::public.episode_kind,
      private.texts(p -> 'markers')::public.episode_kind[], (p ->> 'intensity')::smallint, (p ->> 'first_blame')::public.blame,
      (p ->> 'next_move')::public.next_move, (p ->> 'named')::public.named_with_client, private.texts(p -> 'outside')::public.outside_factor[], said_at);
    perform private.put_ratings(me, (p ->> 'team')::uuid, entity, null, (p ->> 'happened_on')::date, p -> 'ratings');
    perform private.put_note(me, (p ->> 'team')::uuid, me, 'episode', entity, p -> 'note');
  end $$;

create function private.apply_episode_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare team uuid;
  begin
    update public.episodes set happened_on = (p ->> 'happened_on')::date, kind = (p ->> 'kind')::public.episode_kind,
        markers = private.texts(p -> 'markers')::public.episode_kind[], intensity = (p ->> 'intensity')::smallint,
        first_blame = (p ->> 'first_blame')::public.blame, next_move = (p ->> 'next_move')::public.next_move,
        named = (p ->> 'named')::public.named_with_client, outside = private.texts(p -> 'outside')::public.outside_factor[]
      where therapist_id = me and id = entity returning team_id into team;
    perform private.must_have_changed(found);
    perform private.put_ratings(me, team, entity, null, (p ->> 'happened_on')::date, p -> 'ratings');
  end $$;

-- Handing in again replaces what was handed in, as long as nobody has read it and it builds on the version that stands.
create function private.apply_reflection_hand_in(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.reflections; part record; team uuid := (p ->> 'team')::uuid;
  begin
    select * into stands from public.reflections where therapist_id = me and id = entity;
    if stands.read_at is not null then
      raise exception using errcode = 'SX004', message = 'Your supervisor has read this reflection; it now stands as it is.';
    end if;
    if coalesce(stands.version, 0) <> coalesce((p ->> 'based_on')::int, 0) then
      raise exception using errcode = 'SX409', message = 'This reflection was changed elsewhere in the meantime.';
    end if;
    if (stands.team_id, stands.week) is distinct from (team, (p ->> 'week')::date) and stands.id is not null then
      raise exception using errcode = 'SX400', message = 'A reflection keeps its team and its week.';
    end if;
    if stands.id is null then
      insert into public.reflections (therapist_id, id, team_id, week, behaviours, stated_at)
      values (me, entity, team, (p ->> 'week')::date, private.texts(p -> 'behaviours')::public.rapport_behaviour[], said_at);
    else
      update public.reflections set behaviours = private.texts(p -> 'behaviours')::public.rapport_behaviour[], version = stands.version + 1, stated_at = said_at
        where therapist_id = me and id = entity and version = stands.version;
      if not found then      -- another device, or the supervisor's reading, came in between
        raise exception using errcode = 'SX409', message = 'This reflection was changed elsewhere in the meantime.';
      end if;
    end if;
    perform private.put_ratings(me, team, null, entity, (p ->> 'week')::date, p -> 'ratings');
    delete from public.reflection_parts r where r.therapist_id = me and r.reflection_id = entity
      and not coalesce(p -> 'parts', '{}') ? r.part::text;
    if exists (select from jsonb_each(coalesce(p -> 'parts', '{}')) g where jsonb_typeof(g.value) <> 'object' or not g.value ? 'value') then
      raise exception using errcode = 'SX400', message = 'A part of a reflection needs a value.';
    end if;
    for part in select g.key::public.reflection_part as name, jsonb_build_object('value', g.value -> 'value') as content,
        coalesce((g.value ->> 'shared')::boolean, false) as shared from jsonb_each(coalesce(p -> 'parts', '{}')) g loop
      update public.reflection_parts r set content = part.content, shared = part.shared
        where r.therapist_id = me and r.reflection_id = entity and r.part = part.name
        and (r.content, r.shared) is distinct from (part.content, part.shared);
      if not found and not exists (select from public.reflection_parts r where r.therapist_id = me and r.reflection_id = entity and r.part = part.name) then
        insert into public.reflection_parts (therapist_id, reflection_id, part, team_id, content, shared)
        values (me, entity, part.name, team, part.content, part.shared);
      end if;
    end loop;
  end $$;

create function private.apply_reflection_read(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin perform public.mark_reflection_read((p ->> 'therapist')::uuid, entity); end $$;

create function private.apply_rupture_open(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.ruptures (therapist_id, id, team_id, case_id, episode_id, kind, noticed_on, stated_at)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'case')::uuid, (p ->> 'episode')::uuid, (p ->> 'kind')::public.rupture_kind, (p ->> 'noticed_on')::date, said_at);
  end $$;

create function private.apply_rupture_step(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.repair_steps (recorded_by, id, therapist_id, team_id, rupture_id, stage, taken_on)
    values (me, (p ->> 'step')::uuid, (p ->> 'therapist')::uuid, (p ->> 'team')::uuid, entity, (p ->> 'stage')::public.repair_stage, (p ->> 'taken_on')::date);
    perform private.put_note(me, (p ->> 'team')::uuid, (p ->> 'therapist')::uuid, 'repair_step', (p ->> 'step')::uuid, p -> 'note');
  end $$;

create function private.apply_rupture_close(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
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
  end $$;

create function private.apply_prompt_mark(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    insert into public.prompt_uses (used_by, id, team_id, therapist_id, case_id, rupture_id, episode_id, theme_cause, prompt, verdict)
    values (me, entity, (p ->> 'team')::uuid, (p ->> 'therapist')::uuid, (p ->> 'case')::uuid, (p ->> 'rupture')::uuid, (p ->> 'episode')::uuid,
      (p ->> 'theme_cause')::smallint, p ->> 'prompt', (p ->> 'verdict')::public.prompt_verdict);
    perform private.put_note(me, (p ->> 'team')::uuid, (p ->> 'therapist')::uuid, 'prompt_use', entity, p -> 'note');
  end $$;

create function private.apply_note_share(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$ begin
    update public.notes set shared = (p ->> 'shared')::boolean where author_id = me and id = entity;
    perform private.must_have_changed(found);
  end $$;

create function private.apply_op(op jsonb) returns jsonb
  language plpgsql set search_path = ''
  as $$
  declare
    me uuid := (select auth.uid());
    op_id uuid; entity uuid; p jsonb; said_at timestamptz;
    digest text; claim text; said text; hinted text; broken text;
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
      case op ->> 'kind'
        when 'case.open' then perform private.apply_case_open(me, entity, p, said_at);
        when 'case.amend' then perform private.apply_case_amend(me, entity, p, said_at);
        when 'episode.log' then perform private.apply_episode_log(me, entity, p, said_at);
        when 'episode.amend' then perform private.apply_episode_amend(me, entity, p, said_at);
        when 'reflection.hand_in' then perform private.apply_reflection_hand_in(me, entity, p, said_at);
        when 'reflection.read' then perform private.apply_reflection_read(me, entity, p, said_at);
        when 'rupture.open' then perform private.apply_rupture_open(me, entity, p, said_at);
        when 'rupture.step' then perform private.apply_rupture_step(me, entity, p, said_at);
        when 'rupture.close' then perform private.apply_rupture_close(me, entity, p, said_at);
        when 'prompt.mark' then perform private.apply_prompt_mark(me, entity, p, said_at);
        when 'note.share' then perform private.apply_note_share(me, entity, p, said_at);
        else raise exception using errcode = 'SX400', message = 'This kind of operation is not known.';
      end case;
    end if;
    return jsonb_build_object('op_id', op ->> 'op_id', 'state', 'applied', 'code', null, 'message', null);
  exception when others then
    -- What another try may heal goes back to the sender as a failed request; what it cannot is this operation's own refusal.
    if sqlstate ~ '^(08|25|40|53|55|57|58|XX)' then raise; end if;
    get stacked diagnostics said = message_text, hinted = constraint_name, broken = returned_sqlstate;
    return jsonb_build_object('op_id', op ->> 'op_id', 'state', 'refused', 'code', broken, 'message', said, 'constraint', hinted);
  end $$;

-- Applies up to 500 operations in order, in one transaction; a refused one leaves no trace and does not stop the others.
-- Answers [{op_id, state: applied | refused, code, message, constraint}] in the same order.
create function public.apply_ops(ops jsonb) returns jsonb
  language plpgsql security invoker set search_path = ''
  as $$
  declare op jsonb; answers jsonb := '[]';
  begin
    if (select auth.uid()) is null then
      raise exception using errcode = '42501', message = 'Sign in first.';
    end if;
    if jsonb_typeof(ops) is distinct from 'array' or jsonb_array_length(ops) > 500 then
      raise exception using errcode = 'SX400', message = 'Send a list of at most 500 operations.';
    end if;
    for op in select value from jsonb_array_elements(ops) loop
      answers := answers || jsonb_build_array(private.apply_op(op));
    end loop;
    return answers;
  end $$;

alter table private.applied_ops enable row level security;
revoke all on private.applied_ops from public, anon, authenticated;
revoke all on function private.claim_op(uuid, text), private.must_have_changed(boolean), private.texts(jsonb),
  private.put_ratings(uuid, uuid, uuid, uuid, date, jsonb), private.put_note(uuid, uuid, uuid, text, uuid, jsonb),
  private.apply_case_open(uuid, uuid, jsonb, timestamptz), private.apply_case_amend(uuid, uuid, jsonb, timestamptz),
  private.apply_episode_log(uuid, uuid, jsonb, timestamptz), private.apply_episode_amend(uuid, uuid, jsonb, timestamptz),
  private.apply_reflection_hand_in(uuid, uuid, jsonb, timestamptz), private.apply_reflection_read(uuid, uuid, jsonb, timestamptz),
  private.apply_rupture_open(uuid, uuid, jsonb, timestamptz), private.apply_rupture_step(uuid, uuid, jsonb, timestamptz),
  private.apply_rupture_close(uuid, uuid, jsonb, timestamptz), private.apply_prompt_mark(uuid, uuid, jsonb, timestamptz),
  private.apply_note_share(uuid, uuid, jsonb, timestamptz), private.apply_op(jsonb), public.apply_ops(jsonb) from public, anon, authenticated;
grant all on private.applied_ops to service_role;
grant execute on function private.claim_op(uuid, text), private.must_have_changed(boolean), private.texts(jsonb),
  private.put_ratings(uuid, uuid, uuid, uuid, date, jsonb), private.put_note(uuid, uuid, uuid, text, uuid, jsonb),
  private.apply_case_open(uuid, uuid, jsonb, timestamptz), private.apply_case_amend(uuid, uuid, jsonb, timestamptz),
  private.apply_episode_log(uuid, uuid, jsonb, timestamptz), private.apply_episode_amend(uuid, uuid, jsonb, timestamptz),
  private.apply_reflection_hand_in(uuid, uuid, jsonb, timestamptz), private.apply_reflection_read(uuid, uuid, jsonb, timestamptz),
  private.apply_rupture_open(uuid, uuid, jsonb, timestamptz), private.apply_rupture_step(uuid, uuid, jsonb, timestamptz),
  private.apply_rupture_close(uuid, uuid, jsonb, timestamptz), private.apply_prompt_mark(uuid, uuid, jsonb, timestamptz),
  private.apply_note_share(uuid, uuid, jsonb, timestamptz), private.apply_op(jsonb), public.apply_ops(jsonb) to authenticated, service_role;
