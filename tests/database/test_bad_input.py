"""Bad input: refused with a code and nothing of anybody else in the message, or stored exactly as it came."""

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.database.operations import good, op, refusal
from tests.database.scene import CANARY, Scene, nothing_ahead
from tests.database.wrong_entries import CHECK, NO_DATE, NOT_COME_YET, NOT_THAT_TYPE, WRONG

BY_A_SUPERVISOR = {
    "reflection.read", "transfer.decide", "screen.open", "item.amend", "item.decide",
    *(f"meeting.{what}" for what in ("plan", "amend", "begin", "go", "clock", "show", "end", "order", "add")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "wrong", "code"),
    WRONG,
    ids=[f"{kind}-{next(iter(wrong))}-{n}" for n, (kind, wrong, _) in enumerate(WRONG)],
)
def test_a_wrong_entry_is_refused_with_a_code_and_without_a_trace(
    undone, send, scene, kind: str, wrong: dict, code: str
):
    if kind == "meeting.plan":
        nothing_ahead(undone)
    me = scene.people["sue" if kind in BY_A_SUPERVISOR else "alice"]
    counted = "select (select count(*) from private.applied_ops), (select count(*) from public.audit_log)"
    before = undone.execute(counted).fetchone()
    (answer,) = send(me, good(kind, scene, **wrong))
    assert (answer["state"], answer["code"]) == ("refused", code), answer
    assert undone.execute(counted).fetchone() == before
    said = f"{answer['message']} {answer['constraint']}"
    assert CANARY not in said
    theirs = {str(person) for name, person in scene.people.items() if scene.people[name] != me} - set(
        map(str, wrong.values())
    )
    assert not theirs & set(re.findall(r"[0-9a-f-]{36}", said))


@pytest.mark.parametrize(
    "kind",
    [
        "case.open",
        "episode.log",
        "reflection.hand_in",
        "rupture.open",
        "rupture.step",
        "prompt.mark",
        "note.share",
        "session.log",
        "session.amend",
        "goal.set",
        "goal.progress",
        "task.give",
        "task.check",
        "check_in.enter",
        "check_in.amend",
        "score.enter",
        "score.amend",
        "formulation.write",
        "strategy.start",
        "plan.review",
        "text.write",
        "text.amend",
        "question.ask",
        "transfer.ask",
        "transfer.decide",
        "mirror.share",
        "meeting.plan",
        "meeting.call_off",
        "meeting.begin",
        "meeting.go",
        "meeting.end",
        "meeting.order",
        "meeting.add",
        "item.amend",
        "item.release",
        "item.pass",
        "item.decide",
        "item.rerate",
        "pulse.give",
        "screen.open",
    ],
)
@pytest.mark.parametrize("params", [None, [], "x", 5, True, {}])
def test_parameters_that_are_none(undone, send, scene, kind: str, params: object):
    """Missing or of another shape altogether; an amendment of nothing would be no mistake."""
    (answer,) = send(scene.people["alice"], {**good(kind, scene), "params": params})
    assert answer["state"] == "refused"
    assert re.fullmatch(r"[0-9A-Z]{5}", answer["code"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"op_id": None}, "SX400"), ({"op_id": "x"}, NOT_THAT_TYPE), ({"op_id": 5}, NOT_THAT_TYPE), ({"op_id": {}}, NOT_THAT_TYPE),
        ({"entity": None}, "SX400"), ({"entity": "'; drop table notes; --"}, NOT_THAT_TYPE),
        ({"kind": None}, "SX400"), ({"kind": "case.delete"}, "SX400"), ({"kind": ["case.open"]}, "SX400"), ({"kind": ""}, "SX400"),
        ({"stated_at": "soon"}, NO_DATE), ({"stated_at": "infinity"}, CHECK), ({"stated_at": "1999-01-01Z"}, CHECK), ({"stated_at": "20000-01-01Z"}, CHECK),
    ],
)  # fmt: skip
def test_an_operation_of_the_wrong_shape(send, scene, change: dict, code: str):
    (answer,) = send(scene.people["alice"], {**good("episode.log", scene), **change})
    assert (answer["state"], answer["code"]) == ("refused", code)


@pytest.mark.parametrize(
    "kind",
    [
        "", "case", "apply", "case.open.x", "Case.Open", "case.open; drop table notes", "op.s", "case..open", "case_open", ".open", "case.", "case.open\n", "cäse.open",
        "case open", "case.open()", "private.apply_op", "put.text", "decide.transfer", "case_.open", "case.open" + "x" * 100, "_._",
    ],
)  # fmt: skip
def test_a_kind_that_is_none_finds_no_function(send, scene, kind: str):
    (answer,) = send(scene.people["alice"], {**good("case.open", scene), "kind": kind})
    assert (answer["code"], answer["message"]) == ("SX400", "This kind of operation is not known.")


