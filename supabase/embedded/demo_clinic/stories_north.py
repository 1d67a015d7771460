"""The stories in Team North: stuck, repaired, waiting, silent, and a talk about whose homework it is.

Each is a thing that somebody should be able to find on a screen. Dates are weeks and weekdays of the story (0 is
Monday); "about 23 days ago" is a Tuesday three weeks back. `tell` writes the scripted cases and what the team made of
them; `told` says what goes into somebody's reflection of a week, part by part, each with whether it is shared.
"""

from typing import Any

from demo_clinic.people import CASES, PEOPLE, RUNNING
from demo_clinic.records import Records

LAST = RUNNING - 1  # the last complete week
Told = dict[tuple[str, int], dict[str, tuple[Any, bool]]]


def told() -> Told:
    """What goes into reflections: (person, week) → part → (value, shared)."""
    story: Told = {}
    _theo_holds_on(story)
    _nora_goes_on(story)
    _jonas_drifts(story)
    return story


def tell(records: Records) -> None:
    """The scripted cases, and what the team made of them."""
    _stagnant(records)
    _repaired_over_the_full_ladder(records)
    _open_and_waiting(records)
    _silent_with_something_open(records)
    _in_repair(records)
    _ownership_in_team_north(records)


# --- A stagnant case: Theo's C-0387 -------------------------------------------------------------------------------
# Team North has let go of its own agenda; in this case it has not happened. The same cause, 3 or 4, week after week,
# homework not done again and again, "yes, but", and the task is insisted on. Not yet named with the client.


def _stagnant(records: Records) -> None:
    case = CASES["C-0387"]
    script = (
        # week, weekday, kind, markers, intensity, next move, {cause: rating}, note
        (1, 1, "homework_not_done", (), 2, "insisted", {2: 2, 4: 2}, ""),
        (6, 3, "yes_but", (), 3, "insisted", {2: 2, 3: 2, 4: None}, "A good list of steps, and a good reason beside each."),
        (10, 1, "stalled", ("yes_but",), 3, "changed_course", {2: 3, 5: 2}, ""),
        (13, 1, "homework_not_done", (), 3, "insisted", {2: 3, 4: 2, 3: 2}, "The steps were not taken. I set them again, smaller."),
        (14, 2, "yes_but", ("homework_not_done",), 3, "insisted", {2: 3, 3: 3}, ""),
        (15, 1, "stalled", ("yes_but",), 3, "insisted", {2: 4, 6: 1}, "I work hard in this one. It shows, and not in a good way."),
        (16, 1, "homework_not_done", ("yes_but",), 4, "insisted", {2: 3, 4: None}, ""),
        (17, 3, "stalled", (), 3, "nothing", {2: 3, 3: 2, 5: 2}, ""),
        (19, 1, "homework_not_done", ("stalled",), 4, "insisted", {2: 4, 3: 3}, "Fifth time. Neither of us said so."),
        (20, 1, "yes_but", ("stalled",), 4, "changed_course", {2: 3, 4: 2}, ""),
        (21, 2, "stalled", ("yes_but", "homework_not_done"), 4, "insisted", {2: 4, 5: None}, "Same plan, new paper."),
        (22, 1, "homework_not_done", ("yes_but",), 4, "insisted", {2: 3, 3: 3, 4: 1}, ""),
        (23, 1, "stalled", ("yes_but",), 4, "insisted", {2: 4, 6: 2}, "They asked what I would do. I told them, at length."),
        (24, 2, "yes_but", ("stalled",), 5, "insisted", {2: 4, 3: 3}, "Twelve sessions on a goal that I wrote down alone."),
        (25, 1, "homework_not_done", ("stalled", "yes_but"), 4, "nothing", {2: 4, 4: 2, 3: 3},
         "Not done. I said nothing, and then wrote the same task on the sheet."),
    )  # fmt: skip
    for week, weekday, kind, markers, intensity, move, ratings, note in script:
        episode = records.episode(
            case, records.day(week, weekday), kind, markers=markers, intensity=intensity, next_move=move, ratings=ratings,
            blame=("neither", "client", "myself")[week % 3], named="planned" if week in (10, 20) else "not_yet", note=note,
            shared=week >= 19,
        )  # fmt: skip
        if week == 23:
            day = records.day(week, 2)
            sigrid = PEOPLE["sigrid"]
            records.mark("validate", day, "used", by=sigrid, team="north", episode=episode, cause=2)
            records.mark(
                "contribution", day, "not_now", by=sigrid, team="north", episode=episode, cause=2,
                note="Whose goal is it, in this case? We ran out of time before the answer. First item next time.",
            )  # fmt: skip


