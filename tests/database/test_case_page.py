"""The operations of the case page: stored as they were sent, changed only by who saw what stands, and read as far as they were shared."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from tests.database.operations import good, op, shows, stored, text
from tests.database.scene import PHQ9, ident


def one(db, table: str, **where: object) -> dict:
    (row,) = stored(db, table, **where)
    return row


def words(db, about_id: UUID) -> tuple[str, str, str, bool]:
    row = one(db, "case_texts", about_id=about_id)
    return row["about"], row["slot"], row["body"], row["shared"]


def test_a_session_is_logged_and_corrected(undone, done, scene):
    sent = done("session.log")
    row = one(undone, "sessions", id=UUID(sent["entity"]))
    assert shows(
        row, therapist_id=scene.people["alice"], team_id=scene.teams["north"], case_id=ident("alice", "case"), number=4, held_on=scene.today,
        attendance="late_cancel", mode="video",
    )  # fmt: skip
    assert row["stated_at"].isoformat() == sent["stated_at"]
    done("session.amend", entity=row["id"])
    assert shows(
        one(undone, "sessions", id=row["id"]), number=2, held_on=scene.today, attendance="no_show", mode="phone",
        case_id=ident("alice", "case"),
    )  # fmt: skip


def test_a_goal_is_set_changed_and_looked_at(undone, done, send, scene):
    goal = UUID(done("goal.set")["entity"])
    assert shows(
        one(undone, "goals", id=goal), case_id=ident("alice", "case"), set_by="client", importance=9, state="open", set_on=scene.today
    )  # fmt: skip
    assert words(undone, goal) == ("goal", "", "to sleep", True)
    done("goal.amend", entity=goal)
    assert shows(one(undone, "goals", id=goal), set_by="therapist", importance=1, state="let_go")
    for change, expected in (
        ({"state": "reached"}, {"state": "reached", "importance": 1, "set_by": "therapist"}),
        ({"importance": None}, {"state": "reached", "importance": None, "set_by": "therapist"}),
    ):
        send(scene.people["alice"], op("goal.amend", entity=goal, **change))
        assert shows(one(undone, "goals", id=goal), **expected)
    step = UUID(done("goal.progress", entity=goal)["params"]["id"])
    assert shows(one(undone, "goal_progress", id=step), goal_id=goal, on_day=scene.today, progress=6)


def test_a_task_is_given_changed_and_checked(undone, done, send, scene):
    task = UUID(done("task.give")["entity"])
    assert shows(
        one(undone, "tasks", id=task), case_id=ident("alice", "case"), goal_id=ident("alice", "goal"), proposed_by="client", importance=8,
        agreed=False, state="open", given_on=scene.today,
    )  # fmt: skip
    assert words(undone, task) == ("task", "", "walk to work", False)
    done("task.amend", entity=task, agreed=True)
    assert shows(
        one(undone, "tasks", id=task), proposed_by="together", importance=3, agreed=True, state="dropped"
    )
    for change, expected in (
        ({"state": "finished"}, {"state": "finished", "importance": 3, "agreed": True}),
        (
            {"importance": None},
            {"state": "finished", "importance": None, "agreed": True, "proposed_by": "together"},
        ),
    ):
        send(scene.people["alice"], op("task.amend", entity=task, **change))
        assert shows(one(undone, "tasks", id=task), **expected)
    look = UUID(done("task.check", entity=task)["params"]["id"])
    assert shows(
        one(undone, "task_checks", id=look),
        task_id=task,
        on_day=scene.today,
        done="something_else",
        looked_at=True,
    )
    assert words(undone, look) == ("obstacle", "", "it rained", False)
    assert one(undone, "case_texts", about_id=look)["case_id"] == ident("alice", "case")


def test_a_check_in_keeps_the_clients_answers_and_the_guess_apart(undone, done, scene):
    check_in = UUID(done("check_in.enter")["entity"])
    assert shows(
        one(undone, "check_ins", id=check_in), case_id=ident("alice", "case"), on_day=scene.today, goals=4, way_of_working=None, relationship=0
    )  # fmt: skip
    assert shows(one(undone, "check_in_guesses", id=check_in), goals=8, way_of_working=None, relationship=9)
    without = UUID(done("check_in.enter", guess=None)["entity"])
    assert stored(undone, "check_in_guesses", id=without) == []


def test_a_check_in_is_put_right_with_its_guess_and_keeps_what_it_said(undone, done, scene):
    named = {"id": ident("alice", "check-in")}
    was = {
        "goals": 6,
        "way_of_working": None,
        "guess": {"goals": 9, "way_of_working": 1, "relationship": None},
    }
    done("check_in.amend", was=was)
    assert shows(
        one(undone, "check_ins", **named), on_day=scene.today, goals=5, way_of_working=2, relationship=None
    )
    assert shows(one(undone, "check_in_guesses", **named), goals=7, way_of_working=None, relationship=0)
    done("check_in.amend", goals=1, guess=None)
    assert shows(one(undone, "check_ins", **named), goals=1)
    assert shows(one(undone, "check_in_guesses", **named), goals=7)
    before = undone.execute(
        "select table_name, (before ->> 'goals')::int from public.history where owner_id = %s and row_id = %s order by id",
        (scene.people["alice"], str(named["id"])),
    ).fetchall()
    assert before == [("check_ins", 6), ("check_in_guesses", 9), ("check_ins", 5)]


def test_a_score_is_entered_and_corrected(undone, done, scene):
    sent = done("score.enter", value=13.5)
    row = one(undone, "scores", id=UUID(sent["entity"]))
    assert shows(
        row, case_id=ident("alice", "case"), measure_id=PHQ9, on_day=scene.today, value=Decimal("13.5"), version=1
    )  # fmt: skip
    assert row["stated_at"].isoformat() == sent["stated_at"]
    done("score.amend", entity=row["id"])
    assert shows(one(undone, "scores", id=row["id"]), value=12, version=2, on_day=scene.today)


def test_the_same_score_again_changes_nothing_and_another_on_that_day_is_refused(undone, done, send, scene):
    for value, again in ((13, "13.00"), (7.006, 7.006)):
        day = str(scene.today - timedelta(days=value > 10))
        first = UUID(done("score.enter", value=value, on_day=day)["entity"])
        done("score.enter", value=again, on_day=day)
        other = good("score.enter", scene, value=5, on_day=day)
        assert send(scene.people["alice"], other)[0]["code"] == "SX409"
        assert one(undone, "scores", case_id=ident("alice", "case"), on_day=day)["id"] == first


def test_a_score_of_the_clinics_own_measure_and_of_no_other_clinics(undone, send, scene):
    """Another clinic's measure is refused like one that is not there, word for word."""
    own, other = (one(undone, "measures", slug=f"canary-{clinic}")["id"] for clinic in ("one", "two"))
    answers = send(
        scene.people["alice"],
        good("score.enter", scene, measure=own),
        good("score.enter", scene, measure=other),
        good("score.enter", scene, measure=uuid4()),
    )
    assert [a["code"] for a in answers] == [None, "23503", "23503"]
    theirs, nobodys = ({**a, "op_id": None} for a in answers[1:])
    assert theirs == nobodys


