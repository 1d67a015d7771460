"""The ordinary weeks: episodes and reflections as they come, moved by the curves of each team and person."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from random import Random
from typing import Any

from demo_clinic import curves, words_of_sessions, words_of_weeks
from demo_clinic.people import CASES, PEOPLE, RUNNING, SUPERVISOR, TEAMS, Case, draws
from demo_clinic.records import CLOSED_WEEKS, Entry, Records

BEHAVIOURS = (
    "eye_contact", "matching", "neutral_framing", "name_used", "tone_set", "real_person", "approachable", "interested",
)  # fmt: skip
FEELINGS_LIGHT = ("calm", "close", "curious", "hopeful", "uncertain", "sad")
FEELINGS_HEAVY = ("uncertain", "inadequate", "worried", "pressured", "irritated", "distant", "bored")
REFRAMES = ("realistic_expectations", "mistakes_allowed", "attend_to_client", "repair_heals")

# Which fall of the dice: with this one, periods of the first blame end before and begin after Team South's closed weeks.
FALL = 5


class Deck:
    """Texts dealt one by one; shuffled again only when all have been dealt."""

    def __init__(self, cards: Iterable[Any], *, chance: Random, once: bool = False) -> None:
        self._all, self._left, self._chance, self._once = list(cards), [], chance, once
        self._shuffle()

    def _shuffle(self) -> None:
        self._left = self._chance.sample(self._all, len(self._all))

    def deal(self, unless: Iterable[Any] = ()) -> Any | None:
        """The next card that is not among `unless`; None when a deck that is dealt once is used up."""
        if not self._left and not self._once:
            self._shuffle()
        taken = list(unless)
        card = next((card for card in self._left if card not in taken), None)
        if card is not None:
            self._left.remove(card)
        return card


def episodes(records: Records) -> list[Entry]:
    """Episodes of all cases as long as no story is told of them, oldest week first."""
    notes = {
        kind: Deck(texts, chance=draws("notes", kind), once=True)
        for kind, texts in words_of_sessions.EPISODE_NOTES.items()
    }
    chances = {pair: draws("episodes", *pair) for pair in curves.EPISODES_A_WEEK}
    even = {name: curves.Evenly(draws("evenly", name, FALL)) for name in PEOPLE}
    even |= {name: curves.Evenly(draws("evenly", name)) for name in TEAMS}
    logged = []
    for week in range(RUNNING + 1):
        for (person, team), counts in curves.EPISODES_A_WEEK.items():
            chance, cases = chances[person, team], _cases_of(person, team, week)
            if cases and week not in curves.AWAY[person] and week not in CLOSED_WEEKS[team]:
                # One session a week, always on the same day: so a case has at most one episode in a week.
                met = chance.sample(cases, min(chance.choice(counts), len(cases)))
                for case in sorted(met, key=attrgetter("weekday")):
                    logged.append(_episode(records, chance, even, case, week, notes))
    return logged


def _cases_of(person: str, team: str, week: int) -> list[Case]:
    return [
        case
        for case in CASES.values()
        if (case.person, case.team) == (person, team) and case.is_ordinary_in(week)
    ]


def _episode(
    records: Records, chance: Random, even: Mapping[str, curves.Evenly], case: Case, week: int,
    notes: Mapping[str, Deck],
) -> Entry:  # fmt: skip
    team, person = even[case.team], even[case.person]
    kind = team.draw(curves.KIND_WEIGHTS[case.team], week, liked=case.leaning)
    rated = set(curves.GOES_WITH[kind][:2]) | set(chance.sample(range(1, 7), 2))
    levels = {
        cause: curves.at(curve, week) + 0.2 * (cause in curves.GOES_WITH[kind])
        for cause, curve in curves.CAUSE_LEVELS[case.team].items()
    }
    has_note = chance.random() < 0.24
    return records.episode(
        case,
        records.day(week, case.weekday),
        kind,
        markers=[m for m in chance.sample(curves.COMPANIONS[kind], 1) if chance.random() < 0.4],
        intensity=chance.choices((1, 2, 3, 4, 5, None), (6, 24, 36, 20, 6, 8))[0],
        blame=person.draw(curves.BLAME[case.person], week),
        next_move=person.draw(curves.NEXT_MOVES[case.team], week),
        named=person.draw(curves.NAMED[case.team], week),
        outside=[factor for factor in ("social_support", "life_event") if chance.random() < 0.13],
        ratings={cause: curves.rating(chance, levels[cause]) for cause in sorted(rated)},
        note=(notes[kind].deal() or "") if has_note else "",
        shared=chance.random() < 0.5,
    )


def reflections(records: Records, told: Mapping[tuple[str, int], Mapping[str, tuple[Any, bool]]]) -> None:
    """Weekly reflections of everybody; what the stories have `told` for a person and week comes instead of chance."""
    chances = {pair: draws("reflections", *pair) for pair in curves.HANDED_IN}
    decks = {pair: _decks(pair) for pair in curves.HANDED_IN}
    for week in range(RUNNING + 1):
        said: dict[str, list[Any]] = {}  # in a team this week: two people never write the same
        for (person, team), often in curves.HANDED_IN.items():
            chance, story = chances[person, team], told.get((person, week), {})
            here = any(r.team == team and (r.until is None or week < r.until) for r in PEOPLE[person].roles)
            if not here or week in curves.AWAY[person] or week in CLOSED_WEEKS[team]:
                continue
            if week == RUNNING and person == "nora":
                continue  # hers is due: the visitor of the demo writes it
            before_closing = week + 1 in CLOSED_WEEKS[team]  # everybody clears their desk
            if chance.randrange(100) < often or story or before_closing:
                written = said.setdefault(team, [])
                _reflection(records, chance, (person, team), week, decks[person, team], story, written)


def _decks(pair: tuple[str, str]) -> dict[str, Deck]:
    texts: dict[str, Sequence[Any]] = {
        "strength": words_of_weeks.STRENGTHS, "intention": words_of_weeks.INTENTIONS,
        "shared_text": words_of_weeks.FOR_SUPERVISION, "private_text": words_of_weeks.ONLY_FOR_ME,
        "avoided_topic": words_of_weeks.AVOIDED, "not_brought": words_of_weeks.NOT_BROUGHT,
        "let_go": words_of_weeks.LET_GO, "expectation": words_of_weeks.EXPECTATIONS, "support": words_of_weeks.SUPPORTS,
    }  # fmt: skip
    return {part: Deck(cards, chance=draws("words", part, *pair)) for part, cards in texts.items()}


def _reflection(
    records: Records, chance: Random, pair: tuple[str, str], week: int, decks: Mapping[str, Deck],
    story: Mapping[str, tuple[Any, bool]], said: list[Any],
) -> None:  # fmt: skip
    person, team = pair
    ratings = {
        cause: curves.rating(chance, curves.at(curve, week))
        for cause, curve in curves.CAUSE_LEVELS[team].items()
    }
    missing = (ratings[1] or 0) + chance.choice((0, 1, 1, 2))
    behaviours = [b for b in BEHAVIOURS if b not in chance.sample(BEHAVIOURS, min(6, missing))]
    parts = {**_parts(chance, person, week, ratings, decks, said), **story}
    # Friday, Thursday, Sunday, the Monday after, a whole week late
    late = chance.choices((4, 3, 6, 7, 11), (62, 12, 12, 11, 3))[0]
    on_time = story or week + 1 in CLOSED_WEEKS[team]
    handed_in = records.day(week, 3 if on_time and late > 4 else late)
    # Supervisors read on the Tuesday after; of the last weeks not everything yet.
    nora_may_still_change_it = person == "nora" and week == RUNNING - 1
    read = None
    if week < RUNNING - 2 or (chance.random() < 0.6 and not nora_may_still_change_it):
        read = SUPERVISOR[team], records.workday(team, records.day(records.week(handed_in) + 1, 1))
    records.reflection(
        person, team, week, handed_in=handed_in, behaviours=behaviours, ratings=ratings, parts=parts, read=read
    )  # fmt: skip


def _parts(
    chance: Random, person: str, week: int, ratings: Mapping[int, int | None], decks: Mapping[str, Deck],
    said: list[Any],
) -> dict[str, tuple[Any, bool]]:  # fmt: skip
    """The parts of one week. Which are written, and which of them are shared, is up to chance."""
    parts: dict[str, tuple[Any, bool]] = {}

    def write(part: str, written: float, shared: float) -> None:
        if chance.random() < written:
            card = decks[part].deal(said)
            if card is not None:
                said.append(card)
                parts[part] = (card, chance.random() < shared)

    frustration = max(0, min(4, round(chance.gauss(curves.at(curves.FRUSTRATION[person], week), 0.6))))
    if chance.random() < 0.93:
        parts["frustration"] = (frustration, chance.random() < 0.55)
    if frustration >= 3:
        write("let_go", 0.85, 0.5)
    write("expectation", 0.4, 0.4)
    if "expectation" in parts:
        (whose, realistic, text), shared = parts["expectation"]
        parts["expectation"] = ({"whose": whose, "realistic": realistic, "text": text}, shared)
    if chance.random() < 0.65:
        words = FEELINGS_HEAVY if frustration + (ratings[6] or 0) >= 4 else FEELINGS_LIGHT
        parts["feelings"] = (chance.sample(words, chance.choice((1, 2, 2))), chance.random() < 0.35)
    if chance.random() < (0.75 if (ratings[6] or 0) >= 3 else 0.2):
        used = chance.sample(REFRAMES, chance.choice((1, 1, 2)))
        helped = chance.choices(("yes", "a_little", "no"), (40, 42, 18))[0]
        parts["reframes"] = ({"used": used, "helped": helped}, chance.random() < 0.4)
    write("support", 0.45, 0.4)
    if "support" in parts:
        (used, text), shared = parts["support"]
        parts["support"] = ({"used": list(used), "text": text} if used else {"text": text}, shared)
    write("strength", 0.72, 0.6)
    write("intention", 0.78, 0.45)
    write("avoided_topic", 0.22, 0.3)
    write("shared_text", 0.5, 1)
    write("private_text", 0.32, 0)
    write("not_brought", 0.1, 0)
    return parts
