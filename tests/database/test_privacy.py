"""What was written stays with its author until shared; and no answer tells a stranger that a row exists."""

import json
import re
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.database.matrix import CALLS, RIGHTS
from tests.database.operations import op, refusal
from tests.database.scene import (
    CANARY,
    DECISION_WORDS,
    MEMBERS,
    PRIVATE_TEXTS,
    SHARED_TEXTS,
    THERAPISTS,
    Scene,
    ident,
)
from tests.database.test_matrix import ARGUMENTS, undoing

RELATIONS = sorted({table for table, _ in RIGHTS})
WORDS = re.compile(rf"{CANARY} [\w -]+")


def calling(name: str, scene: Scene, team: str, who: str) -> tuple[str, tuple]:
    """The call of a function as the matrix makes it, about another team and another therapist's rows."""
    text, values = ARGUMENTS[name](scene)
    instead = {scene.teams["north"]: scene.teams[team], scene.people["alice"]: scene.people[who]}
    instead |= {ident("alice", row): ident(who, row) for row in ("case", "open", "erasure")}
    return text, tuple(instead.get(value, value) for value in values)


def everything(db: psycopg.Connection, scene: Scene) -> set[str]:
    """Every canary that any relation or function gives away to whoever is speaking."""
    texts = []
    for relation in RELATIONS:
        texts += [row[0] for row in db.execute(f"select to_jsonb(r)::text from public.{relation} r")]
    for text, values in dict.fromkeys(
        calling(name, scene, team, who) for name in CALLS for team in scene.teams for who in THERAPISTS
    ):
        with suppress(psycopg.Error), undoing(db):  # who is refused what is test_matrix.py's
            answer = db.execute(f"select {text}", values).fetchone()[0]
            texts.append(json.dumps(answer, default=str, ensure_ascii=False))
    found = {match.strip() for text in texts for match in WORDS.findall(text)}
    frame = re.compile(
        rf"{CANARY} (team|clinic|measure|hold|invited|wording|why|sentence|repaired_when|source|\w+$)"
    )  # names of teams and people, prompts, measures, what administrators keep
    return {text.removeprefix(f"{CANARY} ") for text in found if not frame.match(text)}


def own_words(therapist: str, *, shared_only: bool = False) -> set[str]:
    parts = ["strength"] if shared_only else ["strength", "intention", "private_text", "not_brought"]
    notes = (
        ["step-note", "shared-note"]
        if shared_only
        else ["step-note", "shared-note", "use-note", "secret-note"]
    )
    texts = SHARED_TEXTS if shared_only else (*SHARED_TEXTS, *PRIVATE_TEXTS)
    questions = ["open"] if shared_only else ["open", "withdrawn"]
    mirror = ["shown"] if shared_only else ["shown", "back"]
    case_page = (
        {f"{therapist} {about} text" for about in texts}
        | {
            f"{therapist} {q} {name}"
            for q in questions
            for name in ("moment", "question", "felt", "would_like")
        }
        | {f"{therapist} mirror {name}" for name in mirror}
    )
    if not shared_only:
        case_page |= {
            f"{therapist} on {therapist} {what}"
            for what in ("action", "seen", "letting go", "why it should go", "why it stays")
        }
    return (
        case_page
        | {f"{therapist} {reflection} {part}" for reflection in ("open", "read") for part in parts}
        | {f"{therapist} on {therapist} {note}" for note in notes}
    )


def about_flags(*therapists: str) -> set[str]:
    """What is written about a flag is written for all who look after the case, the lead among them."""
    return {
        f"{by} on {who} {what}"
        for who in therapists
        for by, what in (("sue", "flag note"), ("lead", "reason for a look"))
    }


def on_the_screen(team: str) -> set[str]:
    """What everybody of the team meets in a meeting: what was made for the shared screen, and what its author released."""
    there = {name for name in THERAPISTS if MEMBERS[name][0] == team}
    return {f"agenda {team} title", f"agenda {team} theme"} | {
        words for who in there for words in (f"{who} shown item words", *decided(who, who))
    }


