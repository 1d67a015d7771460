"""The formulation cards, strategies and what became of them, questions for supervision, and a case to be handed over."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from demo_clinic.agreements import AGREED
from demo_clinic.case_records import CaseRecords
from demo_clinic.ordinary import Deck
from demo_clinic.people import CASES, LONG, RUNNING, draws
from demo_clinic.records import Records
from demo_clinic.visits import Visit
from demo_clinic.words_of_asking import SOCRATIC
from demo_clinic.words_of_formulations import BEFORE, CARDS, FEARS
from demo_clinic.words_of_work_south import ADJUSTED_IN_LONG, ADJUSTMENTS, WHAT_HELPED

# Cards that were gone through lately; the others have older fields and gaps.
FRESH = (
    "C-0412", "C-0455", "C-0433", "C-0452", "C-0416", "C-0547", "C-0532", "C-0551", "C-0536", "C-0549", "C-0521", "C-0511", LONG,
)  # fmt: skip
OLD = {"C-0387": range(2, 14), "C-0431": range(1, 12), "C-0555": range(3, 13)}

BETWEEN_REVIEWS = 6  # weeks
VERDICTS = ("works", "partly", "not")
FAILING = {"C-0387": (0, 25, 75), "C-0433": (0, 40, 60), "C-0532": (0, 70, 30), "C-0551": (10, 60, 30)}
DUE_TODAY = "C-0398"


def write(records: Records, visits: dict[str, list[Visit]]) -> None:
    """All cards, plans and questions."""
    adjustments = Deck(ADJUSTMENTS, chance=draws("adjustments"), once=True)
    long = Deck(ADJUSTED_IN_LONG, chance=draws("adjusted in the long case"), once=True)
    for code, case in CASES.items():
        writes = CaseRecords(records, case)
        if code in CARDS:
            _card(writes, visits[code])
        for place, (slug, answer) in enumerate(SOCRATIC.get(code, {}).items()):
            # The helper keeps its answers under the case, in the slot of the question.
            day = [v for v in visits[code] if v.week < RUNNING][-2 - 2 * place].day
            writes.text(day, "socratic", case.id, answer, shared=place % 2 == 0, slot=slug)
        if code in AGREED and AGREED[code].strategies:
            _plan(writes, visits[code], long if code == LONG else adjustments)
    _what_helped(records)
    _questions(records)
    # Ravi is about to work fewer days; nobody has decided yet.
    CaseRecords(records, CASES["C-0518"]).transfer(records.day(RUNNING - 1, 2))


def _card(writes: CaseRecords, visits: Sequence[Visit]) -> None:
    code = writes.case.code
    chance = draws("formulation", code)
    lately = [v for v in visits if 15 <= v.week < RUNNING]
    before = [v for v in visits if v.week < 13]
    now = lately if code in FRESH else [v for v in visits if v.week in OLD.get(code, range(RUNNING))]
    for field, words in CARDS[code].items():
        earlier = BEFORE.get((code, field), ())
        for version, was in enumerate(earlier, start=1):
            visit = before[len(before) * (version - 1) // len(earlier) + 2]
            writes.formulation(visit.day, field, version, was, shared=chance.random() < 0.6)
        visit = chance.choice(now)
        writes.formulation(visit.day, field, len(earlier) + 1, words, shared=chance.random() < 0.6)
    if code in FEARS:
        writes.formulation(chance.choice(now).day, "fears", 1, ticked=FEARS[code])


def _plan(writes: CaseRecords, visits: Sequence[Visit], adjustments: Deck) -> None:
    case, code = writes.case, writes.case.code
    chance, tried = draws("plan", code), AGREED[code].strategies
    rows: list[tuple[dict[str, Any], int]] = []
    for place, words in enumerate(tried):
        visit = visits[min(2 + place * len(visits) // len(tried), len(visits) - 1)]
        if rows and (len(tried) == 2 or place >= 2 or code == LONG) and code not in FAILING:
            # The one before is put down when a new one begins; where nothing works, both are kept up.
            writes.until(visit.day, rows[-1][0], ended_on=visit.day)
            rows[-1] = (rows[-1][0], visit.week)
        rows.append((writes.strategy(visit.day, words, shared=chance.random() < 0.6), RUNNING + 1))
    last = min(19 if code == "C-0387" else 25 - chance.randrange(4), visits[-1].week)
    apart = 13 if code == LONG else BETWEEN_REVIEWS
    for week in range(last - apart * (11 if code == LONG else 3), last + 1, apart):
        visit = next((v for v in visits if v.week >= week), visits[-1])
        current = [row for row, until in rows if row["started_on"] < visit.day and visit.week <= until]
        chosen = {row["id"]: chance.choices(VERDICTS, FAILING.get(code, (45, 42, 13)))[0] for row in current}
        adjusted, shared, open_end = (
            chance.random() < (0.6 if code == LONG else 0.28),
            chance.random() < 0.6,
            chance.random() < 0.08,
        )
        if week < case.since or not current:
            continue
        next_on = None if open_end else visit.day + timedelta(weeks=apart)
        if code == DUE_TODAY and week == last:
            next_on = writes.records.today
        writes.review(
            visit.day, next_on, chosen, (adjustments.deal() or "") if adjusted else "", shared=shared
        )


def _what_helped(records: Records) -> None:
    words = Deck(WHAT_HELPED, chance=draws("what helped"), once=True)
    cases = {case.id: case for case in CASES.values()}
    for rupture in records.tables["ruptures"]:
        closed, chance = rupture["closed_on"], draws("helped", rupture["id"])
        if (
            closed
            and records.week(closed) < RUNNING
            and rupture["outcome"] != "not_repaired"
            and chance.random() < 0.2
        ):
            said = words.deal()
            if said:
                writes = CaseRecords(records, cases[rupture["case_id"]])
                writes.text(closed, "rupture_helped", rupture["id"], said, shared=chance.random() < 0.6)


def _questions(records: Records) -> None:
    last = RUNNING - 1

    def ask(code: str, weekday: int, moment: str, question: str, **more: Any) -> None:
        episodes = [row for row in records.tables["episodes"] if row["case_id"] == CASES[code].id]
        about = next((row["id"] for row in episodes if records.week(row["happened_on"]) == last), None)
        CaseRecords(records, CASES[code]).question(
            records.day(last, weekday), moment, question, episode=about, **more
        )

    ask("C-0431", 3, "“Everything is fine”, very kindly, and I nodded.", "How do I go back to a mistake that nobody speaks of?",
        felt="Caught, and relieved that it was not named.", would_like="To try the first sentence out loud.")  # fmt: skip
    ask("C-0387", 2, "They asked what I would do, and I answered for a quarter of an hour.", "Whose goal have I been working on?",
        felt="Busy.", would_like="Somebody to stop me.")  # fmt: skip
    ask("C-0536", 3, "I changed the subject when it became quiet.", "What is my part, if not everything is my fault?",
        would_like="To look at one minute of the session, slowly.")  # fmt: skip
    ask(
        "C-0551",
        4,
        "I was sleepy for the second half, again.",
        "What does my tiredness know that I do not?",
        state="withdrawn",
    )