def test_a_field_of_the_formulation_has_versions(undone, done, send, scene):
    first = UUID(done("formulation.write")["entity"])
    assert shows(
        one(undone, "formulation_entries", id=first), case_id=ident("alice", "case"), field="wants", version=1, written_on=scene.today,
        emptied=False, ticked="{}",
    )  # fmt: skip
    assert words(undone, first) == ("formulation", "", "to be seen", True)
    second = UUID(done("formulation.write", based_on=1, words=text("to be left alone"))["entity"])
    assert shows(one(undone, "formulation_entries", id=second), version=2, emptied=False)
    for nothing in (None, text("")):
        version = len(stored(undone, "formulation_entries", field="wants"))
        emptied = UUID(done("formulation.write", based_on=version, words=nothing)["entity"])
        assert shows(one(undone, "formulation_entries", id=emptied), version=version + 1, emptied=True)
        assert stored(undone, "case_texts", about_id=emptied) == []
    assert one(undone, "case_texts", about_id=first)["body"] == "to be seen"
    stands = undone.execute(
        "select id from public.formulation_list where field = 'wants' and stands"
    ).fetchall()
    assert stands == [(emptied,)]


def test_ticked_fears_are_kept_beside_the_words_and_alone_leave_no_field_empty(undone, done):
    both = done("formulation.write", field="fears", based_on=1, ticked=["ending", "change"])
    ticks = done("formulation.write", field="fears", based_on=2, ticked=["closeness"], words=None)
    for sent, version, ticked in ((both, 2, "{ending,change}"), (ticks, 3, "{closeness}")):
        row = one(undone, "formulation_entries", id=UUID(sent["entity"]))
        assert shows(row, version=version, ticked=ticked, emptied=False)


