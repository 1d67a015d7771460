"""Writes what belongs to a case into the records: sessions, agreements, answers, scores, the plan, and words about them.

Each text is stored by itself, as the app does it, under the row that it belongs to.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from demo_clinic.people import Case
from demo_clinic.records import Records

ANSWERS = ("goals", "way_of_working", "relationship")
MEASURES = {
    slug: (UUID(f"5c0e0000-0000-4000-8000-00000000000{place}"), highest)
    for place, (slug, highest) in enumerate(
        (("phq-9", 27), ("gad-7", 21), ("core-10", 40), ("own-week", 10), ("own-problem", 10)), start=1
    )
}


class CaseRecords:
    """The rows of one case."""

    def __init__(self, records: Records, case: Case) -> None:
        self.records, self.case = records, case

    def session(self, day: date, number: int, attendance: str, mode: str) -> None:
        """A booked session, held or not."""
        at = self.records.at(day)
        self._add(
            "sessions",
            day,
            number=number,
            held_on=day,
            attendance=attendance,
            mode=mode,
            stated_at=at,
            created_at=at,
        )

    def goal(self, day: date, set_by: str, importance: int, words: str, *, shared: bool) -> dict[str, Any]:
        """A goal; `until` gives it an end."""
        row = self._add("goals", day, set_by=set_by, importance=importance, state="open", set_on=day)
        self.text(day, "goal", row["id"], words, shared=shared)
        return row

    def progress(self, day: date, goal: Mapping[str, Any], progress: int) -> None:
        """How far a goal has come."""
        self._add("goal_progress", day, of_case=False, goal_id=goal["id"], on_day=day, progress=progress)

    def task(
        self, day: date, goal: Mapping[str, Any] | None, proposed_by: str, importance: int, words: str, *, agreed: bool, shared: bool
    ) -> dict[str, Any]:  # fmt: skip
        """Something for between sessions; `until` gives it an end."""
        row = self._add(
            "tasks", day, goal_id=goal["id"] if goal else None, proposed_by=proposed_by, importance=importance, agreed=agreed,
            state="open", given_on=day,
        )  # fmt: skip
        self.text(day, "task", row["id"], words, shared=shared)
        return row

    def until(self, day: date, row: dict[str, Any], **change: Any) -> None:
        """What a goal, a task or a strategy has become on that day, if it has come."""
        if day <= self.records.yesterday:
            row.update(change)

    def check(
        self,
        day: date,
        task: Mapping[str, Any],
        done: str,
        looked_at: bool | None,
        obstacle: str = "",
        *,
        shared: bool = False,
    ) -> None:
        """What became of a task."""
        row = self._add(
            "task_checks", day, of_case=False, task_id=task["id"], on_day=day, done=done, looked_at=looked_at
        )
        if obstacle:
            self.text(day, "obstacle", row["id"], obstacle, shared=shared)

    def check_in(self, day: date, answers: Sequence[int], guess: Sequence[int] | None = None) -> None:
        """The client's three answers, and what the therapist had guessed."""
        row = self._add("check_ins", day, on_day=day, **dict(zip(ANSWERS, answers, strict=True)))
        if guess is not None:
            guesses = dict(zip(ANSWERS, guess, strict=True))
            self.records.add("check_in_guesses", day, {
                **self.records.own(self.case), "id": row["id"], **guesses, "created_at": row["created_at"],
            })  # fmt: skip

    def score(self, day: date, measure: str, value: int) -> None:
        """A score, kept within the range of its measure."""
        of_measure, highest = MEASURES[measure]
        at = self.records.at(day)
        self._add(
            "scores", day, measure_id=of_measure, on_day=day, value=max(0, min(highest, value)), stated_at=at, created_at=at
        )  # fmt: skip

    def formulation(
        self, day: date, field: str, version: int, words: str = "", *, ticked: Iterable[str] = (), shared: bool = False
    ) -> None:  # fmt: skip
        """One version of a field of the card."""
        row = self._add(
            "formulation_entries",
            day,
            field=field,
            version=version,
            written_on=day,
            emptied=False,
            ticked=list(ticked),
        )
        if words:
            self.text(day, "formulation", row["id"], words, shared=shared)

    def strategy(self, day: date, words: str, *, shared: bool) -> dict[str, Any]:
        """Something that is tried; `until` gives it an end."""
        row = self._add("strategies", day, started_on=day, ended_on=None)
        self.text(day, "strategy", row["id"], words, shared=shared)
        return row

    def review(
        self, day: date, next_on: date | None, verdicts: Mapping[UUID, str], adjustment: str = "", *, shared: bool = False
    ) -> None:  # fmt: skip
        """A look at the plan, with a verdict on each strategy."""
        row = self._add("plan_reviews", day, reviewed_on=day, next_review_on=next_on)
        for strategy, verdict in verdicts.items():
            self.records.add("strategy_verdicts", day, {
                **self.records.own(self.case), "review_id": row["id"], "strategy_id": strategy, "verdict": verdict,
            })  # fmt: skip
        if adjustment:
            self.text(day, "adjustment", row["id"], adjustment, shared=shared)

    def question(self, day: date, moment: str, question: str, *, felt: str = "", would_like: str = "", episode: UUID | None = None,
                 state: str = "open") -> None:  # fmt: skip
        """What is to be brought to supervision."""
        self._add(
            "questions", day, episode_id=episode, reflection_id=None, moment=moment, question=question, felt=felt,
            would_like=would_like, state=state, asked_on=day,
        )  # fmt: skip

    def transfer(self, day: date) -> None:
        """The wish to hand the case over, not decided yet."""
        self.records.add("case_transfers", day, {
            **self.records.own(self.case), "id": self.records.next_id("transfer"), "case_id": self.case.id, "asked_on": day,
        })  # fmt: skip

    def text(self, day: date, about: str, about_id: UUID, body: str, *, shared: bool, slot: str = "") -> None:
        """Words about something, shared or not."""
        self.records.add("case_texts", day, {
            **self.records.own(self.case), "id": self.records.next_id("text"), "case_id": self.case.id, "about": about,
            "about_id": about_id, "slot": slot, "body": body, "shared": shared, "written_at": self.records.at(day),
        })  # fmt: skip

    def _add(self, table: str, day: date, *, of_case: bool = True, **row: Any) -> dict[str, Any]:
        row = {
            **self.records.own(self.case), "id": self.records.next_id(table), **({"case_id": self.case.id} if of_case else {}),
            "created_at": self.records.at(day), **row,
        }  # fmt: skip
        return self.records.add(table, day, row)
