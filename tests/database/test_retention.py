"""Invitations, retention and erasure: offered to one address, kept as long as set, gone without a trace of content."""

from datetime import timedelta

import psycopg
import pytest

from tests.database.operations import refusal
from tests.database.scene import CANARY, ident, put

BASIS = "asked by the client in writing"


@pytest.fixture
def invited(undone, scene):
    """An invitation of nina's address to a role in north; `nina` has an account and no role."""

    def offer(**more):
        given = {"email": "nina@scene.example", "role": "therapist", "display_name": "Nina", **more}
        put(
            undone, "invitations", clinic_id=scene.clinics["one"], team_id=scene.teams["north"], invited_by=scene.people["adam"], **given
        )  # fmt: skip

    return offer


def accepts(speaking, person) -> int:
    with speaking(person) as db:
        return db.execute("select public.accept_invitations()").fetchone()[0]


def roles(db, person) -> list[str]:
    return [
        role
        for (role,) in db.execute(
            "select role::text from public.memberships where person_id = %s and (ends_on is null or ends_on > current_date) order by 1", (person,)
        )
    ]  # fmt: skip


def test_an_invitation_is_taken_up_once_by_the_confirmed_address(undone, speaking, scene, invited):
    nina = scene.people["nina"]
    invited()
    assert accepts(speaking, scene.people["zoe"]) == 0
    assert accepts(speaking, nina) == 1
    assert roles(undone, nina) == ["therapist"]
    assert accepts(speaking, nina) == 0


@pytest.mark.parametrize(
    "more",
    [{"withdrawn_at": "2026-01-01"}, {"invited_at": "2020-01-01"}, {"email": "somebody@scene.example"}],
)
def test_an_offer_that_was_withdrawn_is_old_or_is_not_theirs_is_none(undone, speaking, scene, invited, more):
    invited(**more)
    assert accepts(speaking, scene.people["nina"]) == 0
    assert roles(undone, scene.people["nina"]) == []


def test_an_unconfirmed_address_opens_nothing(undone, speaking, scene, invited):
    invited()
    undone.execute("update auth.users set email_confirmed_at = null where id = %s", (scene.people["nina"],))
    assert accepts(speaking, scene.people["nina"]) == 0


def test_nobody_takes_up_their_own_invitation(undone, speaking, scene, invited):
    invited(email="adam@scene.example", role="supervisor")
    assert accepts(speaking, scene.people["adam"]) == 0
    assert roles(undone, scene.people["adam"]) == ["admin"]


def test_a_person_of_another_clinic_stays_there(undone, speaking, scene, invited):
    invited(email="zoe@scene.example")
    assert accepts(speaking, scene.people["zoe"]) == 0


def test_the_hook_lets_only_invited_addresses_have_an_account(undone, invited):
    invited()

    def answer(email: str) -> dict:
        return undone.execute(
            "select private.only_invited(jsonb_build_object('user', jsonb_build_object('email', %s::text)))", (email,)
        ).fetchone()[0]  # fmt: skip

    assert answer("Nina@Scene.example") == {}
    assert answer("stranger@scene.example")["error"]["http_code"] == 403


def test_an_administrator_invites_to_teams_of_the_clinic_only(speaking, scene):
    row = "insert into public.invitations (clinic_id, team_id, email, display_name, role, invited_by) values (%s, %s, 'x@y.example', 'X', 'therapist', %s)"
    adam = scene.people["adam"]
    with speaking(adam) as db:
        assert refusal(db, row, (scene.clinics["one"], scene.teams["north"], adam)) == (None, None)
        assert refusal(db, row, (scene.clinics["two"], scene.teams["north"], adam))[0] == "42501"
        assert refusal(db, row, (scene.clinics["one"], scene.teams["south"], adam))[0] == "42501"
        assert (
            refusal(db, row, (scene.clinics["one"], scene.teams["north"], scene.people["sue"]))[0] == "42501"
        )


# --- erasure ---------------------------------------------------------------------------------------------------------


def words_left(db: psycopg.Connection, marked: str) -> list[str]:
    """The relations in which a marked word is still to be found."""
    tables = [name for (name,) in db.execute("select tablename from pg_tables where schemaname = 'public'")]
    return [
        t for t in tables if db.execute(f"select exists (select from public.{t} x where x::text like %s)", (f"%{marked}%",)).fetchone()[0]
    ]  # fmt: skip