def test_a_strategy_begins_is_judged_and_ends(undone, done, scene):
    strategy = UUID(done("strategy.start")["entity"])
    assert shows(
        one(undone, "strategies", id=strategy), case_id=ident("alice", "case"), started_on=scene.today, ended_on=None
    )  # fmt: skip
    assert words(undone, strategy) == ("strategy", "", "chair work", False)
    review = UUID(done("plan.review")["entity"])
    assert shows(
        one(undone, "plan_reviews", id=review), case_id=ident("alice", "case"), reviewed_on=scene.today,
        next_review_on=scene.today + timedelta(days=28),
    )  # fmt: skip
    verdicts = {
        row["strategy_id"]: row["verdict"] for row in stored(undone, "strategy_verdicts", review_id=review)
    }
    assert verdicts == {ident("alice", "strategy"): "works", ident("alice", "untried"): "not"}
    assert words(undone, review) == ("adjustment", "", "slower", False)
    done("strategy.end", entity=strategy)
    assert one(undone, "strategies", id=strategy)["ended_on"] == scene.today
    least = UUID(done("plan.review", next_review_on=None, verdicts={}, adjustment=None)["entity"])
    assert (
        stored(undone, "strategy_verdicts", review_id=least)
        == stored(undone, "case_texts", about_id=least)
        == []
    )


def test_a_text_is_written_and_then_changed_or_shared_each_on_its_own(undone, done, send, scene):
    written = UUID(done("text.write")["entity"])
    row = one(undone, "case_texts", id=written)
    assert shows(
        row, case_id=ident("alice", "case"), about="socratic", about_id=ident("alice", "case"), slot="what-if", body="what if", shared=True,
        version=1,
    )  # fmt: skip
    undone.execute(
        "update public.case_texts set written_at = now() - interval '2 days' where id = %s", (written,)
    )
    (before,) = undone.execute("select now() - interval '1 day'").fetchone()
    send(scene.people["alice"], op("text.amend", entity=written, shared=False, based_on=1))
    row = one(undone, "case_texts", id=written)
    assert shows(row, body="what if", shared=False, version=2)
    assert row["written_at"] < before
    send(scene.people["alice"], op("text.amend", entity=written, body="", based_on=2))
    row = one(undone, "case_texts", id=written)
    assert shows(row, body="", shared=False, version=3)
    assert row["written_at"] > before


def test_a_text_is_private_unless_it_says_otherwise(undone, done, scene):
    silent = {"id": str(uuid4()), "body": "words"}
    goal = UUID(done("goal.set", wording=silent)["entity"])
    text_of_its_own = UUID(done("text.write", shared=None)["entity"])
    assert not one(undone, "case_texts", about_id=goal)["shared"]
    assert not one(undone, "case_texts", id=text_of_its_own)["shared"]


