-- What a hosted Supabase project already has before its first migration, for a fresh embedded database.
-- Runs once: repeated at every start it would hand out again what the migrations take away.

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;

create schema auth;
create schema extensions;
grant usage on schema public, auth, extensions to anon, authenticated, service_role;

-- Older hosted projects give every new object to all three roles. Starting from there makes a forgotten revoke
-- show up in the permission tests; a forgotten grant is caught by comparing with a start that gives nothing.
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