def decides(speaking, scene, request: str, *, approve: bool = True, basis: str = BASIS, by: str = "adam"):
    with speaking(scene.people[by]) as db:
        statement = "select public.decide_erasure(%s, %s, %s)"
        code, _ = refusal(db, statement, (ident("alice", request), approve, basis))
        return code or db.execute(statement, (ident("alice", request), approve, basis)).fetchone()[0]


def test_an_erased_case_is_gone_with_every_word_and_leaves_its_deletion_in_the_log(undone, speaking, scene):
    case = ident("alice", "case")
    of_case = [f"{CANARY} alice {about} text" for about in ("goal", "task", "socratic", "obstacle")]
    of_case += [
        f"{CANARY} alice on alice secret-note",
        f"{CANARY} sue on alice use-note",
        f"{CANARY} alice open question",
    ]
    assert all(words_left(undone, marked) for marked in of_case)
    before = undone.execute("select count(*) from public.audit_log").fetchone()[0]
    gone = decides(speaking, scene, "erasure")
    assert gone["cases"] == 1
    assert [words_left(undone, marked) for marked in of_case] == [[]] * len(of_case)
    leftover = undone.execute(
        "select count(*) from public.history where before::text like %s", (f"%{case}%",)
    ).fetchone()[0]
    assert leftover == 0
    (tombstone,) = undone.execute(
        "select actor_id, row_id, subject_id from public.audit_log where action = 'erase' and actor_id = %s",
        (scene.people["adam"],),
    ).fetchall()
    assert tombstone == (scene.people["adam"], str(case), scene.people["alice"])
    assert undone.execute("select count(*) from public.audit_log").fetchone()[0] > before + 20
    assert words_left(undone, f"{CANARY} bob goal text") == ["case_texts"]  # nobody else's went with it
    assert undone.execute(
        "select state::text, code, why from public.erasure_requests where id = %s",
        (ident("alice", "erasure"),),
    ).fetchone() == ("approved", None, "")


def test_an_erasure_leaves_earlier_versions_of_the_same_ids_to_whom_they_belong(undone, speaking, scene):
    """After a handing over two people have entries of the same ids; each has their own history of them."""
    row = str(ident("alice", "session"))
    kept = "select owner_id from public.history where row_id = %s"
    for who in ("alice", "bob"):
        undone.execute(
            "insert into public.history (owner_id, team_id, table_name, row_id, before) values (%s, %s, 'sessions', %s, %s)",
            (scene.people[who], scene.teams["north"], row, f'{{"therapist_id": "{scene.people[who]}"}}'),
        )
    decides(speaking, scene, "erasure")
    assert undone.execute(kept, (row,)).fetchall() == [(scene.people["bob"],)]


def test_weekly_sums_are_exact_after_an_erasure(undone, speaking, scene):
    decides(speaking, scene, "erasure")
    kept = undone.execute(
        "select coalesce(sum(n), 0) from private.weekly where measure = 'kind' and therapist_id = %s", (scene.people["alice"],)
    ).fetchone()[0]  # fmt: skip
    there = undone.execute(
        "select count(*) from public.episodes where therapist_id = %s", (scene.people["alice"],)
    ).fetchone()[0]
    assert kept == there


def test_a_request_without_a_code_takes_the_reflections_and_leaves_the_cases(undone, speaking, scene):
    undone.execute(
        "update public.erasure_requests set code = null where id = %s", (ident("alice", "erasure"),)
    )
    gone = decides(speaking, scene, "erasure")
    assert (gone["reflections"], gone["reflection_parts"]) == (2, 8)
    assert words_left(undone, f"{CANARY} alice open private_text") == []
    assert words_left(undone, f"{CANARY} alice goal text") == ["case_texts"]


def test_a_refusal_keeps_everything_and_its_basis(undone, speaking, scene):
    decides(speaking, scene, "erasure", approve=False, basis="records have to be kept by law")
    state, basis = undone.execute(
        "select state::text, basis from public.erasure_requests where id = %s", (ident("alice", "erasure"),)
    ).fetchone()
    assert (state, basis) == ("refused", "records have to be kept by law")
    assert words_left(undone, f"{CANARY} alice goal text") == ["case_texts"]


