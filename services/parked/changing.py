"""An entry that was refused, asked about and changed by its author."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.outbox import Operation
from services.parked.kinds import EDITABLE
from services.parked.questions import Ask, checked, found_in, in_words, value

UNANSWERED = object()  # the answer that takes a rating of a cause back


def asks(op: Operation) -> list[Ask]:
    """What can be changed in this entry: of its kind's questions those that it answers, or every text and day in it."""
    known = EDITABLE.get(op.kind)
    if known is None:
        return list(found_in(op.params))
    return [
        ask
        for ask in known
        if (ask.path[0] in op.params if len(ask.path) == 1 else value(op.params, ask.path[:-1]) is not None)
        and not (ask.how == "later" and not value(op.params, ask.path))
    ]


def changed(params: Mapping[str, Any], answers: Iterable[tuple[Ask, Any]], *, today: date) -> dict[str, Any]:
    """The parameters with these answers in place of what stood there. Raises Refused for what could not be stored."""
    new = copy.deepcopy(dict(params))
    for ask, answer in answers:
        holder = value(new, ask.path[:-1])
        if answer is UNANSWERED:
            holder.pop(ask.path[-1], None)
        else:
            holder[ask.path[-1]] = checked(ask, answer, today)
    return new


def said(params: Mapping[str, Any], asked: Sequence[Ask]) -> dict[str, str]:
    """Label → words, of what an entry says."""
    return {
        ask.label: words
        for ask in asked
        if (ask.how != "cause" or ask.path[-1] in (value(params, ask.path[:-1]) or {}))
        and (words := in_words(ask, value(params, ask.path)))
    }