def _theo_holds_on(story: Told) -> None:
    story["theo", 24] = {
        "frustration": (3, True),
        "let_go": ("That they take the step because I can see it so clearly.", False),
        "shared_text": ("One case has been standing still for months. I am the one who is busy in it.", True),
    }
    story["theo", LAST] = {
        "frustration": (4, True),
        "expectation": (
            {"whose": "mine", "realistic": "no", "text": "That the steps are done by now."},
            True,
        ),
        "intention": ("Put my goal sheet away and ask what a good month would look like to them.", True),
    }


# --- A rupture repaired over the full ladder: Nora's C-0412 -----------------------------------------------------------


def _repaired_over_the_full_ladder(records: Records) -> None:
    case, nora, sigrid = CASES["C-0412"], PEOPLE["nora"], PEOPLE["sigrid"]
    for week, weekday, kind, blame, move, ratings, note in (
        (2, 1, "homework_not_done", "client", "insisted", {2: 3, 3: 2}, ""),
        (
            5,
            1,
            "yes_but",
            "client",
            "insisted",
            {2: 4, 3: 3},
            "I had three good ideas. That was three too many.",
        ),
        (9, 1, "withdrawal", "myself", "slowed_down", {1: 2, 5: None}, ""),
    ):
        records.episode(
            case, records.day(week, weekday), kind, blame=blame, next_move=move, named="not_yet", intensity=3,
            ratings=ratings, note=note,
        )  # fmt: skip
    episode = records.episode(
        case, records.day(13, 1), "confrontation", markers=("yes_but",), intensity=5, blame="myself", next_move="insisted",
        named="not_yet", ratings={1: 2, 2: 4, 3: 3, 5: 2}, shared=True,
        note="“You had decided before I sat down.” I went on with the plan all the same.",
    )  # fmt: skip
    rupture = records.rupture(case, records.day(13, 1), "confrontation", episode)
    for week, weekday, stage, note in (
        (13, 1, "noticed", "I heard it as an attack. By the evening it sounded like a fact."),
        (
            14,
            1,
            "named",
            "Said that I had gone on over their words. “Yes, you did.” We were quiet for a while.",
        ),
        (
            15,
            1,
            "explored",
            "Decisions were always made above their head, and then called help. My plan had been one more.",
        ),
        (17, 1, "need_expressed", "“Ask me first, and believe me when I say no.” I could say that I will."),
        (
            18,
            1,
            "repaired",
            "They brought a plan of their own, and asked what I thought. We used half of each.",
        ),
    ):
        records.step(rupture, stage, records.day(week, weekday), note=note, shared=True)
    records.close(rupture, records.day(18, 1), "repaired")
    first, second = records.day(13, 2), records.day(15, 2)
    records.mark(
        "validate", first, "helped", by=sigrid, team="north", rupture=rupture, cause=2,
        note="We took the client’s sentence as true and looked at what it asks for. Much lighter after that.",
    )  # fmt: skip
    records.mark("contribution", first, "helped", by=sigrid, team="north", rupture=rupture, cause=3)
    records.mark(
        "protect", second, "helped", by=sigrid, team="north", rupture=rupture, cause=5,
        note="The no protects a say in one’s own life. Nobody wanted to argue with it any more.",
    )  # fmt: skip
    records.mark(
        "later", records.day(18, 3), "used", by=nora, team="north", rupture=rupture, cause=2,
        note="Went through the plan line by line, a week after we were well again. Two lines went.",
    )  # fmt: skip
    for week, weekday, kind, ratings, note in (
        (21, 1, "yes_but", {2: 1, 3: 1}, "A “yes, but” that we could both smile at. The but was right."),
        (24, 3, "homework_not_done", {2: 0, 4: 2}, ""),
    ):
        records.episode(
            case, records.day(week, weekday), kind, blame="neither", next_move="asked", named="yes", intensity=2,
            ratings=ratings, note=note, shared=True,
        )  # fmt: skip


# --- Two open ruptures for Nora: one about 23 days old without a step, one with a step last week ----------------------


def _open_and_waiting(records: Records) -> None:
    case = CASES["C-0431"]
    day = records.day(RUNNING - 3, 1)
    episode = records.episode(
        case, day, "withdrawal", markers=("topic_avoided",), intensity=4, blame="myself", next_move="nothing",
        named="not_yet", ratings={1: 3, 5: 3, 6: 2}, shared=True,
        note="I mixed up two stories. A short “never mind”, and then we were polite for the rest of the hour.",
    )  # fmt: skip
    records.rupture(case, day, "withdrawal", episode)
    records.episode(
        case, records.day(LAST, 1), "withdrawal", intensity=3, blame="myself", next_move="nothing", named="planned",
        ratings={1: 3, 5: 2, 6: 3}, note="Everything is fine, they say, very kindly. I did not ask.", shared=False,
    )  # fmt: skip