@pytest.mark.parametrize(
    ("request_name", "more", "code"),
    [
        ("erasure", {"basis": "short"}, "SX007"),
        ("erasure", {"by": "sue"}, "42501"),
        ("erasure", {"by": "alice"}, "42501"),
        ("erasure", {"by": "lena"}, "42501"),
        ("refused erasure", {}, "SX409"),
    ],
)
def test_a_decision_takes_an_administrator_and_a_basis_and_is_made_once(
    speaking, scene, request_name, more, code
):
    assert decides(speaking, scene, request_name, **more) == code


@pytest.mark.parametrize("hold", ["code", "therapist"])
def test_a_hold_is_in_the_way_until_it_is_lifted(undone, speaking, scene, hold):
    what = {"code": "CAN-01"} if hold == "code" else {"therapist_id": scene.people["alice"]}
    put(
        undone, "legal_holds", id=ident("hold"), clinic_id=scene.clinics["one"], **what, reason="a court asks for it", set_by=scene.people["adam"]
    )  # fmt: skip
    assert decides(speaking, scene, "erasure") == "SX008"
    undone.execute("update public.legal_holds set lifted_at = now() where id = %s", (ident("hold"),))
    assert decides(speaking, scene, "erasure")["cases"] == 1


def test_a_code_that_is_not_there_is_said(undone, speaking, scene):
    undone.execute(
        "update public.erasure_requests set code = 'ZZ-99' where id = %s", (ident("alice", "erasure"),)
    )
    assert decides(speaking, scene, "erasure") == "SX400"


# --- retention -------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept_for(undone, scene):
    def set_period(what: str, days: int) -> None:
        put(undone, "retention_periods", clinic_id=scene.clinics["one"], what=what, days=days)

    return set_period


def runs(speaking, scene, function: str, by: str = "adam"):
    with speaking(scene.people[by]) as db:
        if function == "purge":
            return db.execute("select public.purge(%s)", (scene.clinics["one"],)).fetchone()[0]
        return {
            what: (due, held)
            for what, due, held in db.execute(
                "select what::text, due, held from public.purge_preview(%s)", (scene.clinics["one"],)
            )
        }


def close(undone, scene, days_ago: int) -> None:
    undone.execute("update public.cases set state = 'closed' where id = %s", (ident("alice", "case"),))
    undone.execute(
        "update public.cases set ended_on = %s where id = %s", (scene.today - timedelta(days=days_ago), ident("alice", "case"))
    )  # fmt: skip


@pytest.mark.parametrize(("days_ago", "due"), [(100, False), (101, True)])
def test_a_closed_case_is_due_when_its_period_is_over(undone, speaking, scene, kept_for, days_ago, due):
    kept_for("closed_cases", 100)
    close(undone, scene, days_ago)
    assert ("closed_cases" in runs(speaking, scene, "purge_preview")) is due


def test_a_rehearsal_takes_nothing_and_the_purge_what_the_rehearsal_said(undone, speaking, scene, kept_for):
    kept_for("closed_cases", 100)
    close(undone, scene, 200)
    assert runs(speaking, scene, "purge_preview")["closed_cases"] == (1, 0)
    assert words_left(undone, f"{CANARY} alice goal text") == ["case_texts"]
    report = runs(speaking, scene, "purge")
    assert report["kinds"]["closed_cases"] == {"taken": 1, "held": 0}
    assert report["tables"]["cases"] == 1
    assert words_left(undone, f"{CANARY} alice goal text") == []
    assert "closed_cases" not in runs(speaking, scene, "purge_preview")
    with speaking(scene.people["adam"]) as db:
        assert db.execute("select report from public.purge_reports order by id desc limit 1").fetchone() == (
            report,
        )
    logged = "select count(*) from public.audit_log where action = 'purge' and clinic_id = %s"
    assert undone.execute(logged, (scene.clinics["one"],)).fetchone() == (1,)


def test_what_is_held_is_not_purged(undone, speaking, scene, kept_for):
    kept_for("closed_cases", 100)
    close(undone, scene, 200)
    put(
        undone, "legal_holds", clinic_id=scene.clinics["one"], code="CAN-01", reason="a court asks for it", set_by=scene.people["adam"]
    )  # fmt: skip
    assert runs(speaking, scene, "purge_preview")["closed_cases"] == (0, 1)
    assert runs(speaking, scene, "purge")["kinds"]["closed_cases"] == {"taken": 0, "held": 1}
    assert words_left(undone, f"{CANARY} alice goal text") == ["case_texts"]


