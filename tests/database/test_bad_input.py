"""Bad input: refused with a code and nothing of anybody else in the message, or stored exactly as it came."""

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.database.operations import good, op, refusal
from tests.database.scene import CANARY, ident

CHECK, MISSING, NOT_THAT_TYPE, TOO_BIG, NO_SUCH_DAY, NO_DATE = (
    "23514",
    "23502",
    "22P02",
    "22003",
    "22008",
    "22007",
)
NOT_A_LIST = "22023"
NOT_COME_YET, NOT_BEGUN = "SX001", "SX002"

# kind, what is wrong, and the code that says so
WRONG = [
    ("case.open", {"code": "Anna"}, CHECK),
    ("case.open", {"code": "CAN-01\n"}, CHECK),
    ("case.open", {"code": ""}, CHECK),
    ("case.open", {"code": None}, MISSING),
    ("case.open", {"code": "CAN-01"}, "23505"),
    ("case.open", {"control_sensitivity": 5}, CHECK),
    ("case.open", {"control_sensitivity": -1}, CHECK),
    ("case.open", {"started_on": "some day"}, NO_DATE),
    ("case.open", {"started_on": "1999-12-31"}, CHECK),
    ("case.open", {"started_on": "9999-12-31"}, NOT_COME_YET),
    ("case.open", {"team": "not an id"}, NOT_THAT_TYPE),
    ("case.open", {"team": None}, "42501"),
    ("case.amend", {"state": "resistant"}, NOT_THAT_TYPE),
    ("case.amend", {"control_sensitivity": 5}, CHECK),
    ("episode.log", {"happened_on": "9999-01-01"}, NOT_COME_YET),
    ("episode.log", {"happened_on": "infinity"}, NOT_COME_YET),
    ("episode.log", {"happened_on": "-infinity"}, CHECK),
    ("episode.log", {"happened_on": "1999-12-31"}, CHECK),
    ("episode.log", {"happened_on": "2026-02-30"}, NO_SUCH_DAY),
    ("episode.log", {"happened_on": "last week"}, NO_DATE),
    ("episode.log", {"happened_on": {"day": 1}}, NO_DATE),
    ("episode.log", {"happened_on": None}, MISSING),
    ("episode.log", {"kind": "resistant client"}, NOT_THAT_TYPE),
    ("episode.log", {"kind": None}, MISSING),
    ("episode.log", {"intensity": 0}, CHECK),
    ("episode.log", {"intensity": 6}, CHECK),
    ("episode.log", {"intensity": 2.5}, NOT_THAT_TYPE),
    ("episode.log", {"intensity": "three"}, NOT_THAT_TYPE),
    ("episode.log", {"intensity": True}, NOT_THAT_TYPE),
    ("episode.log", {"intensity": [3]}, NOT_THAT_TYPE),
    ("episode.log", {"intensity": 99999}, TOO_BIG),
    ("episode.log", {"intensity": 10**400}, TOO_BIG),
    ("episode.log", {"first_blame": "therapist"}, NOT_THAT_TYPE),
    ("episode.log", {"next_move": ""}, NOT_THAT_TYPE),
    ("episode.log", {"named": "no"}, NOT_THAT_TYPE),
    ("episode.log", {"markers": "yes_but"}, NOT_A_LIST),
    ("episode.log", {"markers": ["shouting"]}, NOT_THAT_TYPE),
    ("episode.log", {"markers": [None]}, CHECK),
    ("episode.log", {"markers": ["yes_but"] * 8}, CHECK),
    ("episode.log", {"outside": ["weather"]}, NOT_THAT_TYPE),
    ("episode.log", {"outside": [None]}, CHECK),
    ("episode.log", {"outside": ["life_event"] * 3}, CHECK),
    ("episode.log", {"ratings": {"0": 1}}, CHECK),
    ("episode.log", {"ratings": {"7": 1}}, CHECK),
    ("episode.log", {"ratings": {"1": 5}}, CHECK),
    ("episode.log", {"ratings": {"1": -1}}, CHECK),
    ("episode.log", {"ratings": {"1": "much"}}, NOT_THAT_TYPE),
    ("episode.log", {"ratings": {"1": 1.5}}, NOT_THAT_TYPE),
    ("episode.log", {"ratings": {"rapport": 1}}, NOT_THAT_TYPE),
    ("episode.log", {"ratings": [1, 2]}, NOT_A_LIST),
    ("episode.log", {"ratings": 3}, NOT_A_LIST),
    ("episode.log", {"case": None}, MISSING),
    ("episode.log", {"case": "CAN-01"}, NOT_THAT_TYPE),
    ("episode.log", {"case": str(ident("bob", "case"))}, "23503"),
    ("episode.log", {"case": str(ident("tom", "case"))}, "23503"),
    ("episode.log", {"case": str(uuid4())}, "23503"),
    ("episode.log", {"note": {"id": str(uuid4()), "body": "x" * 301}}, CHECK),
    ("episode.log", {"note": {"id": str(uuid4()), "body": "x" * 10_000}}, CHECK),
    ("episode.log", {"note": {"body": "no id"}}, MISSING),
    ("episode.log", {"note": {"id": str(uuid4()), "body": "x", "shared": "perhaps"}}, NOT_THAT_TYPE),
    ("episode.amend", {"happened_on": "9999-01-01"}, NOT_COME_YET),
    ("episode.amend", {"happened_on": None}, MISSING),
    ("episode.amend", {"intensity": 9}, CHECK),
    ("episode.amend", {"ratings": {"1": 9}}, CHECK),
    ("episode.amend", {"based_on": "first"}, NOT_THAT_TYPE),
    ("episode.amend", {"based_on": 2}, "SX409"),
    ("reflection.hand_in", {"week": "2026-01-06"}, CHECK),
    ("reflection.hand_in", {"week": "1999-12-27"}, CHECK),
    ("reflection.hand_in", {"week": "2999-12-30"}, NOT_BEGUN),
    ("reflection.hand_in", {"week": "infinity"}, NOT_BEGUN),
    ("reflection.hand_in", {"week": None}, MISSING),
    ("reflection.hand_in", {"behaviours": ["charming"]}, NOT_THAT_TYPE),
    ("reflection.hand_in", {"behaviours": [None]}, CHECK),
    ("reflection.hand_in", {"behaviours": ["matching"] * 9}, CHECK),
    ("reflection.hand_in", {"based_on": "first"}, NOT_THAT_TYPE),
    ("reflection.hand_in", {"based_on": -1}, "SX409"),
    ("reflection.hand_in", {"ratings": {"1": 5}}, CHECK),
    ("reflection.hand_in", {"parts": {"diagnosis": {"value": "x"}}}, NOT_THAT_TYPE),
    ("reflection.hand_in", {"parts": {"strength": {"value": "x" * 8_001}}}, CHECK),
    ("reflection.hand_in", {"parts": {"strength": {"value": "x", "shared": "some"}}}, NOT_THAT_TYPE),
    ("reflection.hand_in", {"parts": {"strength": "loose words"}}, "SX400"),
    ("reflection.hand_in", {"parts": {"strength": {"shared": True}}}, "SX400"),
    ("reflection.hand_in", {"parts": ["strength"]}, NOT_A_LIST),
    ("reflection.read", {"therapist": "alice"}, NOT_THAT_TYPE),
    ("reflection.read", {"therapist": None}, "42501"),
    ("rupture.open", {"kind": "quarrel"}, NOT_THAT_TYPE),
    ("rupture.open", {"noticed_on": "9999-01-01"}, NOT_COME_YET),
    ("rupture.open", {"noticed_on": "1999-01-01"}, CHECK),
    ("rupture.open", {"noticed_on": None}, MISSING),
    ("rupture.open", {"episode": str(ident("bob", "plain"))}, "23503"),
    ("rupture.step", {"stage": "forgotten"}, NOT_THAT_TYPE),
    ("rupture.step", {"stage": None}, MISSING),
    ("rupture.step", {"step": None}, MISSING),
    ("rupture.step", {"taken_on": "9999-01-01"}, NOT_COME_YET),
    ("rupture.step", {"taken_on": "1999-01-01"}, CHECK),
    ("rupture.step", {"note": {"id": str(uuid4()), "body": "x" * 1_001}}, CHECK),
    ("rupture.close", {"closed_on": "9999-01-01"}, NOT_COME_YET),
    ("rupture.close", {"closed_on": "2001-01-01"}, CHECK),
    ("rupture.close", {"closed_on": None}, "SX400"),
    ("rupture.close", {"outcome": None}, "SX400"),
    ("rupture.close", {"outcome": "won"}, NOT_THAT_TYPE),
    ("prompt.mark", {"verdict": "brilliant"}, NOT_THAT_TYPE),
    ("prompt.mark", {"verdict": None}, MISSING),
    ("prompt.mark", {"prompt": "<script>alert(1)</script>"}, CHECK),
    ("prompt.mark", {"prompt": "x" * 81}, CHECK),
    ("prompt.mark", {"prompt": None}, MISSING),
    ("prompt.mark", {"episode": str(ident("alice", "plain"))}, CHECK),
    ("prompt.mark", {"rupture": None}, CHECK),
    ("prompt.mark", {"rupture": None, "theme_cause": 1}, CHECK),
    ("prompt.mark", {"rupture": str(ident("bob", "rupture"))}, "23503"),
    ("prompt.mark", {"case": None}, CHECK),
    ("note.share", {"shared": None}, MISSING),
    ("note.share", {"shared": "some"}, NOT_THAT_TYPE),
]