def decided(by: str, who: str) -> set[str]:
    return {f"{by} on {who} decision {what}" for what in DECISION_WORDS}


def in_the_meeting(who: str) -> set[str]:
    """What a supervisor and the therapist of the case alone read of it."""
    return {f"{who} because", f"sue on {who} reason", *decided("sue", who)}


def test_a_therapist_reads_all_they_wrote_and_what_was_shared_about_their_cases(speaking, scene):
    with speaking(scene.people["alice"]) as db:
        assert everything(db, scene) == own_words("alice") | {
            f"sue on alice {what}" for what in ("step-note", "action", "seen", "letting go")
        } | about_flags("alice") | in_the_meeting("alice") | {"alice item words"} | on_the_screen("north")


def test_a_supervisor_reads_what_was_shared_and_never_the_rest(speaking, scene):
    shared = {words for who in ("alice", "bob", "erin", "lena") for words in own_words(who, shared_only=True)}
    team = ("alice", "bob", "erin", "lena")
    written = {f"sue on {who} {note}" for who in team for note in ("step-note", "use-note")}
    agreed = ("action", "seen", "letting go")  # what is agreed about a case is for both
    written |= {f"{by} on {who} {what}" for who in team for by in (who, "sue") for what in agreed}
    with speaking(scene.people["sue"]) as db:
        found = everything(db, scene)
    meeting = on_the_screen("north").union(*map(in_the_meeting, team))
    assert found == shared | written | about_flags(*team) | meeting


@pytest.mark.parametrize("person", ["erin", "nina"])
def test_those_without_a_role_read_no_words_at_all(speaking, scene, person: str):
    with speaking(scene.people[person]) as db:
        assert everything(db, scene) == set()


def test_an_administrator_reads_requests_for_erasure_and_no_other_word(speaking, scene):
    with speaking(scene.people["adam"]) as db:
        assert everything(db, scene) == {
            f"{who} on {who} why it {what}"
            for who in ("alice", "bob", "erin", "lena")
            for what in ("should go", "stays")
        }


def test_a_lead_reads_what_is_written_about_flags_and_no_other_word(speaking, scene):
    with speaking(scene.people["lena"]) as db:
        assert everything(db, scene) == about_flags("alice", "bob", "erin", "lena")


def test_a_lead_with_a_reason_gets_these_facts_and_no_other(speaking, scene):
    """Every name in the answer: what is not here, a lead never sees."""
    with speaking(scene.people["lena"]) as db:
        answer = db.execute(
            "select public.see_case(%s, %s)", (scene.people["alice"], ident("alice", "case"))
        ).fetchone()[0]
    assert {name: sorted(rows[0]) for name, rows in answer.items() if isinstance(rows, list)} == {
        "sessions": ["attendance", "mode", "number", "on"],
        "scores": ["measure", "on", "value"],
        "check_ins": ["goals", "on", "relationship", "way_of_working"],
        "episodes": ["intensity", "kind", "named", "next_move", "on", "ratings"],
        "ruptures": ["closed_on", "kind", "noticed_on", "outcome", "steps"],
        "goals": ["importance", "set_by", "set_on", "state"],
        "tasks": ["done", "on", "proposed_by"],
        "reviews": ["next", "on"],
        "step_backs": ["decision", "look_again_on", "on"],
    }
    assert {name for name, rows in answer.items() if not isinstance(rows, list)} == {
        "code",
        "state",
        "started_on",
        "control_sensitivity",
        "until",
        "formulation",
    }
    assert sorted(answer["formulation"].values()) == [str(scene.today - timedelta(days=5))] * 2


def test_teammates_read_their_own_words_and_none_of_each_other(speaking, scene):
    with speaking(scene.people["bob"]) as db:
        found = everything(db, scene)
    assert found >= own_words("bob") | about_flags("bob")
    assert not [words for words in found - on_the_screen("north") if "alice" in words]


def test_a_supervisor_elsewhere_reads_no_word_of_this_team(speaking, scene):
    with speaking(scene.people["otto"]) as db:
        found = everything(db, scene)
    assert not [words for words in found for name in ("alice", "bob", "erin", "lena", "sue") if name in words]