@pytest.mark.parametrize(
    ("hold", "kept"),
    [
        ("CAN-77", {"alice", "note"}),
        ("CAN-88", set()),
        ("alice", {"alice", "note"}),
        ("bob", {"bob"}),
        ("sue", {"note"}),
    ],
)
def test_earlier_versions_of_a_held_case_are_kept(undone, speaking, scene, kept_for, hold, kept):
    """All that its therapist wrote and what was noted about them; a hold on a code that is one of another clinic keeps none."""
    kept_for("earlier_versions", 30)
    for who, code, team in (("alice", "CAN-77", "north"), ("alice", "CAN-88", "far")):
        put(undone, "cases", therapist_id=scene.people[who], id=ident(who, code), team_id=scene.teams[team], code=code)  # fmt: skip
    undone.execute("delete from public.history")
    for row, owner, about in (("alice", "alice", "alice"), ("bob", "bob", "bob"), ("note", "sue", "alice")):
        undone.execute(
            "insert into public.history (owner_id, team_id, table_name, row_id, before, changed_at) values (%s, %s, 'notes', %s, %s, now() - interval '40 days')",
            (scene.people[owner], scene.teams["north"], row, f'{{"therapist_id": "{scene.people[about]}"}}'),
        )
    what = {"code": hold} if hold.startswith("CAN") else {"therapist_id": scene.people[hold]}
    put(undone, "legal_holds", clinic_id=scene.clinics["one"], **what, reason="a court asks for it", set_by=scene.people["adam"])  # fmt: skip
    assert runs(speaking, scene, "purge_preview")["earlier_versions"] == (3 - len(kept), len(kept))
    runs(speaking, scene, "purge")
    left = undone.execute("select row_id from public.history where row_id in ('alice', 'bob', 'note')")
    assert {row for (row,) in left} == kept


def test_old_reflections_go_and_later_ones_stay(undone, speaking, scene, kept_for):
    kept_for("reflections", 30)
    undone.execute("update public.reflections set week = week - 70 where id = %s", (ident("alice", "open"),))
    assert runs(speaking, scene, "purge")["tables"]["reflections"] == 1
    assert words_left(undone, f"{CANARY} alice open private_text") == []
    assert words_left(undone, f"{CANARY} alice read private_text") == ["reflection_parts"]


def test_a_held_persons_reflections_stay_while_a_colleagues_go(undone, speaking, scene, kept_for):
    kept_for("reflections", 30)
    undone.execute(
        "update public.reflections set week = week - 70 where therapist_id = any(%s)", ([scene.people["alice"], scene.people["bob"]],)
    )  # fmt: skip
    put(
        undone, "legal_holds", clinic_id=scene.clinics["one"], therapist_id=scene.people["bob"], reason="a court asks for it",
        set_by=scene.people["adam"],
    )  # fmt: skip
    runs(speaking, scene, "purge")
    assert words_left(undone, f"{CANARY} alice open private_text") == []
    assert words_left(undone, f"{CANARY} bob open private_text") == ["reflection_parts"]


@pytest.mark.parametrize("function", ["purge", "purge_preview"])
@pytest.mark.parametrize("person", ["alice", "sue", "lena", "otto", "zoe"])
def test_nobody_else_purges(speaking, scene, function, person):
    with speaking(scene.people[person]) as db:
        assert refusal(db, f"select public.{function}(%s)", (scene.clinics["one"],))[0] == "42501"


def test_a_case_that_is_opened_again_starts_afresh(undone, scene):
    close(undone, scene, 200)
    undone.execute("update public.cases set state = 'active' where id = %s", (ident("alice", "case"),))
    ended = "select ended_on from public.cases where id = %s"
    assert undone.execute(ended, (ident("alice", "case"),)).fetchone() == (None,)
    undone.execute("update public.cases set state = 'archived' where id = %s", (ident("alice", "case"),))
    assert undone.execute(ended, (ident("alice", "case"),)).fetchone() == (scene.today,)


def test_a_founded_team_has_its_settings_and_its_founder(undone, speaking, scene):
    with speaking(scene.people["adam"]) as db:
        team = db.execute("select public.found_team(%s, ' Team East ')", (scene.clinics["one"],)).fetchone()[
            0
        ]
        assert db.execute("select name from public.teams where id = %s", (team,)).fetchone() == ("Team East",)
    assert undone.execute(
        "select count(*) from public.team_settings where team_id = %s", (team,)
    ).fetchone() == (1,)
