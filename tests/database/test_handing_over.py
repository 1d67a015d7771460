"""Handing over a case: asked by its therapist, decided once by a supervisor of the team; facts and shared words go along, nothing else."""

from uuid import UUID, uuid4

import pytest

from tests.database.operations import good, op, refusal, stored, text
from tests.database.scene import CANARY, PRIVATE_TEXTS, ident
from tests.database.test_audit import logged_since, mark

COPIED = (
    "sessions", "scores", "check_ins", "goals", "goal_progress", "tasks", "task_checks", "strategies", "plan_reviews", "strategy_verdicts",
)  # fmt: skip
STAYS = (
    "episodes", "ratings", "reflections", "reflection_parts", "ruptures", "repair_steps", "notes", "prompt_uses", "check_in_guesses", "questions",
    "mirror_shares", "case_transfers",
)  # fmt: skip
OF_THE_ROW = {"therapist_id", "created_at"}  # whose it is, and when it arrived


@pytest.fixture
def code_is_free(undone, scene) -> None:
    """Everybody in the scene has a case CAN-01; here Bob's has another code."""
    undone.execute(
        "update public.cases set code = 'B-99' where therapist_id = %s and code = 'CAN-01'",
        (scene.people["bob"],),
    )


@pytest.fixture
def hand_over(done, code_is_free):
    """Alice's case goes to Bob, with whatever is in it; gives the transfer's id."""

    def ask_and_agree() -> UUID:
        transfer = UUID(done("transfer.ask")["entity"])
        done("transfer.decide", by="sue", entity=transfer)
        return transfer

    return ask_and_agree


@pytest.fixture
def handed_over(hand_over) -> UUID:
    return hand_over()


def copies(db, table: str, scene, owner: str) -> list[dict]:
    """Rows under an id that alice has, as this owner has them."""
    keys = ("review_id", "strategy_id") if table == "strategy_verdicts" else ("id",)
    hers = {tuple(row[k] for k in keys) for row in stored(db, table, therapist_id=scene.people["alice"])}
    rows = [
        row
        for row in stored(db, table, therapist_id=scene.people[owner])
        if tuple(row[k] for k in keys) in hers
    ]
    return sorted(({k: v for k, v in row.items() if k not in OF_THE_ROW} for row in rows), key=str)


def counted(db, scene, tables: tuple[str, ...]) -> dict[str, int]:
    """How many rows there are about Bob's work."""
    return {table: len(stored(db, table, therapist_id=scene.people["bob"])) for table in tables}


@pytest.mark.parametrize("table", COPIED)
def test_a_fact_goes_along_as_it_was(undone, scene, handed_over, table: str):
    assert copies(undone, table, scene, "alice") == copies(undone, table, scene, "bob") != []


def test_what_is_copied_is_of_this_case_only(undone, done, hand_over, scene):
    """Alice has a second case with facts of its own; of them nothing goes along."""
    other = UUID(done("case.open")["entity"])
    goal = UUID(done("goal.set", case=other)["entity"])
    task = UUID(done("task.give", case=other, goal=goal)["entity"])
    strategy = UUID(done("strategy.start", case=other)["entity"])
    done("goal.progress", entity=goal)
    done("task.check", entity=task)
    done("plan.review", case=other, verdicts={str(strategy): "works"})
    for kind in ("session.log", "check_in.enter", "score.enter", "text.write"):
        done(kind, case=other)
    done("formulation.write", case=other)
    tables = (*COPIED, "formulation_entries", "case_texts")
    before = counted(undone, scene, tables)
    hand_over()
    more = {table: n - before[table] for table, n in counted(undone, scene, tables).items()}
    assert more == {
        "sessions": 1, "scores": 1, "check_ins": 2, "goals": 1, "goal_progress": 1, "tasks": 1, "task_checks": 1, "strategies": 2,
        "plan_reviews": 1, "strategy_verdicts": 1, "formulation_entries": 2, "case_texts": 3,
    }  # fmt: skip


def test_a_score_goes_along_though_its_measure_has_another_range_by_now(undone, done, send, hand_over, scene):
    (measure,) = undone.execute("select id from public.measures where slug = 'canary-one'").fetchone()
    score = done("score.enter", measure=measure, value=18)
    undone.execute("update public.measures set highest = 9 where id = %s", (measure,))
    hand_over()
    (row,) = stored(undone, "scores", therapist_id=scene.people["bob"], id=UUID(score["entity"]))
    assert row["value"] == 18
    beyond = good(
        "score.enter", scene, measure=measure, value=18, case=ident("alice", "case"), on_day="2026-01-05"
    )
    assert [send(scene.people[person], beyond)[0]["code"] for person in ("alice", "bob")] == ["SX005"] * 2


