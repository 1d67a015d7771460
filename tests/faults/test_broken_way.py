"""The shorter cut of `make faults`: a way to the database that breaks in every manner, and words that must not be found."""

# ruff: noqa: F811 - fixtures are asked for by the names they are imported under

import httpx
import pytest

from bench.faults import figures, ledger, network, plan
from bench.faults.clinic import Clinic, staffed
from bench.faults.ledger import Written
from bench.faults.network import Lane, Place
from bench.faults.proxy import FAULTS, SLOW, STATUSES, Proxy
from services import ids, sync
from tests.services.vaults import loopback  # noqa: F401


def lane(stack: Clinic) -> Lane:
    clinic = staffed(stack)
    return Lane(
        Place(
            vault=str(clinic.place(f"lane-{clinic.team}") / "vault.db"),
            url=stack.stack.url,
            publishable_key=stack.stack.publishable_key,
            database_url=stack.stack.database_url,
            team=clinic.team,
            tokens=clinic.tokens,
            seed=1,
        )
    )


def test_every_queue_empties_and_nothing_is_lost_doubled_or_out_of_order(breakable):
    outcome = network.run(breakable, runs=8, seed=1, lanes=2)
    assert outcome.verdict.acknowledged > 0
    assert outcome.faults.total() > 0
    assert outcome.verdict.holds, outcome.verdict.examples
    assert [run for run in outcome.runs if run.wrongly_synced or run.wrongly_parked] == []


def test_the_runs_would_notice_a_worker_that_believes_any_answer(breakable, monkeypatch):
    monkeypatch.setattr(sync, "_answer", lambda *_: (True, None, None))
    believing = lane(breakable)
    try:
        assert sum(believing.run(("lie",)).wrongly_synced for _ in range(3)) > 0
    finally:
        believing.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_the_proxy_does_what_it_says_and_heals(loopback, fault):
    proxy = Proxy(loopback.url)
    ops = [{"op_id": ids.new(), "kind": "case.open", "entity": ids.new(), "params": {}} for _ in range(3)]

    def send() -> httpx.Response:
        headers = {"Authorization": "Bearer token of alice"}
        return httpx.post(f"{proxy.url}/rest/v1/rpc/apply_ops", json={"ops": ops}, headers=headers, timeout=4)

    def as_it_should_be(response: httpx.Response) -> bool:
        return response.status_code == 200 and [one["op_id"] for one in response.json()] == [
            op["op_id"] for op in ops
        ]

    try:
        proxy.break_with((fault,))
        try:
            response = send()
        except httpx.TransportError:
            response = None
        if fault in SLOW:
            assert as_it_should_be(response)
        elif fault in STATUSES:
            assert response.status_code == int(fault)
        elif response is not None:
            with pytest.raises((AssertionError, ValueError, TypeError, KeyError)):
                assert as_it_should_be(response)
        proxy.heal()
        assert as_it_should_be(send())
        assert [op.op_id for op in loopback.applied] == [op["op_id"] for op in ops]
    finally:
        proxy.close()


class TestTheVerdict:
    """It is only worth something if it notices what is wrong."""

    @pytest.fixture(scope="class")
    def written(self, breakable):
        """Two rounds of one person, all arrived."""
        with figures.app(breakable) as here:
            person = here.clinic.people[0]
            for n in range(2 * plan.ROUND):
                here.accept(person, n)
            here.worker.start()
            here.drained()
            parked = {one.op_id for one in here.box(person).parked()}
        with breakable.database() as sql:
            yield sql, here.clinic.team, {person: Written(2 * plan.ROUND, parked=parked)}

    @pytest.fixture
    def found(self, written):
        """The verdict after the database was tampered with; put right again afterwards."""
        sql, team, people = written
        (person,) = people
        with sql.transaction(force_rollback=True):
            yield lambda statement: (
                sql.execute(statement, {"p": person}),
                ledger.verdict(sql, team, people),
            )[1]

    def test_is_in_order_when_all_is_well(self, written):
        verdict = ledger.verdict(*written)
        assert (verdict.acknowledged, verdict.arrived, verdict.parked) == (24, 23, 1)
        assert verdict.holds, verdict.examples

    @pytest.mark.parametrize(
        ("what", "statement"),
        [
            (
                "lost",
                "delete from private.applied_ops where ctid in (select min(ctid) from private.applied_ops where owner_id = %(p)s)",
            ),
            ("lost", "delete from public.notes where author_id = %(p)s"),
            (
                "duplicated",
                "insert into private.applied_ops values (%(p)s, gen_random_uuid(), 'x')",
            ),
            (
                "duplicated",
                "insert into public.repair_steps select recorded_by, gen_random_uuid(), therapist_id, team_id, rupture_id, stage, taken_on, now()"
                " from public.repair_steps where therapist_id = %(p)s",
            ),
            (
                "disordered",
                "update private.applied_ops set applied_at = timestamptz '2026-01-01' where owner_id = %(p)s",
            ),
            ("disordered", "update public.episodes set intensity = 2 where therapist_id = %(p)s"),
        ],
    )
    def test_notices(self, found, what, statement):
        verdict = found(statement)
        assert getattr(verdict, what) > 0, verdict


def test_marked_words_are_found_neither_in_the_vault_nor_in_temporary_files_nor_in_logs(breakable):
    assert figures.canaries(breakable, words=30) == (30, 30, 0)


def test_a_name_that_stands_for_something_else_is_parked_and_never_called_synced(breakable):
    assert figures.other_content(breakable, operations=10) == (10, 10, 0)