@pytest.mark.parametrize("person", ["lena", "adam"])
def test_a_lead_and_an_administrator_find_no_row_of_case_work(speaking, scene, person: str):
    quiet = {
        "cases",
        "episodes",
        "reflections",
        "reflection_parts",
        "ratings",
        "ruptures",
        "repair_steps",
        "notes",
        "prompt_uses",
        "history",
        "sessions",
        "goals",
        "goal_progress",
        "tasks",
        "task_checks",
        "check_ins",
        "check_in_guesses",
        "formulation_entries",
        "strategies",
        "plan_reviews",
        "strategy_verdicts",
        "case_texts",
        "questions",
        "scores",
        "case_transfers",
        "mirror_shares",
        "case_timeline",
        "actions",
        "step_backs",
        "meetings",
        "agenda_items",
        "agenda_words",
        "decisions",
        "reratings",
        "meeting_screens",
    }
    with speaking(scene.people[person]) as db:
        for table in quiet | {name for name in RELATIONS if name.endswith("_list")} - {
            "flag_event_list",
            "reveal_list",
        }:
            assert db.execute(f"select count(*) from public.{table}").fetchone() == (0,), table


# --- what is private cannot be shared, what was shared can be taken back ---------------------------------------------


@pytest.mark.parametrize("part", ["private_text", "not_brought"])
def test_private_parts_can_never_be_shared_not_even_by_the_operator(undone, speaking, send, scene, part: str):
    share = "update public.reflection_parts set shared = true where reflection_id = %s and part = %s"
    where = (ident("alice", "open"), part)
    with speaking(scene.people["alice"]) as db:
        assert refusal(db, share, where) == ("23514", "private_parts_are_never_shared")
    assert refusal(undone, share, where) == ("23514", "private_parts_are_never_shared")
    handed_in = op(
        "reflection.hand_in",
        team=scene.teams["north"],
        week=str(scene.monday),
        based_on=0,
        parts={part: {"value": "x", "shared": True}},
    )
    assert send(scene.people["alice"], handed_in)[0]["constraint"] == "private_parts_are_never_shared"


def test_sharing_a_note_shows_it_and_unsharing_hides_it_at_once(send, speaking, scene):
    note = ident("alice", "alice", "secret-note")

    def seen_by(person: str) -> bool:
        with speaking(scene.people[person]) as db:
            return bool(db.execute("select from public.notes where id = %s", (note,)).fetchall())

    assert not seen_by("sue")
    for shared in (True, False):
        assert (
            send(scene.people["alice"], op("note.share", entity=note, shared=shared))[0]["state"] == "applied"
        )
        assert seen_by("sue") is shared
        assert not any(seen_by(person) for person in ("bob", "otto", "lena", "adam"))


@pytest.mark.parametrize(
    ("table", "row", "back", "again"),
    [
        ("case_texts", "goal text", ("text.amend", {"shared": False, "based_on": 1}), ("text.amend", {"shared": True, "based_on": 2})),
        ("questions", "open question", ("question.amend", {"state": "withdrawn"}), ("question.amend", {"state": "open"})),
        ("mirror_shares", "shown", ("mirror.withdraw", {}), None),
    ],
)  # fmt: skip
def test_what_is_taken_back_is_gone_at_once(
    send, speaking, scene, table: str, row: str, back: tuple, again: tuple | None
):
    entry = ident("alice", row)

    def seen_by(person: str) -> bool:
        with speaking(scene.people[person]) as db:
            return bool(db.execute(f"select from public.{table} where id = %s", (entry,)).fetchall())

    assert (seen_by("sue"), seen_by("alice")) == (True, True)
    for change, seen in ((back, False), (again, True)):
        if change:
            assert (
                send(scene.people["alice"], op(change[0], entity=entry, **change[1]))[0]["state"] == "applied"
            )
            assert (seen_by("sue"), seen_by("alice")) == (seen, True)
            assert not any(seen_by(person) for person in ("bob", "otto", "lena", "adam", "erin"))


