"""Each repair of Supabase Lite 0.10.0 in lite.config.mjs and around it; one that goes missing fails here."""

import json
import stat
from collections.abc import Iterator
from datetime import datetime

import httpx
import psycopg
import pytest
from postgrest import APIError
from supabase import Client, ClientOptions, create_client

import local_stack
from tests.conftest import open_directory

SECRET = "the client cried about the wedding"


@pytest.fixture(scope="module")
def repaired() -> Iterator[local_stack.Stack]:
    """A stack with things.sql as its only migration."""
    with open_directory() as directory:
        migrations = directory / "migrations"
        migrations.mkdir()
        things = local_stack.ROOT / "tests" / "stack" / "things.sql"
        (migrations / "20260101000000_things.sql").write_text(things.read_text())
        with local_stack.start(
            directory / "stack", api_port=0, db_port=0, migrations_dir=migrations, durable=False
        ) as running:
            yield running


@pytest.fixture(scope="module")
def owner(repaired: local_stack.Stack) -> Iterator[psycopg.Connection]:
    """SQL as the owner of the database."""
    with psycopg.connect(repaired.database_url, autocommit=True) as connection:
        yield connection


def client_of(stack: local_stack.Stack) -> Client:
    options = ClientOptions(auto_refresh_token=False, persist_session=False, postgrest_client_timeout=20)
    return create_client(stack.url, stack.publishable_key, options)


@pytest.fixture(scope="module")
def alice(repaired: local_stack.Stack) -> Client:
    """A client that speaks as somebody who has just signed up."""
    client = client_of(repaired)
    client.auth.sign_up(
        {
            "email": "alice@example.org",
            "password": "a long word",
            "options": {"data": {"display_name": "Alice"}},
        }
    )
    return client


@pytest.fixture(scope="module")
def alice_id(alice: Client) -> str:
    return alice.auth.get_user().user.id


@pytest.fixture
def visitor(repaired: local_stack.Stack) -> Client:
    return client_of(repaired)


def plain(stack: local_stack.Stack, path: str, **options) -> httpx.Response:
    return httpx.get(f"{stack.url}{path}", timeout=20, **options)


# --- Values ---------------------------------------------------------------------------------------------------------


def test_supabase_py_can_read_the_times_of_a_sign_up(alice):
    assert isinstance(alice.auth.get_user().user.created_at, datetime)


def test_times_come_as_postgrest_writes_them(alice, alice_id):
    written = (
        alice.table("notes").insert({"owner_id": alice_id, "body": "times"}).execute().data[0]["written_at"]
    )
    assert written == "2026-03-01T08:15:00.5+00:00"


def test_a_long_number_comes_as_a_number(alice, alice_id):
    weight = (
        alice.table("notes").insert({"owner_id": alice_id, "body": "numbers"}).execute().data[0]["weight"]
    )
    assert weight == pytest.approx(1 / 3)


def test_a_list_of_our_own_words_comes_as_a_list(alice, alice_id, owner):
    for moods in ("{calm,tense}", "{}"):
        owner.execute(
            "insert into public.notes (owner_id, body, moods) values (%s, 'words', %s)", [alice_id, moods]
        )
    rows = alice.table("notes").select("moods").eq("body", "words").order("moods").execute().data
    assert [row["moods"] for row in rows] == [[], ["calm", "tense"]]


def test_json_arguments_are_encoded_once(alice):
    assert alice.rpc("how_many", {"things": [{"a": 1}, "b"]}).execute().data == 2


def test_what_a_person_says_at_sign_up_is_stored_as_an_object(alice_id, owner):
    query = "select raw_user_meta_data ->> 'display_name' from auth.users where id = %s"
    assert owner.execute(query, [alice_id]).fetchone() == ("Alice",)


# --- Rights ---------------------------------------------------------------------------------------------------------


def grants(owner: psycopg.Connection) -> list[tuple]:
    return owner.execute(
        "select relname, relacl::text, (select defaclacl::text from pg_default_acl where defaclobjtype = 'r' limit 1) "
        "from pg_class where relnamespace = 'public'::regnamespace order by relname"
    ).fetchall()


def test_requests_give_nobody_rights_that_were_taken_away(alice, alice_id, visitor, owner):
    before = grants(owner)
    alice.table("notes").select("id").execute()
    with pytest.raises(APIError) as refused:
        alice.table("closed").select("id").execute()
    assert refused.value.code == "42501"
    with pytest.raises(APIError) as refused:
        visitor.table("notes").select("id").execute()
    assert refused.value.code == "42501"
    with pytest.raises(APIError) as refused:
        alice.table("notes").update({"code": "moved"}).eq("owner_id", alice_id).execute()
    assert refused.value.code == "42501"
    assert grants(owner) == before


def test_row_security_holds(alice, alice_id, repaired):
    alice.table("notes").insert({"owner_id": alice_id, "body": "mine"}).execute()
    bob = client_of(repaired)
    bob.auth.sign_up({"email": "bob@example.org", "password": "a long word"})
    assert bob.table("notes").select("id").execute().data == []
    assert alice.table("notes").select("id").execute().data


