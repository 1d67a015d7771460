"""The configuration of a hosted project: what it exposes, and that codes are sent to be typed."""

import tomllib

import local_stack

SUPABASE = local_stack.ROOT / "supabase"
CONFIG = tomllib.loads((SUPABASE / "config.toml").read_text())


def test_only_the_public_schema_is_exposed_and_answers_are_cut_where_the_services_expect_it():
    assert CONFIG["api"]["schemas"] == ["public"]
    assert "private" not in CONFIG["api"]["extra_search_path"]
    assert CONFIG["api"]["max_rows"] == 1000


def test_nobody_has_an_account_without_an_invitation(stack, sql):
    """Sign-up is on because a code makes the account; the hook in front of it is a function that is there, and is not ours to call."""
    assert CONFIG["auth"]["enable_signup"] is True
    hook = CONFIG["auth"]["hook"]["before_user_created"]
    assert hook["enabled"] is True
    schema, name = hook["uri"].removeprefix("pg-functions://postgres/").split("/")
    found = sql.execute(
        "select pg_get_function_identity_arguments(p.oid), has_function_privilege('authenticated', p.oid, 'execute')"
        " from pg_proc p where p.pronamespace = %s::regnamespace and p.proname = %s",
        (schema, name),
    ).fetchall()
    assert found == [("event jsonb", False)]


def test_an_address_is_confirmed_and_nobody_is_anonymous():
    """Whoever signs up with an invited address of somebody else has nothing until the mailed code is typed."""
    assert CONFIG["auth"]["email"]["enable_confirmations"] is True
    assert CONFIG["auth"]["enable_anonymous_sign_ins"] is False


def test_no_seed_reaches_a_hosted_project():
    assert CONFIG["db"]["seed"]["enabled"] is False
    assert not (SUPABASE / "seed.sql").exists()


def test_every_mail_carries_a_code_to_type_and_no_link_with_a_token():
    templates = CONFIG["auth"]["email"]["template"]
    texts = {kind: (local_stack.ROOT / mail["content_path"]).read_text() for kind, mail in templates.items()}
    for kind in ("recovery", "confirmation", "magic_link"):
        assert "{{ .Token }}" in texts[kind]
    assert "{{ .SiteURL }}/join" in texts["invite"]
    for text in texts.values():
        assert "ConfirmationURL" not in text
        assert "TokenHash" not in text


def test_sign_ins_of_a_whole_clinic_from_one_address_fit_the_limits():
    """Hosted limits count by address, and all sign-ins come from Sixfold's server: the defaults (30, 150) are too low."""
    limits = CONFIG["auth"]["rate_limit"]
    assert limits["sign_in_sign_ups"] >= 300
    assert limits["token_refresh"] >= 300
