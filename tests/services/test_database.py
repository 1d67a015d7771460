"""Clients: each speaks for one person only, over a pool that remembers nobody."""

# ruff: noqa: F811 - fixtures are asked for by the names they are imported under

from concurrent.futures import ThreadPoolExecutor

import pytest

from services import database
from services import settings as deployment
from services.errors import NotReachable, SignInNeeded, explained
from services.settings import Settings
from tests.services.vaults import loopback, settings, vault  # noqa: F401


def test_a_client_speaks_for_the_owner_of_its_token_and_without_one_for_a_visitor(settings: Settings):
    alice = database.client("token of alice", settings=settings).table("t").select("*").execute().data
    nobody = database.client(settings=settings).table("t").select("*").execute().data
    assert alice[0]["as"] == "Bearer token of alice"
    assert nobody[0]["as"] == "Bearer sb_publishable_of_a_test"


def test_people_in_many_threads_never_travel_under_each_others_names(settings: Settings):
    def ask(person: int) -> set[str]:
        client = database.client(f"token of {person}", settings=settings)
        return {client.table("t").select("*").execute().data[0]["as"] for _ in range(15)}

    with ThreadPoolExecutor(12) as threads:
        seen = list(threads.map(ask, range(24)))
    assert seen == [{f"Bearer token of {person}"} for person in range(24)]


def test_no_cookie_is_ever_sent_back(settings: Settings):
    client = database.client("token of alice", settings=settings)
    rows = [client.table("t").select("*").execute().data[0] for _ in range(3)]
    assert [row["cookie"] for row in rows] == [None, None, None]


def test_a_redirect_is_not_followed_so_no_token_goes_elsewhere(settings: Settings, loopback):
    loopback.always = "301"
    with pytest.raises(NotReachable):
        database.client("token of alice", settings=settings).rpc("apply_ops", {"ops": []}).execute()
    assert [request.path for request in loopback.seen] == ["/rest/v1/rpc/apply_ops"]


@pytest.mark.parametrize("status", ["408", "425", "429", "500", "502", "503"])
def test_an_answer_that_says_later_is_not_reachable_and_never_tried_again_by_itself(
    settings: Settings, loopback, status
):
    loopback.always = status
    with pytest.raises(NotReachable) as later, explained():
        database.client("token of alice", settings=settings).rpc("apply_ops", {"ops": []}).execute()
    assert later.value.answered
    assert len(loopback.seen) == 1


def test_a_read_is_not_repeated_behind_our_back(settings: Settings, loopback, monkeypatch):
    client = database.client("token of alice", settings=settings)
    loopback.close()
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    with pytest.raises(NotReachable), explained():
        client.table("t").select("*").execute()
    assert slept == []


def test_a_token_that_is_not_taken_any_more_asks_for_sign_in(settings: Settings, loopback):
    loopback.refused_tokens = {"token of alice"}
    with pytest.raises(SignInNeeded):
        database.client("token of alice", settings=settings).rpc("apply_ops", {"ops": []}).execute()


def test_the_pool_follows_nobody_and_waits_no_longer_than_a_person_would():
    with database.pool() as pool:
        assert not pool.follow_redirects
    assert {pool.timeout.connect, pool.timeout.read, pool.timeout.write, pool.timeout.pool} == {
        database.TIMEOUT
    }


def test_without_settings_the_deployments_own_are_read(settings: Settings, monkeypatch):
    monkeypatch.setattr(deployment, "load", lambda: settings)
    assert database.client("token of alice").table("t").select("*").execute().data[0]["as"].endswith("alice")