def test_the_case_itself_is_the_new_therapists_and_closed_for_the_earlier_one(undone, scene, handed_over):
    (hers,) = stored(undone, "cases", therapist_id=scene.people["alice"], id=ident("alice", "case"))
    (his,) = stored(undone, "cases", therapist_id=scene.people["bob"], id=ident("alice", "case"))
    assert (hers["state"], his["state"]) == ("closed", "active")
    for name in ("team_id", "code", "control_sensitivity", "started_on"):
        assert his[name] == hers[name]


def test_what_a_therapist_wrote_for_themselves_does_not_go_along(undone, hand_over, scene):
    before = counted(undone, scene, STAYS)
    hand_over()
    assert counted(undone, scene, STAYS) == before
    assert all(stored(undone, table, therapist_id=scene.people["alice"]) for table in STAYS)


def test_only_shared_words_go_along_and_the_rest_is_read_by_nobody_else(
    undone, speaking, send, hand_over, scene
):
    """What helped with a rupture does not go along, shared or not: the rupture stays."""
    share = op("text.amend", entity=ident("alice", "rupture_helped text"), shared=True, based_on=1)
    assert send(scene.people["alice"], share)[0]["state"] == "applied"
    hand_over()
    with speaking(scene.people["bob"]) as db:
        read = {
            body for (body,) in db.execute("select body from public.case_texts") if f"{CANARY} alice" in body
        }
        lists = [
            row[0]
            for view in (
                "goal_list",
                "task_list",
                "formulation_list",
                "strategy_list",
                "plan_review_list",
                "check_in_list",
                "question_list",
            )
            for row in db.execute(f"select to_jsonb(v)::text from public.{view} v")
        ]
    assert read == {f"{CANARY} alice {about} text" for about in ("goal", "strategy", "formulation")}
    for private in PRIVATE_TEXTS:
        assert not [line for line in lists if f"{CANARY} alice {private}" in line]
    with speaking(scene.people["alice"]) as db:
        assert db.execute("select count(*) from public.case_texts").fetchone() == (9,)


def test_a_text_that_went_along_is_the_new_therapists_to_change(undone, done, send, scene, handed_over):
    change = op(
        "text.amend", entity=ident("alice", "goal text"), body="in his words", shared=False, based_on=1
    )
    assert send(scene.people["bob"], change)[0]["state"] == "applied"
    said = {
        row["therapist_id"]: (row["body"], row["shared"])
        for row in stored(undone, "case_texts", id=ident("alice", "goal text"))
    }
    assert said == {
        scene.people["alice"]: (f"{CANARY} alice goal text", True),
        scene.people["bob"]: ("in his words", False),
    }


def test_of_the_formulation_goes_what_was_shared_and_what_was_ticked(undone, done, hand_over, scene):
    """Private versions leave no trace with the new therapist, not even their day; a field that is empty again stays empty."""
    for field, versions in {
        "wants": [text("shared", shared=True), text("private"), None],
        "expects": [text("private"), None],
        "development": [text("private")],
        "schemas": [text("private"), text("shared", shared=True)],
        "beliefs_about_life": [],
    }.items():
        for seen, words in enumerate(versions):
            done("formulation.write", field=field, based_on=seen, words=words)
    done("formulation.write", field="fears", based_on=1, ticked=[], words=text("only mine"))
    hand_over()
    rows = undone.execute(
        "select field::text, version, emptied, ticked::text[] from public.formulation_entries where therapist_id = %s and case_id = %s order by 1, 2",
        (scene.people["bob"], ident("alice", "case")),
    ).fetchall()
    assert rows == [
        ("core_problems", 1, False, []), ("fears", 1, False, ["failure"]), ("fears", 2, False, []), ("schemas", 2, False, []),
        ("wants", 1, False, []), ("wants", 3, True, []),
    ]  # fmt: skip


def test_ticks_alone_go_along_but_private_words_about_fears_do_not(undone, done, hand_over, scene):
    undone.execute("delete from public.formulation_entries where field = 'fears'")
    for seen, ticked in enumerate(([], ["ending"])):
        done("formulation.write", field="fears", based_on=seen, ticked=ticked, words=text("only mine"))
    hand_over()
    rows = stored(undone, "formulation_entries", therapist_id=scene.people["bob"], field="fears")
    assert [(row["version"], row["ticked"]) for row in rows] == [(2, "{ending}")]


# --- who decides, and how often --------------------------------------------------------------------------------------


def decide(scene, to: object, **more: object) -> dict:
    return good("transfer.decide", scene, to=to and str(scene.people.get(to, to)), **more)