@pytest.mark.parametrize("kind", ["reflection.hand_in", "rupture.open", "session.log", "score.enter"])
@pytest.mark.parametrize("moment", ["infinity", "1999-01-01Z", "20000-01-01Z"])
def test_the_moment_something_was_written_is_one_that_every_reader_can_hold(
    send, scene, kind: str, moment: str
):
    (answer,) = send(scene.people["alice"], {**good(kind, scene), "stated_at": moment})
    assert (answer["state"], answer["code"]) == ("refused", CHECK)


@pytest.mark.parametrize("thing", [None, 5, "x", True, [], {}, [[]], [{}]])
def test_things_that_are_no_operation_stand_in_nobodys_way(send, scene, thing: object):
    answers = send(scene.people["alice"], thing, good("case.open", scene))
    assert [(a["op_id"] is None, a["state"], a["code"]) for a in answers] == [
        (True, "refused", "SX400"),
        (False, "applied", None),
    ]


DAYS = {
    "session.log": "held_on", "session.amend": "held_on", "goal.set": "set_on", "goal.progress": "on_day", "task.give": "given_on",
    "task.check": "on_day", "check_in.enter": "on_day", "check_in.amend": "on_day", "score.enter": "on_day", "formulation.write": "written_on", "strategy.start": "started_on",
    "strategy.end": "ended_on", "plan.review": "reviewed_on", "question.ask": "asked_on",
}  # fmt: skip


def on_the_case_page(scene: Scene, day: str) -> list[dict]:
    """One operation of each kind of the case page that names a day."""
    return [good(kind, scene, **{name: day}) for kind, name in DAYS.items()]


@pytest.mark.parametrize("days", [0, 1])
def test_today_is_allowed_and_a_day_more_for_clocks_that_are_ahead(send, scene, days: int):
    day = str(scene.today + timedelta(days=days))
    answers = send(
        scene.people["alice"],
        good("case.open", scene, started_on=day),
        good("episode.log", scene, happened_on=day),
        good("rupture.open", scene, noticed_on=day),
        good("rupture.step", scene, taken_on=day),
        good("rupture.close", scene, closed_on=day),
        *on_the_case_page(scene, day),
    )
    assert {a["code"] for a in answers} == {None}


def test_two_days_ahead_is_the_future(send, scene):
    day = str(scene.today + timedelta(days=2))
    answers = send(
        scene.people["alice"],
        good("case.open", scene, started_on=day),
        good("episode.log", scene, happened_on=day),
        good("rupture.open", scene, noticed_on=day),
        good("rupture.step", scene, taken_on=day),
        good("rupture.close", scene, closed_on=day),
        *on_the_case_page(scene, day),
    )
    assert {a["code"] for a in answers} == {NOT_COME_YET}


FAITHFUL = {
    "a script tag": "<script>alert('x')</script><img src=x onerror=alert(1)>",
    "an injection": "'); drop table notes; -- %s {0} $1 \\",
    "emoji": "👩🏽‍⚕️🫶 family: 👨‍👩‍👧‍👦",
    "right to left": "שלום مرحبا \u202e reversed \u202c",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe",
    "combining": "e\u0301 is not é, ﬁ, Å",
    "line ends and tabs": "one\r\ntwo\n\tthree\x0b\x0c\x1b\x7f",
    "words of other languages": "null None NaN true 0 {} []",
    "only blanks": " \u00a0 ",
    "beyond the basic plane": "𝒳\U0010ffff\U000e0001",
    "quotes": '"“”„‚‘’«»`´\\"\\\\',
}


@pytest.mark.parametrize("text", FAITHFUL.values(), ids=list(FAITHFUL))
def test_whatever_else_people_write_is_stored_as_they_wrote_it(undone, send, speaking, scene, text: str):
    note, use = str(uuid4()), uuid4()
    episode = good("episode.log", scene, note={"id": note, "body": text, "shared": True})
    reflection = good(
        "reflection.hand_in",
        scene,
        parts={
            "shared_text": {"value": text, "shared": True},
            "support": {"value": {"used": [text], text: text}, "shared": True},
        },
    )
    marked = good("prompt.mark", scene, entity=use, note={"id": str(uuid4()), "body": text, "shared": True})
    goal = good("goal.set", scene, wording={"id": str(uuid4()), "body": text, "shared": True})
    asked = good("question.ask", scene, moment=text, question=text, felt=text, would_like=text)
    answers = send(scene.people["alice"], episode, reflection, marked, goal, asked)
    assert [a["state"] for a in answers] == ["applied"] * 5
    with speaking(scene.people["sue"]) as db:
        assert db.execute(
            "select note from public.episode_list where id = %s", (UUID(episode["entity"]),)
        ).fetchone() == (text,)
        assert db.execute("select note from public.prompt_use_list where id = %s", (use,)).fetchone() == (
            text,
        )
        assert db.execute(
            "select wording from public.goal_list where id = %s", (UUID(goal["entity"]),)
        ).fetchone() == (text,)
        assert (
            db.execute(
                "select moment, question, felt, would_like from public.question_list where id = %s",
                (UUID(asked["entity"]),),
            ).fetchone()
            == (text,) * 4
        )
        (parts,) = db.execute(
            "select parts from public.reflection_list where id = %s", (UUID(reflection["entity"]),)
        ).fetchone()
    assert parts["shared_text"]["value"] == text
    assert parts["support"]["value"] == {"used": [text], text: text}


