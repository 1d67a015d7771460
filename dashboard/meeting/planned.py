"""A planned meeting: its agenda put in order, its day, and its beginning. Everything is saved at once and on its way to the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard.meeting import draft, words
from dashboard.meeting.agenda_list import Row
from dashboard.meeting.at import At
from services import agenda, chairing, vocabulary
from services.agenda import Candidate, Candidates
from services.errors import ServiceError
from services.meetings import Item, Meeting
from services.outbox import Operation


@dataclass(frozen=True)
class Planned:
    """The agenda as it stands, with what was saved here, and every change to it."""

    at: At
    found: Candidates

    @property
    def meeting(self) -> Meeting:
        return self.at.meeting

    def rows(self) -> list[Row]:
        return [self._row(one) for one in self.meeting.items]

    def next_in_line(self) -> list[Candidate]:
        there = {one.known.case for one in (*self.meeting.items, *self.meeting.dropped) if one.known}
        return [one for one in agenda.in_order(self.found.cases) if one.case not in there]

    def move(self, ref: str, step: int) -> None:
        order = [one.id for one in self.meeting.items]
        place = order.index(UUID(ref))
        if 0 <= place + step < len(order):
            order[place], order[place + step] = order[place + step], order[place]
            self._do(lambda: chairing.order(self.at.outbox, meeting=self.meeting, items=order))

    def give(self, ref: str, minutes: int) -> None:
        self._do(lambda: chairing.amend_item(self.at.outbox, meeting=self.meeting, item=self._item(ref), minutes=minutes))  # fmt: skip

    def take_off(self, ref: str, reason: str, op_id: str) -> None:
        chairing.amend_item(self.at.outbox, meeting=self.meeting, item=self._item(ref), state="dropped", reason=reason, op_id=op_id)  # fmt: skip

    def put_back(self, ref: str) -> None:
        self._do(lambda: chairing.amend_item(self.at.outbox, meeting=self.meeting, item=self._item(ref), state="on"))  # fmt: skip

    def add_case(self, case: UUID) -> None:
        if one := self.found.find(case):
            self.add_any(one)

    def add_any(self, one: Candidate) -> None:
        self._add(draft.item_of(one, agenda.LEAST))

    def there(self) -> set[UUID]:
        """Cases on the agenda."""
        return {one.known.case for one in self.meeting.items if one.known and one.known.case}

    def add_frame(self, kind: str) -> None:
        self._add(chairing.an_item(kind, minutes=agenda.SHORT))

    def add_own(self, title: str, minutes: int, item: str, op_id: str) -> None:
        made = chairing.an_item("own", title=title, minutes=minutes, entity=item)
        chairing.add(self.at.outbox, meeting=self.meeting, item=made, op_id=op_id)

    def missing(self) -> list[str]:
        there = {one.kind for one in self.meeting.items}
        return [kind for kind in draft.FRAME if kind not in there]

    def begin(self) -> None:
        self._do(lambda: chairing.begin(self.at.outbox, meeting=self.meeting))

    def call_off(self) -> None:
        self._do(lambda: chairing.call_off(self.at.outbox, meeting=self.meeting))

    def renew(self, theme: Mapping[str, Any]) -> None:
        self._do(lambda: chairing.amend(self.at.outbox, meeting=self.meeting, theme=dict(theme)))

    def trouble(self) -> str | None:
        """Why the last press of a button could not be saved."""
        return st.session_state.get(self.at.key("trouble"))

    def _add(self, item: dict[str, Any]) -> None:
        put = chairing.add_case if item["case"] else chairing.add
        self._do(lambda: put(self.at.outbox, meeting=self.meeting, item=item))

    def _do(self, change: Callable[[], Operation]) -> None:
        # In session state because a callback runs before there is a place on the page to say it.
        st.session_state[self.at.key("trouble")] = None
        try:
            change()
        except ServiceError as error:
            st.session_state[self.at.key("trouble")] = str(error)

    def _item(self, ref: str) -> Item:
        return self.meeting.find(UUID(ref))

    def _row(self, item: Item) -> Row:
        known = item.known
        kind = vocabulary.AGENDA_KINDS[known.kind if known else item.kind]
        screen = words.screen_name(item)
        return Row(
            str(item.id), words.resolved(item), kind.label if item.is_a_case else kind.help, item.minutes, is_a_case=item.is_a_case,
            therapist=known.therapist if known else "", because=known.because if known else (),
            question=known.question.get("question", "") if known and known.question else "",
            note=f"On the shared screen: {screen}." if screen else "", waiting=tuple(self.at.on_its_way(item.id)),
        )  # fmt: skip
