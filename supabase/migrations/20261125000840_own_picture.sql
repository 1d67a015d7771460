-- A therapist sees the picture of an own case as the shared screen would show it, before it is released.
-- The same function makes both, so that the preview is what the others will see.

create function public.own_picture(of_team uuid, of_case uuid) returns jsonb
  language plpgsql stable security definer set search_path = ''
  as $$
  declare me constant uuid := (select auth.uid());
  begin
    if not exists (select from private.teams_as('therapist') t join public.cases c on c.team_id = t where t = of_team and c.therapist_id = me and c.id = of_case) then
      raise exception using errcode = '42501', message = 'The picture of a case is shown to its own therapist.';
    end if;
    return private.picture_of(me, of_case);
  end $$;

revoke all on function public.own_picture(uuid, uuid) from public, anon, authenticated;
grant execute on function public.own_picture(uuid, uuid) to authenticated, service_role;
