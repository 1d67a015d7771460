"""Reads that may fail without taking the form away: while the database is away, what was seen last in this session."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from services.errors import NotReachable, ServiceError, SignInNeeded

T = TypeVar("T")

#: Seconds for which one failed read stands for the others of a page: each would wait for its time-out by itself.
NOT_AGAIN = 3.0
_AWAY = "last_seen_away"


@dataclass(frozen=True)
class Seen(Generic[T]):
    """What a read gave. `trouble` says why it is not from now; `known` is False when it was never read."""

    value: T
    trouble: str | None = None
    known: bool = True


def of(name: str, read: Callable[[], T], *, otherwise: T) -> Seen[T]:
    """What `read` gives; when it cannot, what it gave last under this `name` in this session, or `otherwise`.

    SignInNeeded goes on to whoever shows errors: nothing can be saved without a person.
    """
    # In session state because it is only this person's and must end with their session.
    kept = f"last_seen_{name}"
    failed, trouble = st.session_state.get(_AWAY, (0.0, ""))
    if time.monotonic() - failed < NOT_AGAIN:
        return Seen(st.session_state.get(kept, otherwise), trouble, kept in st.session_state)
    try:
        st.session_state[kept] = read()
    except SignInNeeded:
        raise
    except ServiceError as error:
        if isinstance(error, NotReachable):
            st.session_state[_AWAY] = time.monotonic(), str(error)
        return Seen(st.session_state.get(kept, otherwise), str(error), kept in st.session_state)
    return Seen(st.session_state[kept])