def test_lengths_count_characters_and_the_longest_fit(send, scene):
    longest = {"id": str(uuid4()), "body": "👩" * 300}
    step, use = ({"id": str(uuid4()), "body": "ß" * 1_000} for _ in range(2))
    answers = send(
        scene.people["alice"],
        good("episode.log", scene, note=longest),
        good("rupture.step", scene, note=step),
        good("prompt.mark", scene, note=use),
        good("task.give", scene, wording={"id": str(uuid4()), "body": "👩" * 2_000}),
        good("text.write", scene, body="ß" * 2_000, slot="x" * 60),
        good(
            "question.ask",
            scene,
            moment="👩" * 1_000,
            question="👩" * 500,
            felt="👩" * 500,
            would_like="👩" * 500,
        ),
        good("mirror.share", scene, content={"x": "y" * 19_991}),
    )
    assert [a["state"] for a in answers] == ["applied"] * 7


@pytest.mark.parametrize("escape", [r"\u0000", r"\ud800", r"\udc00 x"])
def test_what_postgres_cannot_store_fails_before_the_function_runs(speaking, scene, escape: str):
    """A NUL or half a surrogate pair is no text to Postgres: the request fails as a whole, so the app refuses it earlier."""
    text = json.dumps([good("episode.log", scene, note={"id": str(uuid4()), "body": "@"})]).replace(
        "@", escape
    )
    with speaking(scene.people["alice"]) as db:
        code, _ = refusal(db, "select public.apply_ops(%s::jsonb)", (text,))
    assert code in ("22P05", "22P02")


