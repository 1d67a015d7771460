"""Ordinary ruptures out of the ordinary weeks, their repair steps, and what the supervision meetings made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo_clinic import curves, words_of_sessions
from demo_clinic.ordinary import Deck
from demo_clinic.people import PEOPLE, RUNNING, SUPERVISOR, TEAMS, draws
from demo_clinic.records import CLOSED_WEEKS, Entry, Records

NORAS_TWO = 20  # from this week on Nora has the two ruptures of her stories open and no others

RUPTURE_KIND = {
    "withdrawal": ("withdrawal", "withdrawal", "mixed"), "topic_avoided": ("withdrawal",), "stalled": ("withdrawal",),
    "confrontation": ("confrontation", "confrontation", "mixed"), "yes_but": ("confrontation", "mixed"),
    "homework_not_done": ("withdrawal", "mixed"), "other": ("mixed",),
}  # fmt: skip
# Which fall of the dice: with these, the periods of the safe view end where the story turns.
FALL = {"north": 18, "south": 8}

PARKED = "Put aside on purpose until the two of them are back from leave; then it comes first."
LIKELY = ("confrontation", "withdrawal", "topic_avoided", "yes_but", "stalled", "homework_not_done", "other")


@dataclass(slots=True)
class Course:
    """A rupture with the day on which it is closed, if it is, as the meetings come to know of it."""

    rupture: Entry
    until: date | None
    discussed: int = 0


def ruptures(records: Records, episodes: Sequence[Entry]) -> list[Course]:
    """A rupture for some of the episodes, spread evenly over weeks and people."""
    courses: list[Course] = []
    notes = {
        stage: Deck(texts, chance=draws("steps", stage), once=True)
        for stage, texts in words_of_sessions.STEP_NOTES.items()
    }
    for team in TEAMS:
        chance, due, last = draws("ruptures", team, FALL[team]), 0.5, dict.fromkeys(PEOPLE, -1)
        for week in range(RUNNING + 1):
            due += curves.at(curves.OPENED_A_WEEK[team], week) * (week not in CLOSED_WEEKS[team])
            fresh = [e for e in episodes if e.case.team == team and records.week(e.day) == week]
            if week >= NORAS_TWO:
                fresh = [e for e in fresh if e.case.person != "nora"]
            fresh.sort(key=lambda e: (last[e.case.person], LIKELY.index(e.kind), e.day))
            for episode in fresh:
                if due < 1:
                    break
                if last[episode.case.person] < week and _free(episode, courses):
                    due -= 1
                    last[episode.case.person] = week
                    courses.append(_course(records, chance, episode, week, notes))
    return courses


def _free(episode: Entry, courses: Sequence[Course]) -> bool:
    """Whether the case has no rupture open on that day, and none that stories_*.py tells."""
    return episode.case.told_from is None and not any(
        c.rupture.case == episode.case and (c.until is None or c.until >= episode.day) for c in courses
    )


def _course(records: Records, chance: Random, episode: Entry, week: int, notes: dict[str, Deck]) -> Course:
    team = episode.case.team
    slow = chance.random() * 100 < curves.at(curves.SLOW[team], week)
    days = round(
        curves.at((curves.DAYS_SLOW if slow else curves.DAYS_QUICK)[team], week) * chance.uniform(0.75, 1.25)
    )
    if week == 0:
        days = 5  # the record starts with one that is repaired at once, so that openings and closings show together
    rupture = records.rupture(episode.case, episode.day, chance.choice(RUPTURE_KIND[episode.kind]), episode)

    def on(part: float) -> date:
        return records.workday(team, episode.day + timedelta(days=round(days * part)))

    def step(stage: str, part: float, noted: float = 0.22) -> None:
        note = (notes[stage].deal() or "") if chance.random() < noted else ""
        records.step(rupture, stage, on(part), note=note, shared=chance.random() < 0.6)

    closed = on(1)
    ends = episode.case.until
    outcome = chance.choices(("repaired", "partly", "not_repaired"), (74, 18, 8))[0]
    if ends is not None and records.week(closed) >= ends:
        closed, outcome = records.day(ends - 1, 4), "ended" if episode.case.state == "closed" else "partly"
    # Where repair is slow it is the first steps that are missing: noticed, and then nothing for weeks.
    if chance.random() < 0.8:
        step("noticed", 0, 0.1)
    for stage, part, often in (("named", 0.25, 0.9), ("explored", 0.5, 0.75), ("need_expressed", 0.75, 0.5)):
        if chance.random() < often * (0.55 if slow else 1) and on(part) < closed:
            step(stage, part)
    if outcome == "repaired":
        step("repaired", 1)
    elif outcome == "partly" and chance.random() < 0.4 and on(0.9) < closed:
        step("parked", 0.9)
    records.close(rupture, closed, outcome)
    return Course(rupture, closed)


def meetings(records: Records, courses: Sequence[Course]) -> None:
    """Supervision every two weeks: one or two open ruptures, first understood, at the next meeting taken further."""
    notes = Deck(words_of_sessions.MEETING_NOTES, chance=draws("meeting notes"), once=True)
    for team, first, weekday in (("north", 1, 2), ("south", 2, 3)):
        chance, lead = draws("meetings", team), SUPERVISOR[team]
        for week in range(first, RUNNING + 1, 2):
            day = records.day(week, weekday)
            if week in CLOSED_WEEKS[team]:
                continue
            open_now = [
                c for c in courses
                if c.rupture.case.team == team and c.rupture.day <= day and (c.until is None or c.until >= day)
            ]  # fmt: skip
            open_now.sort(key=lambda c: (c.discussed, c.rupture.day))
            for course in open_now[: chance.choice((1, 2))]:
                stages = ("validate", "contribution") if not course.discussed else ("protect", "later")
                course.discussed += 1
                for stage in stages:
                    verdict = chance.choices(("used", "helped", "not_now"), (48, 38, 14))[0]
                    noted = stage == stages[0] and chance.random() < 0.6
                    records.mark(
                        stage, day, verdict, by=lead, team=team, rupture=course.rupture,
                        note=(notes.deal() or "") if noted else "", shared=chance.random() < 0.6,
                    )  # fmt: skip
            if (team, week) == ("south", 24) and open_now:
                # Decided together, and so recorded by the supervisor: the one that has been open for longest waits.
                oldest = min(open_now, key=lambda c: c.rupture.day).rupture
                records.step(oldest, "parked", day, by=lead, note=PARKED, shared=True)