def test_functions_with_the_callers_rights_may_ask_who_is_calling(alice, alice_id):
    assert alice.rpc("who_am_i").execute().data == alice_id


def test_nothing_runs_longer_than_on_a_hosted_project(alice):
    assert alice.rpc("allowed_time").execute().data == "8s"


def test_a_request_without_a_key_is_refused(repaired):
    assert plain(repaired, "/rest/v1/notes").status_code == 401


# --- Errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("P0001", 400),
        ("SX409", 400),
        ("23514", 400),
        ("23P01", 400),
        ("22023", 400),
        ("23505", 409),
        ("28000", 403),
        ("40001", 500),
        ("57014", 500),
        ("53300", 503),
    ],
)
def test_an_error_of_the_database_arrives_with_its_code_and_words(repaired, alice, state, status):
    answer = httpx.post(
        f"{repaired.url}/rest/v1/rpc/raise_as",
        json={"state": state},
        headers={
            "apikey": repaired.publishable_key,
            "Authorization": f"Bearer {alice.auth.get_session().access_token}",
        },
        timeout=20,
    )
    body = answer.json()
    assert (answer.status_code, body["code"], body["message"], body["details"]) == (
        status, state, "the message", "the detail",
    )  # fmt: skip
    assert body["hint"] == ("the hint" if state != "23505" else None)  # Lite drops the hint of its own 409s


def test_a_broken_check_is_a_refusal_with_its_code(alice, alice_id):
    with pytest.raises(APIError) as refused:
        alice.table("notes").insert({"owner_id": alice_id, "body": "long " * 20}).execute()
    assert refused.value.code == "23514"
    assert "notes_body_check" in refused.value.message


# --- What others must not read --------------------------------------------------------------------------------------


def test_no_log_repeats_what_somebody_typed(repaired, alice, alice_id):
    notes = alice.table("notes")
    alice.table("notes").insert({"owner_id": alice_id, "body": "once", "code": SECRET}).execute()
    for wrong in (
        {"body": SECRET * 3},
        {"body": "x", "owner_id": SECRET},
        {"body": "x", "code": SECRET},
        {"body": "x", "written_at": SECRET},
        {"body": "x", "weight": SECRET},
    ):
        with pytest.raises(APIError):
            notes.insert({"owner_id": alice_id} | wrong).execute()
    with pytest.raises(APIError):
        alice.table("notes").select("*").eq("id", SECRET).execute()
    with pytest.raises(APIError):
        alice.rpc("how_many", {"things": SECRET}).execute()
    logs = repaired.api_log.read_text() + repaired.postgres.log.read_text()
    assert "database error 23514 at public.notes" in logs
    assert SECRET not in logs


def test_no_log_holds_a_key_and_only_the_owner_reads_the_files(repaired):
    keys = repaired.data_dir / "keys.json"
    logs = repaired.api_log.read_text() + repaired.postgres.log.read_text()
    for secret in json.loads(keys.read_text()).values():
        assert secret not in logs
    for file in (keys, repaired.api_log, repaired.postgres.log):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_system_pages_tell_nothing_and_there_is_no_studio(repaired):
    assert plain(repaired, "/_system/ping").status_code == 200
    for path in ("/_system/info", "/_system/", "/_system/config"):
        answer = plain(repaired, path)
        assert answer.status_code == 404
        assert "postgres" not in answer.text
    assert plain(repaired, "/").status_code == 404


# --- Mail and migrations --------------------------------------------------------------------------------------------


def test_a_mailed_code_lies_in_a_file_and_lets_its_owner_in(repaired, alice, visitor):
    visitor.auth.reset_password_for_email("alice@example.org")
    code = repaired.code_for("alice@example.org")
    assert code is not None
    assert stat.S_IMODE(repaired.mail_file.stat().st_mode) == 0o600
    assert code not in repaired.api_log.read_text()
    signed_in = visitor.auth.verify_otp({"email": "alice@example.org", "token": code, "type": "recovery"})
    assert signed_in.user.email == "alice@example.org"


def test_a_code_of_a_new_account_is_told_by_type_email_as_on_hosted_projects(repaired, visitor):
    visitor.auth.sign_in_with_otp({"email": "nina@example.org", "options": {"should_create_user": True}})
    told = {"email": "nina@example.org", "token": repaired.code_for("nina@example.org"), "type": "email"}
    assert visitor.auth.verify_otp(told).user.email_confirmed_at is not None


def test_nobody_without_a_mail_has_a_code(repaired):
    assert repaired.code_for("nobody@example.org") is None


def test_a_new_table_is_known_after_the_reload_that_hosted_projects_listen_for(alice, owner):
    with pytest.raises(APIError) as unknown:
        alice.table("later").select("id").execute()
    assert unknown.value.code == "PGRST205"

    def knows_of_it() -> bool:
        try:
            return alice.table("later").select("id").execute().data == []
        except APIError:
            return False

    owner.execute("create table public.later (id int); grant select on public.later to authenticated")
    owner.execute("notify pgrst, 'reload schema'")
    assert any(knows_of_it() for _ in range(200))