def test_deep_and_wide_parameters_end_in_an_answer(send, scene):
    nested: object = "x"
    for _ in range(500):
        nested = [nested]
    deep = good("reflection.hand_in", scene, parts={"support": {"value": nested}})
    wide = good("episode.log", scene, **{f"unknown_{n}": n for n in range(2_000)})
    assert [a["state"] for a in send(scene.people["alice"], deep, wide)] == ["applied", "applied"]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into public.prompt_uses (used_by, id, team_id, theme_cause, prompt, verdict) select %(sue)s, gen_random_uuid(), %(north)s, 7, 'x', 'used'",
        "insert into public.prompt_uses (used_by, id, team_id, theme_cause, prompt, verdict) select %(sue)s, gen_random_uuid(), %(north)s, 0, 'x', 'used'",
        "update public.reflections set version = 0",
        "insert into public.ratings (therapist_id, team_id, on_day, cause) values (%(alice)s, %(north)s, current_date, 1)",
        "update public.reflections set read_at = now() where read_at is null",
        "update public.ruptures set outcome = 'ended' where closed_on is null",
        "update public.ruptures set closed_on = noticed_on, outcome = null",
        "update public.reflection_parts set content = '[]'",
        "update public.reflection_parts set content = '\"x\"'",
        "update public.notes set body = ''",
        "update public.notes set body = repeat('x', 1001) where prompt_use_id is not null",
        "update public.notes set body = repeat('x', 301) where episode_id is not null",
        "insert into public.notes (author_id, id, team_id, therapist_id, body) values (%(alice)s, gen_random_uuid(), %(north)s, %(alice)s, 'x')",
        "update public.formulation_entries set version = 0",
        "update public.case_texts set version = 0",
        "update public.scores set version = 0",
        "update public.sessions set stated_at = '1999-01-01Z'",
        "update public.case_transfers set decided_by = null where state = 'agreed'",
        "update public.case_transfers set decided_at = null where state = 'agreed'",
        "update public.case_transfers set to_id = null where state = 'agreed'",
        "update public.case_transfers set decided_by = %(sue)s, decided_at = now() where state = 'asked'",
        "update public.case_transfers set state = 'refused' where state = 'agreed'",
        "update public.case_transfers set state = 'withdrawn' where state = 'agreed'",
        "update public.measures set slug = 'Not a slug' where clinic_id is not null",
        "update public.measures set name = ''",
        "update public.measures set name = repeat('x', 81)",
        "update public.measures set about = repeat('x', 201)",
        "update public.measures set source = repeat('x', 401)",
        "update public.measures set licence = repeat('x', 401)",
        "update public.measures set highest = lowest where reliable_change is null and cut_off is null",
        "update public.measures set step = 0",
        "update public.measures set reliable_change = 0, reliable_basis = 'computed'",
        "update public.measures set reliable_basis = 'none' where reliable_change is not null",
        "update public.measures set reliable_change = 2 where reliable_basis = 'none'",
        "update public.measures set reliable_change = highest - lowest, reliable_basis = 'published'",
        "update public.measures set cut_off_basis = 'none' where cut_off is not null",
        "update public.measures set cut_off = lowest where cut_off_basis = 'none'",
        "update public.measures set cut_off = lowest - 1, cut_off_basis = 'published'",
        "update public.measures set cut_off = highest + 1, cut_off_basis = 'published'",
        "update public.actions set therapist_id = null where case_id is not null",
        "update public.actions set due_on = '1999-12-31'",
        "update public.actions set version = 0",
        "update public.actions set what = ''",
        "update public.actions set state = 'done', done_on = null",
        "update public.agenda_items set spent = -1",
        "update public.agenda_items set spent = 86401",
        "update public.decisions set therapist_id = null",
        "update public.decisions set words = '', sentence = '', decision = null",
        "update public.episodes set version = 0",
        "update public.erasure_requests set basis = 'short' where state = 'refused'",
        "update public.erasure_requests set basis = repeat('x', 501)",
        "update public.erasure_requests set code = 'Anna'",
        "update public.erasure_requests set why = repeat('x', 501)",
        "update public.flag_events set due_on = '1999-12-31'",
        "update public.flag_events set kind = 'snoozed', assignee_id = null, due_on = null, note = 'long enough a note', until_on = '1999-12-31'",
        "update public.flags set cleared_on = first_seen - 1",
        "update public.flag_events set until_on = current_date where kind <> 'snoozed'",
        "update public.invitations set accepted_at = now()",
        "update public.invitations set display_name = ''",
        "update public.invitations set email = 'no address'",
        "update public.invitations set starts_on = '1999-12-31'",
        "update public.invitations set ends_on = starts_on - 1",
        "update public.legal_holds set code = null, therapist_id = null",
        "update public.legal_holds set code = 'Anna'",
        "update public.legal_holds set reason = 'short'",
        "update public.meetings set begun_at = null where state = 'running'",
        "update public.meeting_screens set closed_at = opened_at - interval '1 day'",
        "update public.reratings set before = 5",
        "update public.retention_periods set days = 29",
        "update public.reveals set reason = 'short'",
        "update public.step_backs set done_on = '1999-12-31'",
        "update public.step_backs set look_again_on = '1999-12-31'",
        "update public.step_backs set let_go = repeat('x', 1001)",
        "update public.step_backs set seen = repeat('x', 2001)",
        "update private.pulse_counts set answer = 0 where answer = 2",
    ],
)
def test_the_shape_of_a_row_holds_for_every_hand(undone, scene, statement: str):
    values = {"alice": scene.people["alice"], "sue": scene.people["sue"], "north": scene.teams["north"]}
    assert refusal(undone, statement, values)[0] == CHECK


def test_a_cause_is_rated_once_per_episode_and_once_per_week(undone, scene):
    again = (
        "insert into public.ratings (therapist_id, team_id, episode_id, reflection_id, on_day, cause)"
        " select therapist_id, team_id, episode_id, reflection_id, on_day, cause from public.ratings where {} is not null limit 1"
    )
    for subject in ("episode_id", "reflection_id"):
        assert refusal(undone, again.format(subject))[0] == "23505"


def test_a_version_of_a_field_of_the_formulation_is_there_once(undone, scene):
    again = (
        "insert into public.formulation_entries (therapist_id, id, team_id, case_id, field, version, written_on)"
        " select therapist_id, gen_random_uuid(), team_id, case_id, field, version, written_on from public.formulation_entries limit 1"
    )
    assert refusal(undone, again)[0] == "23505"


def test_psycopg_is_not_what_refuses(undone):
    """The driver passes these texts on; were it to stop them, the tests above would prove nothing."""
    for text in FAITHFUL.values():
        assert undone.execute("select %s::text", (text,)).fetchone() == (text,)
    with pytest.raises(psycopg.DataError):
        undone.execute("select %s::text", ("\0",))


def test_an_unknown_operation_says_so_in_words(send, scene):
    (answer,) = send(scene.people["alice"], op("case.delete"))
    assert answer["message"] == "This kind of operation is not known."
