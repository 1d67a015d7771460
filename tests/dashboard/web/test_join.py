"""I was invited: a code to one's own address, a password, and in; nothing given away on the way."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from services import people
from tests.conftest import PASSWORD
from tests.dashboard.web.conftest import Visitor

NEW = "seven quiet rivers"


@pytest.fixture
def offered(sql, account):
    """`offered(email, role)`: an invitation of this address to a team of its own; answers the team's name."""

    def offer(email: str, role: str = "therapist") -> str:
        clinic, team, admin = uuid4(), uuid4(), account(f"{uuid4().hex[:12]}@example.org")
        name = f"Team {team.hex[:8]}"
        sql.execute("insert into public.clinics (id, name) values (%s, 'Joined')", (clinic,))
        sql.execute(
            "insert into public.teams (id, clinic_id, name) values (%s, %s, %s)", (team, clinic, name)
        )
        sql.execute(
            "insert into public.people (id, clinic_id, display_name) values (%s, %s, 'Ada')", (admin, clinic)
        )
        sql.execute(
            "insert into public.invitations (clinic_id, team_id, email, display_name, role, invited_by) values (%s, %s, %s, 'Nina', %s, %s)",
            (clinic, team, email, role, admin),
        )
        return name

    return offer


@pytest.fixture
def email() -> str:
    """An address without an account."""
    return f"{uuid4().hex[:12]}@example.org"


def ask(visitor: Visitor, email: str):
    return visitor.post("/join", {"email": email})


def join(visitor: Visitor, email: str, code: str, password: str = NEW):
    return visitor.post("/join/code", {"email": email, "code": code, "password": password})


def roles(sign_in, email: str, password: str = NEW) -> set[tuple[str, str]]:
    found = people.me(sign_in(email, password))
    return {(m.team_name, m.role) for m in found.memberships} if found else set()


@pytest.fixture
def enters(stack):
    """A client that speaks for an account this test did not make."""
    from supabase import ClientOptions, create_client

    def enter(email: str, password: str):
        client = create_client(
            stack.url, stack.publishable_key, ClientOptions(auto_refresh_token=False, persist_session=False)
        )
        client.auth.sign_in_with_password({"email": email, "password": password})
        return client

    return enter


def test_an_invited_person_types_the_code_chooses_a_password_and_has_the_role(
    server, stack, visitor, email, offered, enters
):
    team = offered(email, "supervisor")
    assert f"If <strong>{email}</strong> was invited" in ask(visitor, email).text
    answer = join(visitor, email, stack.code_for(email))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert visitor.get("/").status_code == 200
    assert roles(enters, email) == {(team, "supervisor")}
    assert Visitor(server).sign_in(email, NEW).status_code == 303


def test_capitals_in_the_address_make_no_difference(stack, visitor, email, offered, enters):
    team = offered(email)
    ask(visitor, email.upper())
    assert join(visitor, email.upper(), stack.code_for(email)).status_code == 303
    assert roles(enters, email) == {(team, "therapist")}


def test_an_existing_account_has_its_new_role_after_an_ordinary_sign_in(
    server, account, email, offered, enters
):
    account(email)
    team = offered(email, "lead")
    assert Visitor(server).sign_in(email).status_code == 303
    assert roles(enters, email, PASSWORD) == {(team, "lead")}


def test_joining_signs_out_every_other_browser_of_that_account(server, stack, account, email, offered):
    """Somebody may have made an account with an address that is not theirs, and wait in it."""
    account(email)
    waiting, visitor = Visitor(server), Visitor(server)
    waiting.sign_in(email)
    offered(email)
    ask(visitor, email)
    assert join(visitor, email, stack.code_for(email)).status_code == 303
    assert waiting.get("/").status_code == 303
    assert visitor.get("/").status_code == 200
    assert Visitor(server).sign_in(email, PASSWORD).status_code == 401


def test_without_an_invitation_there_is_an_account_and_nothing_in_it(stack, visitor, email, enters):
    """The embedded stack has no hook; on a hosted project not even the account comes into being."""
    ask(visitor, email)
    assert join(visitor, email, stack.code_for(email)).status_code == 303
    assert roles(enters, email) == set()


def test_an_invited_and_a_strange_address_are_answered_alike(server, email, offered):
    offered(email)
    stranger = f"{uuid4().hex[:12]}@example.org"
    asked = [ask(Visitor(server), each) for each in (email, stranger)]
    assert [answer.status_code for answer in asked] == [200, 200]
    assert asked[0].text.replace(email, "…") == asked[1].text.replace(stranger, "…")
    wrong = [join(Visitor(server), each, "000000") for each in (email, stranger)]
    assert [answer.status_code for answer in wrong] == [401, 401]
    assert wrong[0].text.replace(email, "…") == wrong[1].text.replace(stranger, "…")


def test_a_code_cannot_be_guessed_from_many_addresses(server, stack, email):
    ask(Visitor(server), email)
    with ThreadPoolExecutor(5) as hands:
        tries = [hands.submit(join, Visitor(server), email, f"00000{n}") for n in range(5)]
        assert [each.result().status_code for each in tries] == [401] * 5
    held = join(Visitor(server), email.upper(), stack.code_for(email))
    assert held.status_code == 429
    assert "Too many attempts." in held.text


def test_codes_cannot_be_asked_for_without_end_and_are_counted_with_those_for_a_new_password(visitor, email):
    for page in ("/join", "/auth/forgot", "/join"):
        assert visitor.post(page, {"email": email}).status_code == 200
    for page in ("/join", "/auth/forgot"):
        held = visitor.post(page, {"email": email})
        assert held.status_code == 429
        assert "Enough codes" in held.text


def test_a_short_password_is_refused_and_the_code_stays_good(stack, visitor, email):
    ask(visitor, email)
    short = join(visitor, email, stack.code_for(email), "short")
    assert short.status_code == 400
    assert "at least 12 characters" in short.text
    assert join(visitor, email, stack.code_for(email)).status_code == 303


@pytest.mark.parametrize("where", ["/join", "/join/code"])
@pytest.mark.parametrize("origin", ["https://evil.example", ""])
def test_a_form_of_another_site_is_refused(visitor, email, where, origin):
    sent = {"email": email, "code": "123456", "password": NEW}
    answer = visitor.post(where, sent, headers={"origin": origin})
    assert answer.status_code == 403
    assert "out of date" in answer.text


@pytest.mark.parametrize(
    ("where", "data"),
    [
        ("/join", {}),
        ("/join", {"email": " "}),
        ("/join/code", {"email": "a@b.c"}),
        ("/join/code", {"code": "123456"}),
    ],
)
def test_an_empty_field_is_answered_with_a_sentence(visitor, where, data):
    answer = visitor.post(where, data)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_the_forms_are_there_without_a_session_and_the_sign_in_page_leads_to_them(visitor):
    assert 'href="/join">I was invited' in visitor.get("/login").text
    assert '<label for="email">' in visitor.get("/join").text
    page = visitor.get("/join/code").text
    for field in ("email", "code", "password"):
        assert f'<label for="{field}">' in page
    assert 'action="/join/code"' in page
    assert 'href="/join">Ask for another code' in page