@pytest.mark.parametrize(
    ("kind", "wrong", "code"),
    WRONG,
    ids=[f"{kind}-{next(iter(wrong))}-{n}" for n, (kind, wrong, _) in enumerate(WRONG)],
)
def test_a_wrong_entry_is_refused_with_a_code_and_without_a_trace(
    undone, send, scene, kind: str, wrong: dict, code: str
):
    me = scene.people["sue" if kind == "reflection.read" else "alice"]
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


@pytest.mark.parametrize("kind", ["reflection.hand_in", "rupture.open"])
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
    )
    assert [a["code"] for a in answers] == [None] * 5


def test_two_days_ahead_is_the_future(send, scene):
    day = str(scene.today + timedelta(days=2))
    answers = send(
        scene.people["alice"],
        good("case.open", scene, started_on=day),
        good("episode.log", scene, happened_on=day),
        good("rupture.open", scene, noticed_on=day),
        good("rupture.step", scene, taken_on=day),
        good("rupture.close", scene, closed_on=day),
    )
    assert [a["code"] for a in answers] == [NOT_COME_YET] * 5


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
    assert [a["state"] for a in send(scene.people["alice"], episode, reflection, marked)] == ["applied"] * 3
    with speaking(scene.people["sue"]) as db:
        assert db.execute(
            "select note from public.episode_list where id = %s", (UUID(episode["entity"]),)
        ).fetchone() == (text,)
        assert db.execute("select note from public.prompt_use_list where id = %s", (use,)).fetchone() == (
            text,
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
    )
    assert [a["state"] for a in answers] == ["applied"] * 3


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


def test_psycopg_is_not_what_refuses(undone):
    """The driver passes these texts on; were it to stop them, the tests above would prove nothing."""
    for text in FAITHFUL.values():
        assert undone.execute("select %s::text", (text,)).fetchone() == (text,)
    with pytest.raises(psycopg.DataError):
        undone.execute("select %s::text", ("\0",))


def test_an_unknown_operation_says_so_in_words(send, scene):
    (answer,) = send(scene.people["alice"], op("case.delete"))
    assert answer["message"] == "This kind of operation is not known."