def test_a_question_is_asked_reworded_and_withdrawn(undone, done, send, scene):
    question = UUID(done("question.ask")["entity"])
    assert shows(
        one(undone, "questions", id=question), case_id=ident("alice", "case"), episode_id=ident("alice", "plain"),
        reflection_id=ident("alice", "open"), moment="when she fell silent", question="what did I miss?", felt="at a loss",
        would_like="another view", state="open", asked_on=scene.today,
    )  # fmt: skip
    send(scene.people["alice"], op("question.amend", entity=question, felt=""))
    assert shows(one(undone, "questions", id=question), felt="", moment="when she fell silent", state="open")
    done("question.amend", entity=question)
    assert shows(
        one(undone, "questions", id=question), moment="later", question="or what did she?", felt="calmer", would_like="a role play",
        state="withdrawn",
    )  # fmt: skip
    least = op(
        "question.ask", team=scene.teams["north"], case=ident("alice", "case"), moment="m", question="q"
    )
    assert send(scene.people["alice"], least)[0]["state"] == "applied"
    assert shows(
        one(undone, "questions", id=UUID(least["entity"])), episode_id=None, felt="", would_like="", asked_on=scene.today
    )  # fmt: skip


def test_an_item_of_the_mirror_is_shared_as_it_stood_and_taken_back(undone, done, scene):
    shared = UUID(done("mirror.share")["entity"])
    row = one(undone, "mirror_shares", id=shared)
    assert shows(
        row, therapist_id=scene.people["alice"], item="first_blame", content={"client": 1, "myself": 3}, shared_on=scene.today,
        withdrawn=False,
    )  # fmt: skip
    done("mirror.withdraw", entity=shared)
    assert shows(one(undone, "mirror_shares", id=shared), withdrawn=True, content={"client": 1, "myself": 3})


def test_what_helped_is_the_therapists_and_a_supervisor_closes_without_it(undone, done, send, scene):
    helped = text("that I said sorry", shared=True)
    by_her = good("rupture.close", scene, helped=helped)
    by_sue = good("rupture.close", scene, helped=helped)
    assert send(scene.people["sue"], by_sue)[0]["code"] == "42501"
    assert one(undone, "ruptures", id=ident("alice", "rupture"))["closed_on"] is None
    assert send(scene.people["alice"], by_her)[0]["state"] == "applied"
    assert words(undone, ident("alice", "rupture")) == ("rupture_helped", "", "that I said sorry", True)


def test_a_case_begins_on_another_day(undone, done):
    done("case.amend", started_on="2026-01-02")
    assert str(one(undone, "cases", id=ident("alice", "case"))["started_on"]) == "2026-01-02"
    done("case.amend", state="archived")
    row = one(undone, "cases", id=ident("alice", "case"))
    assert (str(row["started_on"]), row["state"]) == ("2026-01-02", "archived")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("text.amend", {"entity": ident("alice", "task text"), "body": "words from elsewhere"}),
        ("score.amend", {"entity": ident("alice", "score"), "value": 4}),
        ("formulation.write", {"field": "core_problems", "words": text("from elsewhere")}),
    ],
)
def test_a_change_names_the_version_it_was_made_on(undone, send, scene, kind: str, change: dict):
    """Two devices saw version 1: the second change is refused, until it has seen version 2."""
    first, second, third = (good(kind, scene, **{**change, "based_on": seen}) for seen in (1, 1, 2))
    if kind == "formulation.write":
        second, third = (
            {**later, "params": {**later["params"], "words": text("later")}} for later in (second, third)
        )
        second["entity"], third["entity"] = str(uuid4()), str(uuid4())
    codes = [send(scene.people["alice"], sent)[0]["code"] for sent in (first, second, third)]
    assert codes == [None, "SX409", None]


# --- on the lists of the screens -------------------------------------------------------------------------------------


def seen_by(speaking, scene, person: str, columns: str, view: str, **where: object) -> list[tuple]:
    conditions = " and ".join(f"{name} = %s" for name in where)
    with speaking(scene.people[person]) as db:
        return db.execute(
            f"select {columns} from public.{view} where {conditions}", list(where.values())
        ).fetchall()


