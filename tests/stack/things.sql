-- What the tests of the repairs need: a table with a check and a secret, and functions that raise on request.

create type public.mood as enum ('calm', 'tense');

create table public.notes (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references auth.users (id),
  body text not null check (char_length(body) < 50),
  code text unique,
  moods public.mood[] not null default '{calm,tense}',
  weight numeric not null default 1.0 / 3,
  written_at timestamptz not null default '2026-03-01 08:15:00.5+00'
);
alter table public.notes enable row level security;
revoke all on public.notes from anon, authenticated;
grant select, insert, update (body) on public.notes to authenticated;
create policy "own notes" on public.notes for all to authenticated using (owner_id = (select auth.uid()));

create table public.closed (id int primary key);
revoke all on public.closed from anon, authenticated;

create function public.raise_as(state text) returns void language plpgsql as $$
begin
  raise exception 'the message' using errcode = state, detail = 'the detail', hint = 'the hint';
end $$;

create function public.how_many(things jsonb) returns int language sql as $$ select jsonb_array_length(things) $$;
create function public.who_am_i() returns uuid language sql as $$ select auth.uid() $$;
create function public.allowed_time() returns text language sql as $$ select current_setting('statement_timeout') $$;
