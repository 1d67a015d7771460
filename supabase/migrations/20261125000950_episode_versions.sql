-- Two devices, one episode: a change says which version it builds on, and is refused when another one stands by now.
-- And the ledger can be asked by an author what of theirs has been applied, for answers get lost on the way.

alter table public.episodes add column version int not null default 1 check (version >= 1);

-- Locked while it is compared, so that of two changes at once the second sees the first.
create or replace function private.apply_episode_amend(me uuid, entity uuid, p jsonb, said_at timestamptz) returns void
  language plpgsql set search_path = ''
  as $$
  declare stands public.episodes;
  begin
    select * into stands from public.episodes where therapist_id = me and id = entity for update;
    perform private.must_have_changed(found);
    if stands.version <> coalesce((p ->> 'based_on')::int, 0) then
      raise exception using errcode = 'SX409', message = 'This episode was changed elsewhere in the meantime.';
    end if;
    update public.episodes set happened_on = (p ->> 'happened_on')::date, kind = (p ->> 'kind')::public.episode_kind,
        markers = private.texts(p -> 'markers')::public.episode_kind[], intensity = (p ->> 'intensity')::smallint,
        first_blame = (p ->> 'first_blame')::public.blame, next_move = (p ->> 'next_move')::public.next_move,
        named = (p ->> 'named')::public.named_with_client, outside = private.texts(p -> 'outside')::public.outside_factor[],
        version = stands.version + 1
      where therapist_id = me and id = entity;
    perform private.put_ratings(me, stands.team_id, entity, null, (p ->> 'happened_on')::date, p -> 'ratings');
  end $$;

create or replace view public.episode_list with (security_invoker = true) as
  select e.therapist_id, p.display_name as therapist, e.team_id, e.id, e.case_id, c.code, c.control_sensitivity, e.happened_on, e.kind, e.markers,
    e.intensity, e.first_blame, e.next_move, e.named, e.outside, e.created_at,
    coalesce((select jsonb_object_agg(r.cause::text, r.rating) from public.ratings r
      where r.therapist_id = e.therapist_id and r.episode_id = e.id), '{}') as ratings,
    n.id as note_id, n.body as note, n.shared as note_shared,
    (select r.id from public.ruptures r where r.therapist_id = e.therapist_id and r.episode_id = e.id order by r.created_at limit 1) as rupture_id,
    e.version
  from public.episodes e
  join public.cases c on c.therapist_id = e.therapist_id and c.id = e.case_id
  left join public.people p on p.id = e.therapist_id
  left join public.notes n on n.author_id = e.therapist_id and n.episode_id = e.id;

-- What the caller sent under this id and was applied, as its digest; null when it was not.
create function private.digest_applied(op uuid) returns text
  language sql stable security definer set search_path = ''
  as $$ select digest from private.applied_ops where owner_id = (select auth.uid()) and op_id = op $$;

-- Whether this very operation of the caller has been applied: its id and its digest. Answers nothing of its content.
create function public.op_applied(op uuid, content_digest text) returns jsonb
  language sql stable security invoker set search_path = ''
  as $$ select jsonb_build_object('op_id', op, 'digest', content_digest, 'applied', coalesce(private.digest_applied(op) = content_digest, false)) $$;

revoke all on function private.digest_applied(uuid), public.op_applied(uuid, text) from public, anon, authenticated;
grant update (version) on public.episodes to authenticated;
grant execute on function private.digest_applied(uuid), public.op_applied(uuid, text) to authenticated, service_role;