LISTED = [
    ("goal_list", "goal", "wording", "goal text"),
    ("task_list", "task", "wording", "task text"),
    ("strategy_list", "strategy", "wording", "strategy text"),
    ("plan_review_list", "adjustment", "adjustment", "adjustment text"),
    ("formulation_list", "formulation", "body", "formulation text"),
    ("formulation_list", "fears", "body", "fears text"),
    ("task_list", "task", "checks -> 0 ->> 'obstacle'", "obstacle text"),
]


@pytest.mark.parametrize(("view", "row", "column", "name"), LISTED, ids=[f"{v}-{n}" for v, _, _, n in LISTED])
def test_words_on_a_list_are_there_while_they_are_shared(
    send, speaking, scene, view: str, row: str, column: str, name: str
):
    said = f"CANARY alice {name}"
    for version, shared in enumerate((False, True, False), 1):
        change = op("text.amend", entity=ident("alice", name), shared=shared, based_on=version)
        assert send(scene.people["alice"], change)[0]["state"] == "applied"
        for person, reads in (("alice", said), ("sue", said if shared else None)):
            assert seen_by(speaking, scene, person, column, view, id=ident("alice", row)) == [(reads,)]
        for person in ("bob", "otto", "lena", "adam", "erin"):
            assert seen_by(speaking, scene, person, column, view, id=ident("alice", row)) == []


def test_a_guess_is_its_authors_alone_on_the_list_too(speaking, scene):
    columns = "goals, relationship, guessed_goals, guessed_way_of_working, guessed_relationship"
    where = {"id": ident("alice", "check-in")}
    assert seen_by(speaking, scene, "alice", columns, "check_in_list", **where) == [(6, 8, 9, 1, None)]
    assert seen_by(speaking, scene, "sue", columns, "check_in_list", **where) == [(6, 8, None, None, None)]


def test_the_list_of_cases_counts_what_is_there(undone, done, speaking, scene):
    columns = "sessions_attended, last_session_number, last_session_on, next_review_on, open_questions"
    day, where = scene.today - timedelta(days=5), {"id": ident("alice", "case")}
    for person in ("alice", "sue"):
        assert seen_by(speaking, scene, person, columns, "case_list", **where) == [
            (1, 3, day, scene.today, 1)
        ]
    done("session.log", attendance="no_show")
    done("plan.review", next_review_on=None)
    done("question.ask")
    assert seen_by(speaking, scene, "alice", columns, "case_list", **where) == [(1, 4, scene.today, None, 2)]


def test_the_lists_carry_their_numbers(done, speaking, scene):
    day = str(scene.today - timedelta(days=5))
    done("goal.progress")
    progress = [{"on": day, "progress": 2}, {"on": str(scene.today), "progress": 6}]
    assert seen_by(speaking, scene, "sue", "progress", "goal_list", id=ident("alice", "goal")) == [
        (progress,)
    ]
    done("plan.review")
    ((verdicts,),) = seen_by(
        speaking, scene, "sue", "verdicts", "strategy_list", id=ident("alice", "strategy")
    )
    assert [(v["on"], v["verdict"]) for v in verdicts] == [(day, "partly"), (str(scene.today), "works")]
    score = seen_by(
        speaking, scene, "sue", "measure, value, version", "score_list", id=ident("alice", "score")
    )
    assert score == [("phq-9", 11, 1)]
    ((checks,),) = seen_by(speaking, scene, "sue", "checks", "task_list", id=ident("alice", "task"))
    assert [(c["on"], c["done"], c["looked_at"]) for c in checks] == [(day, "a_little", None)]


def test_the_timeline_has_one_line_for_each_thing_that_happened(speaking, scene):
    lines = seen_by(
        speaking, scene, "sue", "lane, key, detail", "case_timeline", case_id=ident("alice", "case")
    )
    assert sorted(lines, key=str) == sorted(
        [
            ("session", "attended", "3"), *[("episode", "withdrawal", n) for n in ("4", None, None)], *[("rupture", "mixed", None)] * 2,
            ("closed", "repaired", None), *[("repair", "named", None)] * 2, ("review", "review", None), ("task", "a_little", "therapist"),
            ("score", "phq-9", "11.00"), ("goal", "together", None),
        ],
        key=str,
    )  # fmt: skip
