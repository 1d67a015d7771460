"""A meeting in preparation: the proposal as a draft that its supervisor changes, until it is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import streamlit as st

from dashboard import session
from dashboard.forms import last_seen
from dashboard.forms.form import Form, edition_of
from dashboard.meeting import words
from dashboard.meeting.agenda_list import Row
from dashboard.meeting.at import At
from services import agenda, case_search, chairing, ids, meetings, vocabulary
from services.agenda import Candidate, Candidates, Proposal, Proposed
from services.errors import Refused
from services.outbox import Operation

NAME = "meeting_draft"
CASE, OWN = "case_", "own_"
HAND = "by_hand"
FRAME = ("follow_ups", "theme", "went_well")


def form(at: At, found: Candidates) -> Form:
    """One draft for each team; untouched, it follows what is proposed."""
    start = {"day": _day(found, at.today), "starts_at": None, "length": 60, "items": _items(agenda.compose(found)), "off": []}  # fmt: skip
    return Form(
        session.vault(), owner=at.outbox.owner, name=NAME, key=str(at.team), prefix=f"meeting_{at.team}_draft", start=start, names=("op", "meeting"),
        edition=edition_of(start),
    )  # fmt: skip


def _day(found: Candidates, today: date) -> date:
    """A week after the last one, if that is still to come; else today."""
    after = found.last_on + timedelta(weeks=1) if found.last_on else today
    return max(after, today)


def _items(proposal: Proposal) -> list[dict[str, Any]]:
    return [_proposed(one) for one in proposal.items]


def _proposed(one: Proposed) -> dict[str, Any]:
    if one.matter:
        return {"ref": f"{OWN}{one.matter.id}", "minutes": one.minutes, "title": one.matter.title}
    return {"ref": f"{CASE}{one.candidate.case}" if one.candidate else one.kind, "minutes": one.minutes}


def by_hand(at: At, form: Form, found: Candidates) -> dict[UUID, Candidate]:
    """Cases that the supervisor put on and for which nothing else speaks, as they stand now: still open, with whoever has them."""
    told = {
        UUID(one["ref"].removeprefix(CASE)): one[HAND]
        for one in (*form["items"], *form["off"])
        if HAND in one
    }
    ours = sorted(case for case in told if not found.find(case))
    if not ours:
        return {}
    read = last_seen.of(
        f"by_hand_{at.team}_{ours}", lambda: case_search.open_cases(session.db(), team=at.team, today=at.today, among=ours), otherwise=()
    )  # fmt: skip
    if read.known:
        return {one.case: one for one in read.value}
    return {
        case: Candidate(UUID(who), name, case, code, because=case_search.BY_HAND)
        for case, (who, name, code) in told.items()
        if case in ours
    }


@dataclass(frozen=True)
class Draft:
    """The draft with what is known of the cases in it. A case for which nothing speaks any more has left it."""

    at: At
    form: Form
    found: Candidates
    by_hand: Mapping[UUID, Candidate] = field(default_factory=dict)

    @property
    def items(self) -> list[dict[str, Any]]:
        return [
            one for one in self.form["items"] if not one["ref"].startswith(CASE) or self._case(one["ref"])
        ]

    def rows(self) -> list[Row]:
        return [self._row(one) for one in self.items]

    def left(self) -> int:
        """How many cases have left the draft since it was begun."""
        return len(self.form["items"]) - len(self.items)

    def off(self) -> list[tuple[Candidate, str]]:
        """Cases that were taken off, each with the reason."""
        found = ((self._case(one["ref"]), one["reason"]) for one in self.form["off"])
        return [(case, reason) for case, reason in found if case]

    def next_in_line(self) -> list[Candidate]:
        there = {one["ref"] for one in (*self.form["items"], *self.form["off"])}
        return [one for one in agenda.in_order(self.found.cases) if f"{CASE}{one.case}" not in there]

    def there(self) -> set[UUID]:
        """Cases on the list."""
        return {UUID(one["ref"].removeprefix(CASE)) for one in self.items if one["ref"].startswith(CASE)}

    def missing(self) -> list[str]:
        """Kinds of the frame that are not in it."""
        there = {one["ref"] for one in self.form["items"]}
        return [kind for kind in FRAME if kind not in there]

    def move(self, ref: str, step: int) -> None:
        items = self.items
        place = next(number for number, one in enumerate(items) if one["ref"] == ref)
        if 0 <= place + step < len(items):
            items[place], items[place + step] = items[place + step], items[place]
        self._set("items", items)

    def give(self, ref: str, minutes: int) -> None:
        self._set("items", [{**one, "minutes": minutes} if one["ref"] == ref else one for one in self.items])

    def take_off(self, ref: str, reason: str, op_id: str) -> None:
        gone = [one for one in self.items if one["ref"] == ref]
        self._set("items", [one for one in self.items if one["ref"] != ref])
        if ref.startswith(CASE):
            off = [{**one, "reason": reason} for one in gone]
            self._set("off", [*self.form["off"], *off])

    def add_case(self, case: UUID) -> None:
        ref = f"{CASE}{case}"
        was = next((one for one in self.form["off"] if one["ref"] == ref), {})
        self._set("off", [one for one in self.form["off"] if one["ref"] != ref])
        self._put({"ref": ref, "minutes": agenda.LEAST, **({HAND: was[HAND]} if HAND in was else {})})

    def add_any(self, one: Candidate) -> None:
        """Any case of the team. What is known of one for which nothing speaks stays with the draft."""
        self.add_case(one.case)
        if not self.found.find(one.case):
            ref, told = f"{CASE}{one.case}", [str(one.therapist_id), one.therapist, one.code]
            self._set(
                "items", [{**each, HAND: told} if each["ref"] == ref else each for each in self.form["items"]]
            )

    def add_frame(self, kind: str) -> None:
        self._put({"ref": kind, "minutes": agenda.SHORT})

    def add_own(self, title: str, minutes: int, item: str, op_id: str) -> None:
        self._put({"ref": f"{OWN}{item}", "minutes": minutes, "title": title})

    def share_out(self) -> None:
        """The time there is, in equal parts for the cases."""
        rows = self.rows()
        kept = sum(row.minutes for row in rows if not row.is_a_case)
        each = max(1, agenda.fit(self.form["length"], kept=kept, cases=sum(row.is_a_case for row in rows)))
        self._set(
            "items",
            [{**one, "minutes": each} if one["ref"].startswith(CASE) else one for one in self.items],
        )

    def propose_anew(self) -> None:
        """What would be proposed now, for the length that is chosen."""
        self._set("items", _items(agenda.compose(self.found, minutes=self.form["length"])))
        self._set("off", [])

    def plan(self, theme: Mapping[str, Any]) -> Operation:
        """Plan it; what was taken off goes along with its reason. Raises Refused without a day that is to come."""
        if self.form["day"] is None or self.form["day"] < self.at.today:
            raise Refused("Please choose the day of the meeting: today or a later one.")
        meeting, outbox = self.form.names["meeting"], self.at.outbox
        items = [self._item(one) for one in self.items]
        dropped = [self._item({"ref": f"{CASE}{case.case}", "minutes": agenda.LEAST}) for case, _why in self.off()]  # fmt: skip
        op = chairing.plan(
            outbox, team=self.at.team, held_on=self.form["day"], items=items + dropped, minutes=self.form["length"],
            starts_at=self.form["starts_at"], theme=theme, entity=meeting, op_id=self.form.names["op"],
        )  # fmt: skip
        planned = meetings.as_it_will_be(None, [op], team=self.at.team)
        for one, (_case, why) in zip(dropped, self.off(), strict=True):
            chairing.amend_item(
                outbox, meeting=planned, item=planned.find(UUID(one["id"])), state="dropped", reason=why, op_id=str(uuid5(UUID(op.op_id), one["id"])),
            )  # fmt: skip
        return op

    def _put(self, new: dict[str, Any]) -> None:
        """Before the theme and what went well, which end a meeting."""
        items = [one for one in self.items if one["ref"] != new["ref"]]
        place = len(items)
        while place and items[place - 1]["ref"] in FRAME[1:] and new["ref"] not in FRAME:
            place -= 1
        self._set("items", [new, *items] if new["ref"] == "follow_ups" else [*items[:place], new, *items[place:]])  # fmt: skip

    def _set(self, name: str, value: list[dict[str, Any]]) -> None:
        # A field without a widget: it is drawn as the list itself, and kept like any other.
        st.session_state[self.form.widget(name)] = value
        self.form.keep(name)

    def _case(self, ref: str) -> Candidate | None:
        case = UUID(ref.removeprefix(CASE))
        return self.found.find(case) or self.by_hand.get(case)

    def _row(self, one: Mapping[str, Any]) -> Row:
        ref, minutes = one["ref"], one["minutes"]
        if ref.startswith(CASE):
            return row_of(self._case(ref), minutes, ref)
        kind = vocabulary.AGENDA_KINDS["own" if ref.startswith(OWN) else ref]
        note = ""
        if ref == "follow_ups":
            many = self.found.follow_ups
            note = "Nothing is open from last time." if not many else "1 action to ask about." if many == 1 else f"{many} actions to ask about."  # fmt: skip
        return Row(ref, one.get("title") or kind.label, kind.help, minutes, note=note)

    def _item(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """One item as it travels; its id follows from the draft, so that a meeting planned twice is one."""
        ref = one["ref"]
        id_ = str(uuid5(UUID(self.form.names["meeting"]), ref))
        if ref.startswith(CASE):
            return item_of(self._case(ref), one["minutes"], id_)
        if ref.startswith(OWN):
            return chairing.an_item("own", title=one["title"], minutes=one["minutes"], entity=id_)
        return chairing.an_item(ref, minutes=one["minutes"], entity=id_)


def row_of(case: Candidate, minutes: int, ref: str) -> Row:
    title = " · ".join(part for part in (case.code, case.therapist) if part)
    kind = vocabulary.label("agenda_kind", case.kind)
    return Row(
        ref, title, kind, minutes, is_a_case=True, therapist=case.therapist, because=case.because, question=case.question, note=words.talked_about(case.discussed_on),
    )  # fmt: skip


def item_of(case: Candidate, minutes: int, entity: str | None = None) -> dict[str, Any]:
    """A candidate as an item of the agenda."""
    return chairing.an_item(
        case.kind, therapist=case.therapist_id, case=case.case, question=case.question_id if case.kind == "question" else None,
        rupture=case.rupture if case.kind == "rupture" else None, minutes=minutes, because=case.because, entity=entity or ids.new(),
    )  # fmt: skip