@pytest.mark.parametrize("person", ["alice", "bob", "otto", "lena", "adam", "erin", "nina"])
def test_only_a_supervisor_of_the_team_decides_and_nobody_else_hears_that_it_is_there(
    send, scene, person: str
):
    for to in ("bob", None):
        real, made_up = decide(scene, to), decide(scene, to, entity=uuid4())
        answers = send(scene.people[person], real, made_up)
        assert [(a["code"], a["message"]) for a in answers] == [
            ("42501", "Only a supervisor of the team can decide on handing over a case.")
        ] * 2


@pytest.mark.parametrize(
    "to",
    ["alice", "sue", "erin", "lena", "adam", "nina", "tom", "zoe", "5ce0e000-0000-4000-8000-00000000dead"],
)
def test_a_case_goes_to_another_therapist_of_the_team(undone, send, scene, to: str):
    """Not back to the same one, nor to somebody whose role has ended, is another, or is in another team: all refused alike."""
    (answer,) = send(scene.people["sue"], decide(scene, to))
    assert (answer["code"], answer["message"]) == (
        "SX400",
        "A case goes to another therapist of the same team. Please choose one of them.",
    )
    assert [row["state"] for row in stored(undone, "case_transfers", id=ident("alice", "parting"))] == [
        "asked"
    ]


def test_a_therapist_whose_role_begins_tomorrow_or_ends_today_gets_no_case(undone, send, scene):
    for change in ("starts_on = current_date + 1", "starts_on = current_date - 9, ends_on = current_date"):
        undone.execute(f"update public.memberships set {change} where person_id = %s", (scene.people["bob"],))
        assert send(scene.people["sue"], decide(scene, "bob"))[0]["code"] == "SX400"


@pytest.mark.parametrize("to", ["bob", None])
def test_a_decision_names_who_made_it_and_stands(undone, send, scene, to: str | None):
    assert send(scene.people["sue"], decide(scene, to))[0]["state"] == "applied"
    (row,) = stored(undone, "case_transfers", id=ident("alice", "parting"))
    assert (row["state"], row["to_id"]) == (("agreed", scene.people["bob"]) if to else ("refused", None))
    assert row["decided_by"] == scene.people["sue"]
    assert row["decided_at"] is not None
    assert bool(
        stored(undone, "cases", therapist_id=scene.people["bob"], id=ident("alice", "parting"))
    ) is bool(to)
    for again in ("bob", None):
        assert send(scene.people["sue"], decide(scene, again))[0]["code"] == "SX409"
    (answer,) = send(scene.people["alice"], good("transfer.withdraw", scene))
    assert answer["code"] == "SX409"
    assert stored(undone, "case_transfers", id=ident("alice", "parting")) == [row]


def test_what_was_withdrawn_is_not_decided(undone, done, send, scene):
    done("transfer.withdraw")
    for to in ("bob", None):
        assert send(scene.people["sue"], decide(scene, to))[0]["code"] == "SX409"
    assert send(scene.people["alice"], good("transfer.withdraw", scene))[0]["code"] == "SX409"
    assert stored(undone, "cases", therapist_id=scene.people["bob"], id=ident("alice", "parting")) == []


def test_a_therapist_sets_no_other_state_than_withdrawn(speaking, scene):
    with speaking(scene.people["alice"]) as db:
        for state in ("asked", "agreed", "refused"):
            assert (
                refusal(
                    db,
                    "update public.case_transfers set state = %s where id = %s",
                    (state, ident("alice", "parting")),
                )[0]
                == "42501"
            )


def test_a_case_is_asked_for_once_at_a_time_and_never_again_once_it_has_gone(done, send, scene, handed_over):
    (again,) = send(scene.people["alice"], good("transfer.ask", scene))
    assert (again["code"], again["constraint"]) == ("23505", "one_transfer_at_a_time")
    parting = {"case": ident("alice", "parting")}
    assert send(scene.people["alice"], good("transfer.ask", scene, **parting))[0]["code"] == "23505"
    done("transfer.withdraw")
    assert send(scene.people["alice"], good("transfer.ask", scene, **parting))[0]["state"] == "applied"


def test_who_has_such_a_code_or_had_the_case_before_does_not_get_it(undone, done, send, scene):
    ask = done("transfer.ask")
    (same_code,) = send(scene.people["sue"], decide(scene, "bob", entity=ask["entity"]))
    assert same_code["code"] == "SX006"
    assert [row["state"] for row in stored(undone, "case_transfers", id=UUID(ask["entity"]))] == ["asked"]
    undone.execute("update public.cases set id = %s, code = 'B-98' where therapist_id = %s and id = %s",
                   (ident("alice", "parting"), scene.people["bob"], ident("bob", "parting")))  # fmt: skip
    assert send(scene.people["sue"], decide(scene, "bob"))[0]["code"] == "SX006"


