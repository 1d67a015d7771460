"""The stories in Team South: one's own fault everywhere, and a distance that grows.

Each is a thing that somebody should be able to find on a screen. Dates are weeks and weekdays of the story (0 is
Monday); "about 23 days ago" is a Tuesday three weeks back. `tell` writes the scripted cases and what the team made of
them; `told` says what goes into somebody's reflection of a week, part by part, each with whether it is shared.
"""

from typing import Any

from demo_clinic.people import CASES, PEOPLE, RUNNING
from demo_clinic.records import Entry, Records

LAST = RUNNING - 1  # the last complete week
Told = dict[tuple[str, int], dict[str, tuple[Any, bool]]]


def told() -> Told:
    """What goes into reflections: (person, week) → part → (value, shared)."""
    story: Told = {}
    _grace_drifts(story)
    _south_keeps_away(story)
    return story


def tell(records: Records) -> None:
    """The scripted cases, and what the team made of them."""
    _own_fault(records)
    _distance_in_team_south(records)


# --- Grace drifts to blaming herself, and so a rupture is not spoken of (the drift itself is in curves.BLAME) --------


def _own_fault(records: Records) -> None:
    case, omar = CASES["C-0536"], PEOPLE["omar"]
    script = (
        (20, 2, "stalled", "Nothing moved. I went through all my sentences in the evening."),
        (22, 2, "withdrawal", "They were tired. I was sure it was because of me."),
        (
            24,
            2,
            "topic_avoided",
            "I changed the subject to spare us both, and then blamed myself for that as well.",
        ),
    )
    episodes: list[Entry] = [
        records.episode(
            case, records.day(week, weekday), kind, intensity=4, blame="myself", next_move="nothing", named="not_yet",
            ratings={1: 3, 6: 4, 5: None}, note=note, shared=True,
        )
        for week, weekday, kind, note in script
    ]  # fmt: skip
    # Open since week 20, noticed and nothing more: it is not spoken of because it seems to be her fault.
    rupture = records.rupture(case, records.day(20, 2), "withdrawal", episodes[0])
    records.step(rupture, "noticed", records.day(20, 2))
    records.mark(
        "contribution", records.day(24, 3), "used", by=omar, team="south", episode=episodes[2], cause=6,
        note="Own part and own fault are two things. We looked for the part, and it was small and ordinary.",
    )  # fmt: skip


def _grace_drifts(story: Told) -> None:
    story["grace", 19] = {"frustration": (3, True), "feelings": (["inadequate", "worried"], False)}
    story["grace", 22] = {
        "frustration": (4, True),
        "not_brought": ("That I think somebody else should have this caseload.", False),
    }
    story["grace", LAST] = {
        "frustration": (4, True),
        "let_go": ("That every silence is something I should have prevented.", True),
        "feelings": (["inadequate", "pressured"], True),
        "reframes": ({"used": ["realistic_expectations", "mistakes_allowed"], "helped": "a_little"}, True),
        "shared_text": (
            "Whatever happens in my sessions, I look for what I did wrong. I would like another question.",
            True,
        ),
    }


# --- A distance that grows: cause 6 creeps up (curves.CAUSE_LEVELS), and the team begins to see it -------------------


def _distance_in_team_south(records: Records) -> None:
    for week, stage, verdict, theme, note in (
        (12, "validate", "used", 4, ""),
        (
            20,
            "validate",
            "used",
            6,
            "It was easier to talk about the clients than about us. Said so, kindly.",
        ),
        (
            24,
            "validate",
            "helped",
            6,
            "Several of us let the hard moment pass because it is a hard month. That is understandable.",
        ),
        (
            24,
            "contribution",
            "not_now",
            6,
            "Too early to ask what each of us keeps away from. Next time, in pairs.",
        ),
    ):
        records.mark(
            stage, records.day(week, 3), verdict, by=PEOPLE["omar"], team="south", theme=theme, note=note
        )


def _south_keeps_away(story: Told) -> None:
    story["ravi", 23] = {
        "avoided_topic": ("Being asked what I feel about the work.", True),
        "reframes": ({"used": ["attend_to_client"], "helped": "a_little"}, True),
        "feelings": (["distant"], True),
    }
    story["milo", 24] = {
        "avoided_topic": ("The last quarrel; we are both being very careful.", True),
        "feelings": (["distant", "uncertain"], False),
        "intention": ("Say that I have been careful since the quarrel.", True),
    }
