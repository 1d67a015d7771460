"""The demo clinic as rows: consistent and up to yesterday on any day, with every story in it, and nobody recognisable."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from demo_clinic import words_of_sessions, words_of_weeks
from demo_clinic.build import build
from demo_clinic.people import CASES, PASSWORD, PEOPLE, RUNNING, SIGN_INS, key
from demo_clinic.records import CLOSED_WEEKS, Records
from services import identifying, reflections, vocabulary
from services.prompt_rules import Prompt

ROOT = Path(__file__).parents[2]
MIGRATION = ROOT / "supabase/migrations/20261123000300_prompt_library.sql"
LIBRARY = [
    Prompt.from_row(row | {"position": place})
    for place, row in enumerate(json.loads(MIGRATION.read_text(encoding="utf-8").split("$prompts$")[1]))
]

A_MONDAY = date(2026, 11, 23)
DAYS = [
    *(A_MONDAY + timedelta(days=day) for day in range(7)),
    date(2027, 1, 1),  # a Friday in week 53 of 2026
    date(2021, 1, 3),  # the last day of another week 53
    date(2021, 1, 4),
    date(2026, 1, 1),
    date(2024, 2, 29),
    date(2024, 12, 31),
]
on_any_day = pytest.mark.parametrize("today", DAYS, ids=lambda day: f"{day:%a}-{day}")

# How the columns of each table point at their parents: (columns here, table, columns there).
PARENTS = {
    "teams": [(("clinic_id",), "clinics", ("id",))],
    "memberships": [(("person_id",), "people", ("id",)), (("team_id",), "teams", ("id",))],
    "cases": [(("therapist_id", "team_id", "id"), "cases", ("therapist_id", "team_id", "id"))],
    "episodes": [(("therapist_id", "team_id", "case_id"), "cases", ("therapist_id", "team_id", "id"))],
    "reflection_parts": [
        (("therapist_id", "team_id", "reflection_id"), "reflections", ("therapist_id", "team_id", "id"))
    ],
    "ratings": [
        (("therapist_id", "team_id", "episode_id", "on_day"), "episodes",
         ("therapist_id", "team_id", "id", "happened_on")),
        (("therapist_id", "team_id", "reflection_id", "on_day"), "reflections",
         ("therapist_id", "team_id", "id", "week")),
    ],
    "ruptures": [
        (("therapist_id", "team_id", "case_id"), "cases", ("therapist_id", "team_id", "id")),
        (("therapist_id", "team_id", "episode_id", "case_id", "noticed_on"), "episodes",
         ("therapist_id", "team_id", "id", "case_id", "happened_on")),
    ],
    "repair_steps": [(("therapist_id", "team_id", "rupture_id"), "ruptures", ("therapist_id", "team_id", "id"))],
    "prompt_uses": [
        (("therapist_id", "team_id", "case_id", "rupture_id"), "ruptures", ("therapist_id", "team_id", "case_id", "id")),
        (("therapist_id", "team_id", "case_id", "episode_id"), "episodes", ("therapist_id", "team_id", "case_id", "id")),
    ],
    "notes": [
        (("author_id", "team_id", "episode_id"), "episodes", ("therapist_id", "team_id", "id")),
        (("author_id", "team_id", "therapist_id", "repair_step_id"), "repair_steps",
         ("recorded_by", "team_id", "therapist_id", "id")),
        (("author_id", "team_id", "therapist_id", "prompt_use_id"), "prompt_uses",
         ("used_by", "team_id", "therapist_id", "id")),
    ],
    **{
        table: [(("therapist_id", "team_id", "case_id"), "cases", ("therapist_id", "team_id", "id"))]
        for table in ("sessions", "goals", "check_ins", "scores", "formulation_entries", "strategies", "plan_reviews",
                      "case_transfers", "case_texts", "actions", "step_backs", "flags", "agenda_items", "decisions")
    },
    "meeting_screens": [(("led_by", "meeting_id", "team_id"), "meetings", ("led_by", "id", "team_id"))],
    **{
        table: [(("led_by", "item_id", "team_id", "therapist_id"), "agenda_items", ("led_by", "id", "team_id", "therapist_id"))]
        for table in ("reratings", "agenda_words")
    },
    "flag_events": [
        (("flag_id", "therapist_id", "case_id", "team_id"), "flags", ("id", "therapist_id", "case_id", "team_id")),
    ],
    "goal_progress": [(("therapist_id", "team_id", "goal_id"), "goals", ("therapist_id", "team_id", "id"))],
    "tasks": [
        (("therapist_id", "team_id", "case_id"), "cases", ("therapist_id", "team_id", "id")),
        (("therapist_id", "team_id", "case_id", "goal_id"), "goals", ("therapist_id", "team_id", "case_id", "id")),
    ],
    "task_checks": [(("therapist_id", "team_id", "task_id"), "tasks", ("therapist_id", "team_id", "id"))],
    "check_in_guesses": [(("therapist_id", "team_id", "id"), "check_ins", ("therapist_id", "team_id", "id"))],
    "strategy_verdicts": [
        (("therapist_id", "team_id", "review_id"), "plan_reviews", ("therapist_id", "team_id", "id")),
        (("therapist_id", "team_id", "strategy_id"), "strategies", ("therapist_id", "team_id", "id")),
    ],
    "questions": [
        (("therapist_id", "team_id", "case_id"), "cases", ("therapist_id", "team_id", "id")),
        (("therapist_id", "team_id", "case_id", "episode_id"), "episodes", ("therapist_id", "team_id", "case_id", "id")),
    ],
}  # fmt: skip


TO_COME = {"next_review_on", "due_on", "look_again_on"}  # what may lie ahead


@cache
def clinic(today: date = A_MONDAY) -> Records:
    return build(today, LIBRARY)


def rows(table: str, today: date = A_MONDAY, **like: Any) -> list[dict]:
    return [
        row for row in clinic(today).tables[table] if all(row[name] == value for name, value in like.items())
    ]


def of(person: str, table: str, today: date = A_MONDAY, **like: Any) -> list[dict]:
    return rows(table, today, therapist_id=PEOPLE[person].id, **like)


def texts(today: date = A_MONDAY) -> Iterator[str]:
    """Everything that somebody of the demo clinic has written."""
    yield from (note["body"] for note in rows("notes", today))
    for part in rows("reflection_parts", today):
        value = part["content"]["value"]
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict) and "text" in value:
            yield value["text"]


def share(episodes: list[dict], blame: str) -> float:
    return sum(e["first_blame"] == blame for e in episodes) / len(episodes)


# --- On any day -----------------------------------------------------------------------------------------------------


@on_any_day
def test_the_clinic_has_its_size(today):
    size = {table: len(found) for table, found in clinic(today).tables.items()}
    assert (size["clinics"], size["teams"], size["cases"]) == (1, 2, 42)
    assert 420 <= size["episodes"] <= 520
    assert 150 <= size["reflections"] <= 210
    assert 70 <= size["ruptures"] <= 110
    assert size["prompt_uses"] > 60
    assert size["notes"] > 120
    assert 900 <= size["sessions"] <= 1000
    assert size["task_checks"] > 400
    assert size["scores"] > 500
    assert min(size.values()) > 0
    now = [m for m in rows("memberships", today) if m["ends_on"] is None]
    roles = Counter((m["role"], m["team_id"]) for m in now)
    assert len({m["person_id"] for m in now if m["role"] == "therapist"}) == 8
    assert roles["therapist", key("team", "north")] == 5
    assert roles["therapist", key("team", "south")] == 4
    assert Counter(m["role"] for m in now) == {"therapist": 9, "supervisor": 2, "lead": 2, "admin": 2}
    assert [m["person_id"] for m in rows("memberships", today) if m["ends_on"]] == [PEOPLE["edwin"].id]
    assert len(rows("people", today)) == len(PEOPLE) - 1  # Zoe has an account and nothing else


@on_any_day
def test_nothing_lies_after_yesterday(today):
    for table, found in clinic(today).tables.items():
        for row in found:
            to_come = TO_COME | ({"held_on"} if row.get("state") == "planned" else set())
            for name, value in row.items():
                day = value.date() if isinstance(value, datetime) else value
                if isinstance(day, date) and name not in to_come:
                    assert day < today, (table, name, value)


@on_any_day
def test_every_complete_week_is_filled_and_team_souths_closed_weeks_are_silent(today):
    monday = today - timedelta(days=today.weekday())
    for team in ("north", "south"):
        for week in range(RUNNING):
            first, last = (
                monday + timedelta(weeks=week - RUNNING),
                monday + timedelta(weeks=week - RUNNING, days=6),
            )
            written = [
                row
                for table, column in (("episodes", "happened_on"), ("reflections", "week"), ("ruptures", "noticed_on"),
                                      ("ruptures", "closed_on"), ("repair_steps", "taken_on"))
                for row in rows(table, today, team_id=key("team", team))
                if row[column] and first <= row[column] <= last
            ]  # fmt: skip
            assert bool(written) == (week not in CLOSED_WEEKS[team]), (team, week)


@on_any_day
def test_every_row_belongs_to_rows_that_are_there(today):
    for table, links in PARENTS.items():
        for here, parent, there in links:
            known = {tuple(row[name] for name in there) for row in rows(parent, today)}
            for row in rows(table, today):
                pointing = tuple(row[name] for name in here)
                optional = [name for name in here if name.endswith("_id") and row[name] is None]
                assert optional or pointing in known, (table, here, row)


@on_any_day
def test_keys_are_used_once_and_rows_of_a_table_are_alike(today):
    for table, found in clinic(today).tables.items():
        names = {tuple(row) for row in found}
        assert len(names) == 1, table
        named = ("id", "reflection_id", "part", "review_id", "strategy_id", "item_id", "cause")
        own = [n for n in named if n in found[0]] or ["team_id"]
        own = ["id"] if "id" in own else own
        keys = Counter(tuple(row[name] for name in own) for row in found)
        assert [k for k, times in keys.items() if times > 1] == [], table
    weeks_of = Counter((r["therapist_id"], r["team_id"], r["week"]) for r in rows("reflections", today))
    assert set(weeks_of.values()) == {1}


@on_any_day
def test_time_goes_forward(today):
    started = {case["id"]: case["started_on"] for case in rows("cases", today)}
    for episode in rows("episodes", today):
        assert started[episode["case_id"]] <= episode["happened_on"]
        assert episode["happened_on"].weekday() < 5
    ruptures = {rupture["id"]: rupture for rupture in rows("ruptures", today)}
    for rupture in ruptures.values():
        assert (rupture["closed_on"] is None) == (rupture["outcome"] is None)
        assert rupture["closed_on"] is None or rupture["closed_on"] >= rupture["noticed_on"]
    for step in rows("repair_steps", today):
        rupture = ruptures[step["rupture_id"]]
        assert rupture["noticed_on"] <= step["taken_on"] <= (rupture["closed_on"] or today)
        assert step["stage"] != "repaired" or rupture["outcome"] == "repaired"
    for use in rows("prompt_uses", today):
        if use["rupture_id"]:
            rupture = ruptures[use["rupture_id"]]
            assert rupture["noticed_on"] <= use["used_at"].date()
    for reflection in rows("reflections", today):
        assert reflection["week"].weekday() == 0
        assert (
            reflection["week"] <= reflection["handed_in_at"].date() <= reflection["week"] + timedelta(days=11)
        )
        assert (reflection["read_at"] is None) == (reflection["read_by"] is None)
        assert reflection["read_at"] is None or reflection["read_at"] > reflection["handed_in_at"]


def test_a_case_has_one_rupture_open_at_a_time_and_one_episode_a_session():
    for case in CASES.values():
        spans = sorted(
            (r["noticed_on"], r["closed_on"] or A_MONDAY) for r in rows("ruptures", case_id=case.id)
        )
        assert all(ends < starts for (_, ends), (starts, _) in pairwise(spans)), case.code
        days = Counter(e["happened_on"] for e in rows("episodes", case_id=case.id))
        assert set(days.values()) <= {1}, case.code


def test_closed_and_paused_cases_have_ended():
    for case in CASES.values():
        if case.until is not None:
            end = clinic().day(case.until)
            assert all(e["happened_on"] < end for e in rows("episodes", case_id=case.id))
            assert all(r["closed_on"] and r["closed_on"] < end for r in rows("ruptures", case_id=case.id))


@pytest.mark.parametrize("today", DAYS[1:7], ids=lambda day: f"{day:%a}")
def test_a_later_day_of_the_week_only_adds_to_it(today):
    """Closing a rupture or reading a reflection may come later in the week; what was entered stays as it was."""
    later = {
        "closed_on",
        "outcome",
        "read_at",
        "read_by",
        "next_review_on",
        "held_on",
    }  # one plan is always due today, and one meeting held
    ends = {"goals": {"state"}, "tasks": {"state"}, "strategies": {"ended_on"}}
    for table, found in clinic(A_MONDAY).tables.items():
        stays = [name for name in found[0] if name not in later | ends.get(table, set())]
        after = {str([row[name] for name in stays]) for row in clinic(today).tables[table]}
        assert [row for row in found if str([row[name] for name in stays]) not in after] == [], table


def test_the_same_clinic_comes_out_of_every_run():
    program = (
        "import hashlib; from tests.stack.test_demo_clinic import clinic;"
        "print(hashlib.sha256(repr(clinic().tables).encode()).hexdigest())"
    )
    path = os.pathsep.join((str(ROOT), str(ROOT / "supabase" / "embedded")))
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": path, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert runs == {hashlib.sha256(repr(clinic().tables).encode()).hexdigest()}


# --- Fit for the app ------------------------------------------------------------------------------------------------


def test_every_key_is_a_word_of_the_vocabulary():
    columns = {
        "memberships": {"role": "member_role"},
        "cases": {"state": "case_state"},
        "episodes": {"kind": "episode_kind", "markers": "episode_kind", "first_blame": "blame",
                     "next_move": "next_move", "named": "named", "outside": "outside_factor"},
        "reflections": {"behaviours": "rapport_behaviour"},
        "reflection_parts": {"part": "reflection_part"},
        "ruptures": {"kind": "rupture_kind", "outcome": "rupture_outcome"},
        "repair_steps": {"stage": "repair_stage"},
        "prompt_uses": {"verdict": "prompt_verdict"},
    }  # fmt: skip
    for table, enums in columns.items():
        for column, enum in enums.items():
            used: set[str] = set()
            for row in rows(table):
                value = row[column]
                used |= set(value) if isinstance(value, list) else {value} - {None}
            assert used <= set(vocabulary.ENUMS[enum]), (table, column)
            assert len(used) > 1


class Letterbox:
    """Stands where the outbox would, and keeps what was handed in."""

    def accept(self, **operation: Any) -> None:
        self.got = operation


def test_every_reflection_could_have_been_handed_in_through_the_app():
    outbox, written = Letterbox(), {}
    for part in rows("reflection_parts"):
        written.setdefault(part["reflection_id"], {})[part["part"]] = reflections.Part(
            part["content"]["value"], part["shared"]
        )
    for row in rows("reflections"):
        given = {r["cause"]: r["rating"] for r in rows("ratings", reflection_id=row["id"])}
        reflections.hand_in(
            outbox, therapist=row["therapist_id"], team=row["team_id"], week=row["week"], ratings=given,
            behaviours=row["behaviours"], parts=written[row["id"]], based_on=0, today=A_MONDAY,
        )  # fmt: skip
        assert outbox.got["entity"] == str(row["id"]), "handing in again must change this one"
        sent = outbox.got["params"]["parts"]
        assert sent == {
            name: {"value": part.value, "shared": part.shared} for name, part in written[row["id"]].items()
        }
        assert set(given) == set(vocabulary.CAUSES)
    assert {part["part"] for part in rows("reflection_parts")} == set(vocabulary.REFLECTION_PARTS)
    assert {p["shared"] for p in rows("reflection_parts", part="private_text")} == {False}
    assert {p["shared"] for p in rows("reflection_parts", part="strength")} == {True, False}


def test_marked_prompts_are_of_the_library_and_of_every_stage():
    stages = {prompt.slug: prompt.stage for prompt in LIBRARY}
    marked = Counter(stages[use["prompt"]] for use in rows("prompt_uses"))
    assert set(marked) == set(vocabulary.PROMPT_STAGES)
    assert len({use["prompt"] for use in rows("prompt_uses")}) > 40


def test_a_library_without_a_fitting_prompt_is_said():
    with pytest.raises(LookupError, match="no prompt of stage validate"):
        build(A_MONDAY, [prompt for prompt in LIBRARY if prompt.stage != "validate"])


def test_the_sign_ins_are_those_that_the_sign_in_page_shows():
    shown = json.loads((ROOT / "supabase" / "demo_accounts.json").read_text(encoding="utf-8"))
    assert [(a["email"], a["password"], a["name"], a["role"]) for a in shown] == list(SIGN_INS)
    assert len(PASSWORD) >= 12
    assert len(SIGN_INS) == len(set(SIGN_INS)) == len(PEOPLE)


# --- Words ----------------------------------------------------------------------------------------------------------


def test_nothing_written_could_identify_anybody():
    everything = [
        *texts(),
        *words_of_weeks.STRENGTHS,
        *words_of_weeks.ONLY_FOR_ME,
        *words_of_sessions.MEETING_NOTES,
    ]
    assert {text: found for text in everything if (found := identifying.sentence(text))} == {}
    names = re.compile("|".join(name for person in PEOPLE.values() for name in person.name.split()))
    assert [text for text in everything if names.search(text)] == []
    assert [text for text in everything if re.search(r"\d", text)] == []


def test_no_text_blames_a_client():
    blaming = re.compile(
        r"resistan|non-?complian|manipulat|\blazy|unmotivated|refuses to|in denial|stubborn", re.I
    )
    assert [text for text in texts() if blaming.search(text)] == []


def test_texts_vary():
    notes = Counter(note["body"] for note in rows("notes"))
    assert [body for body, times in notes.items() if times > 1] == []
    assert max(map(len, notes)) <= 300
    assert len(set(texts())) > 250
    week_of = {r["id"]: (r["team_id"], r["week"]) for r in rows("reflections")}
    side_by_side = Counter(
        (week_of[part["reflection_id"]], json.dumps(part["content"]))
        for part in rows("reflection_parts")
        if part["part"] not in ("frustration", "feelings", "reframes")
    )
    assert [said for said, times in side_by_side.items() if times > 1] == []


# --- Stories --------------------------------------------------------------------------------------------------------


def test_a_stagnant_case_has_the_same_cause_week_after_week():
    case = CASES["C-0387"]
    episodes = sorted(rows("episodes", case_id=case.id), key=lambda e: e["happened_on"])[-8:]
    assert {e["kind"] for e in episodes} == {"stalled", "yes_but", "homework_not_done"}
    own_agenda = [r["rating"] for e in episodes for r in rows("ratings", episode_id=e["id"], cause=2)]
    assert len(own_agenda) == len(episodes)
    assert min(own_agenda) >= 3
    assert "yes" not in {e["named"] for e in episodes}
    assert rows("ruptures", case_id=case.id) == []


def test_a_rupture_went_over_the_full_ladder():
    [rupture] = rows("ruptures", case_id=CASES["C-0412"].id)
    steps = sorted(rows("repair_steps", rupture_id=rupture["id"]), key=lambda s: s["taken_on"])
    assert [s["stage"] for s in steps] == ["noticed", "named", "explored", "need_expressed", "repaired"]
    assert all(rows("notes", repair_step_id=s["id"], shared=True) for s in steps)
    assert rupture["outcome"] == "repaired"
    assert [u["verdict"] for u in rows("prompt_uses", rupture_id=rupture["id"])].count("helped") == 3


@on_any_day
def test_nora_has_one_rupture_waiting_and_one_in_repair(today):
    waiting, in_repair = sorted(of("nora", "ruptures", today, closed_on=None), key=lambda r: r["noticed_on"])
    assert 20 <= (today - waiting["noticed_on"]).days <= 26
    assert rows("repair_steps", today, rupture_id=waiting["id"]) == []
    last_step = max(s["taken_on"] for s in rows("repair_steps", today, rupture_id=in_repair["id"]))
    assert (today - last_step).days <= 10
    assert 12 <= (today - in_repair["noticed_on"]).days <= 18


@on_any_day
def test_noras_week_is_due_and_last_weeks_intention_is_there(today):
    monday = today - timedelta(days=today.weekday())
    assert of("nora", "reflections", today, week=monday) == []
    [last] = of("nora", "reflections", today, week=monday - timedelta(weeks=1))
    [intention] = rows("reflection_parts", today, reflection_id=last["id"], part="intention")
    assert len(intention["content"]["value"]) > 20
    assert last["read_at"] is None


@on_any_day
def test_amara_has_gone_silent_with_a_rupture_open(today):
    last = max(e["happened_on"] for e in of("amara", "episodes", today))
    assert (today - last).days > 35
    assert max(r["week"] for r in of("amara", "reflections", today)) <= last
    assert [r["case_id"] for r in of("amara", "ruptures", today, closed_on=None)] == [CASES["C-0437"].id]


@pytest.mark.parametrize(("person", "blame"), [("jonas", "client"), ("grace", "myself")])
def test_somebodys_first_blame_drifts(person, blame):
    episodes = sorted(of(person, "episodes"), key=lambda e: e["happened_on"])
    third = len(episodes) // 3
    assert share(episodes[:third], blame) < 0.35
    assert share(episodes[-third:], blame) >= 0.75


def test_grace_is_frustrated_and_knows_what_to_let_go_of():
    weeks = sorted(of("grace", "reflections"), key=lambda r: r["week"])[-6:]
    felt = [
        p["content"]["value"]
        for r in weeks
        for p in rows("reflection_parts", reflection_id=r["id"], part="frustration")
    ]
    assert min(felt) >= 3
    [let_go] = rows("reflection_parts", reflection_id=weeks[-1]["id"], part="let_go")
    assert let_go["shared"]


def test_edwins_membership_is_over_and_so_is_his_work():
    [role] = rows("memberships", person_id=PEOPLE["edwin"].id)
    assert role["ends_on"] < A_MONDAY
    assert max(e["happened_on"] for e in of("edwin", "episodes")) < role["ends_on"]
    assert {c["state"] for c in of("edwin", "cases")} == {"closed"}


def test_a_supervisor_has_recorded_a_step_herself_or_himself():
    [step] = [s for s in rows("repair_steps") if s["recorded_by"] != s["therapist_id"]]
    assert (step["recorded_by"], step["stage"]) == (PEOPLE["omar"].id, "parked")
    assert rows("notes", repair_step_id=step["id"], shared=True)


def test_the_talk_about_homework_is_a_theme_that_helped():
    uses = rows("prompt_uses", theme_cause=2, team_id=key("team", "north"))
    assert Counter(u["verdict"] for u in uses)["helped"] >= 3
    assert all(u["therapist_id"] is None and u["case_id"] is None for u in uses)