def test_the_new_therapist_works_on_with_it_and_reads_how_it_came(undone, speaking, send, scene, handed_over):
    case, bob = str(ident("alice", "case")), scene.people["bob"]
    session, look = good("session.log", scene), good("goal.progress", scene, id=uuid4())
    assert [a["state"] for a in send(bob, session, look)] == ["applied"] * 2
    listed = "select state::text, to_id from public.case_transfer_list where id = %s"
    for person, rows in (("bob", 1), ("alice", 1), ("sue", 1), ("otto", 0), ("lena", 0), ("adam", 0)):
        with speaking(scene.people[person]) as db:
            assert db.execute(listed, (handed_over,)).fetchall() == [("agreed", bob)] * rows
    with speaking(bob) as db:
        assert db.execute("select code from public.case_list where id = %s", (case,)).fetchone() == (
            "CAN-01",
        )
        assert db.execute("select count(*) from public.case_timeline where case_id = %s and lane in ('episode', 'rupture', 'repair', 'closed')",
                          (case,)).fetchone() == (0,)  # fmt: skip


@pytest.fixture
def on_to_nina(undone, done, scene):
    """What came to Bob goes on to Nina, a therapist in the team since today."""

    def ask_and_agree() -> None:
        undone.execute(
            "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')",
            (scene.people["nina"], scene.teams["north"]),
        )
        asked = done("transfer.ask", by="bob")
        bob, nina = (str(scene.people[name]) for name in ("bob", "nina"))
        done("transfer.decide", by="sue", entity=asked["entity"], therapist=bob, to=nina)

    return ask_and_agree


def test_a_case_can_go_on_to_a_third(undone, done, speaking, scene, handed_over, on_to_nina):
    """What the first therapist has under the same ids is not copied again; what the second added goes along."""
    done("session.log", by="bob")
    before = counted(undone, scene, COPIED)
    on_to_nina()
    for table in ("sessions", "scores", "check_ins", "goals", "tasks", "strategies", "plan_reviews"):
        own = {"therapist_id": scene.people["bob"], "case_id": ident("bob", "case")}
        here = len(stored(undone, table, therapist_id=scene.people["nina"]))
        assert here == before[table] - len(stored(undone, table, **own)) > 0, table
    with speaking(scene.people["nina"]) as db:
        assert db.execute("select count(*) from public.case_list").fetchone() == (1,)


def test_what_the_second_therapist_no_longer_shares_does_not_go_on(
    undone, done, scene, handed_over, on_to_nina
):
    """The first one shares it still, under the same id."""
    done("text.amend", by="bob", entity=ident("alice", "formulation text"), shared=False)
    on_to_nina()
    entries = stored(undone, "formulation_entries", therapist_id=scene.people["nina"])
    texts = stored(undone, "case_texts", therapist_id=scene.people["nina"])
    assert [row["field"] for row in entries] == ["fears"]
    assert {row["about"] for row in texts} == {"goal", "strategy"}


def test_what_is_shared_or_ticked_in_another_case_says_nothing_about_this_one(undone, done, hand_over, scene):
    undone.execute("delete from public.formulation_entries")
    other = UUID(done("case.open")["entity"])
    for field, ticked in (("fears", ["ending"]), ("schemas", [])):
        done("formulation.write", case=other, field=field, ticked=ticked)
        done("formulation.write", field=field, words=text("only mine"))
        done("formulation.write", field=field, based_on=1, words=None)
    hand_over()
    assert stored(undone, "formulation_entries", therapist_id=scene.people["bob"]) == []


def test_the_log_says_who_gave_which_case_to_whom(undone, done, scene):
    before = mark(undone)
    done("transfer.decide", by="sue")
    log = logged_since(undone, before)
    people, case, north = scene.people, str(ident("alice", "parting")), scene.teams["north"]
    assert log == [
        (people["sue"], "insert", "cases", case, north, people["bob"]),
        (people["sue"], "update", "cases", case, north, people["alice"]),
        (people["sue"], "update", "case_transfers", case, north, people["alice"]),
    ]


@pytest.mark.parametrize(("another", "code"), [(True, "SX400"), (False, None)])
def test_nobody_consents_to_their_own_request_while_another_supervisor_is_there(
    undone, send, scene, code_is_free, another, code
):
    undone.execute(
        "update public.memberships set role = 'supervisor', person_id = %s where person_id = %s and role = 'lead'"
        if another
        else "update public.memberships set person_id = %s where person_id = %s and role = 'supervisor'",
        (scene.people["alice"], scene.people["lena" if another else "sue"]),
    )
    (answer,) = send(scene.people["alice"], decide(scene, scene.people["bob"]))
    assert answer["code"] == code