# --- A silent therapist: Amara, nothing for five weeks, and in the last thing she wrote a rupture is open --------------


def _silent_with_something_open(records: Records) -> None:
    case, day = CASES["C-0437"], records.day(20, 2)
    episode = records.episode(
        case, day, "confrontation", markers=("yes_but",), intensity=4, blame="myself", next_move="nothing", named="not_yet",
        ratings={1: 3, 3: 2, 6: 3},
    )  # fmt: skip
    rupture = records.rupture(case, day, "confrontation", episode)
    records.step(rupture, "noticed", day)


def _in_repair(records: Records) -> None:
    case, sigrid = CASES["C-0455"], PEOPLE["sigrid"]
    day = records.day(RUNNING - 2, 2)
    episode = records.episode(
        case, day, "confrontation", markers=("yes_but",), intensity=4, blame="neither", next_move="slowed_down",
        named="planned", ratings={1: 1, 3: 3, 4: 2}, shared=True,
        note="“Do you ever listen, or do you only wait?” I think they have a point about the last weeks.",
    )  # fmt: skip
    rupture = records.rupture(case, day, "confrontation", episode)
    records.step(rupture, "noticed", day)
    records.mark(
        "validate", records.day(LAST, 2), "helped", by=sigrid, team="north", rupture=rupture, cause=3,
        note="One sentence to begin with, agreed in the group: “You told me something important, and I want to hear it.”",
    )  # fmt: skip
    records.step(
        rupture, "named", records.day(LAST, 3), shared=True,
        note="Began with the sentence. A long look, then: “All right. Then listen.” I did.",
    )  # fmt: skip


def _nora_goes_on(story: Told) -> None:
    story["nora", 13] = {
        "frustration": (3, True),
        "let_go": ("That my plan is right because it is a good plan.", True),
        "shared_text": (
            "I went on when I was told to stop. I would like to find the way back to that moment.",
            True,
        ),
    }
    story["nora", 18] = {
        "frustration": (0, True),
        "strength": ("Asked first, heard a no, and found that the work goes on.", True),
        "reframes": ({"used": ["repair_heals"], "helped": "yes"}, True),
    }
    # Last week's intention comes first on this week's page, which is still to be written.
    story["nora", LAST] = {
        "frustration": (2, True),
        "intention": ("Go back to the mixed-up story and say that I was the one who mixed it up.", True),
        "strength": ("Listened for a whole session without steering.", True),
        "shared_text": (
            "Two strains are open. One I have begun to mend; from the other I keep walking away.",
            True,
        ),
        "avoided_topic": ("My mistake with the two stories.", False),
        "feelings": (["uncertain", "hopeful"], True),
        "support": ({"used": ["colleague"], "text": "Said out loud how the mix-up happened."}, False),
        "private_text": ("I am afraid that “never mind” was meant for good.", False),
    }


# --- Jonas drifts to blaming the client (the drift itself is in curves.BLAME) --------------------------------------


def _jonas_drifts(story: Told) -> None:
    story["jonas", 20] = {
        "frustration": (3, False),
        "private_text": ("I hear myself say “they do not want to” rather often.", False),
    }
    story["jonas", LAST] = {
        "frustration": (3, True),
        "expectation": (
            {"whose": "mine", "realistic": "partly", "text": "A bit more effort from their side."},
            True,
        ),
        "feelings": (["irritated", "pressured"], True),
    }


# --- The talk about whose homework it is --------------------------------------------------------------------------


def _ownership_in_team_north(records: Records) -> None:
    # After the talk in week 9 cause 2 falls (curves.OWNERSHIP_TALK).
    for week, stage, verdict, note in (
        (5, "validate", "used", "Almost every case today had a task in it that nobody but us had wanted."),
        (
            9,
            "contribution",
            "helped",
            "Whose homework is it? Agreed: ask how much a task matters before it is one.",
        ),
        (9, "protect", "helped", "Not doing it may be the only no they have. A different picture at once."),
        (9, "later", "used", ""),
        (
            17,
            "contribution",
            "helped",
            "Looking back: fewer tasks, more of them done, and they are the clients’ own.",
        ),
    ):
        records.mark(
            stage, records.day(week, 2), verdict, by=PEOPLE["sigrid"], team="north", theme=2, note=note
        )