def test_a_text_that_was_never_shared_leaves_a_supervisor_its_facts_only(speaking, scene):
    with speaking(scene.people["sue"]) as db:
        seen = db.execute("select id from public.case_texts where not shared").fetchall()
        guesses = db.execute("select count(*) from public.check_in_guesses").fetchone()
        assert (seen, guesses) == ([], (0,))
        for table, row in (
            ("tasks", "task"),
            ("task_checks", "obstacle"),
            ("formulation_entries", "fears"),
            ("plan_reviews", "adjustment"),
        ):
            assert db.execute(
                f"select count(*) from public.{table} where id = %s", (ident("alice", row),)
            ).fetchone() == (1,)


def test_a_reflection_shows_its_supervisor_the_shared_parts_only(speaking, scene):
    with speaking(scene.people["sue"]) as db:
        rows = db.execute("select parts from public.reflection_list").fetchall()
    assert len(rows) == 8
    assert all(set(parts) == {"strength"} for (parts,) in rows)


# --- history ---------------------------------------------------------------------------------------------------------


def test_history_keeps_what_was_said_before_for_its_author_alone(undone, speaking, send, scene):
    team, week = scene.teams["north"], str(scene.monday)
    reflection = uuid4()

    def hand_in(version: int, text: str) -> dict:
        return op(
            "reflection.hand_in",
            entity=reflection,
            team=team,
            week=week,
            based_on=version,
            parts={"private_text": {"value": text}},
        )

    for version, text in enumerate(["first words", "second words", "third words"]):
        assert send(scene.people["alice"], hand_in(version, text))[0]["state"] == "applied"

    def earlier(person: str) -> list[str]:
        with speaking(scene.people[person]) as db:
            rows = db.execute(
                "select before -> 'content' ->> 'value' from public.history where row_id = %s and table_name = 'reflection_parts' order by id",
                (str(reflection),),
            )
            return [text for (text,) in rows]

    assert earlier("alice") == ["first words", "second words"]
    for person in THERAPISTS.keys() - {"alice"} | {"sue", "lena", "adam", "otto"}:
        assert earlier(person) == []


def test_earlier_words_of_a_text_and_a_question_are_their_authors_alone(speaking, send, scene):
    """Also of those that are shared now: what they said before was not."""
    for change in (
        op("text.amend", entity=ident("alice", "task text"), body="second words", based_on=1),
        op("text.amend", entity=ident("alice", "task text"), body="third words", shared=True, based_on=2),
        op("question.amend", entity=ident("alice", "open question"), question="reworded"),
    ):
        assert send(scene.people["alice"], change)[0]["state"] == "applied"

    def earlier(person: str, table: str, row: str, column: str) -> list[str]:
        with speaking(scene.people[person]) as db:
            found = db.execute(
                "select before ->> %s from public.history where row_id = %s and table_name = %s order by id",
                (column, str(ident("alice", row)), table),
            )
            return [said for (said,) in found]

    texts, questions = ("case_texts", "task text", "body"), ("questions", "open question", "question")
    assert earlier("alice", *texts) == [f"{CANARY} alice task text", "second words"]
    assert earlier("alice", *questions) == [f"{CANARY} alice open question"]
    for person in THERAPISTS.keys() - {"alice"} | {"sue", "lena", "adam", "otto"}:
        assert earlier(person, *texts) == earlier(person, *questions) == []


def test_what_a_supervisor_changes_is_in_the_therapists_history_with_who_did_it(undone, send, scene):
    closing = op(
        "rupture.close",
        entity=ident("alice", "rupture"),
        therapist=scene.people["alice"],
        closed_on=str(scene.today),
        outcome="partly",
    )
    assert send(scene.people["sue"], closing)[0]["state"] == "applied"
    owner, by, before = undone.execute(
        "select owner_id, changed_by, before from public.history where row_id = %s order by id desc limit 1",
        (str(ident("alice", "rupture")),),
    ).fetchone()
    assert (owner, by, before["closed_on"]) == (scene.people["alice"], scene.people["sue"], None)
