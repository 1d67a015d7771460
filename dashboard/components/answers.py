"""Questions and their answers: ratings, one choice, several choices. Each has a role and a name of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from services.vocabulary import CANNOT_TELL as CANNOT_TELL_LABEL
from services.vocabulary import CAUSES, RATINGS, Word

# What a rating returns when the person says that they can't tell: an answer, while None is no answer yet.
CANNOT_TELL = "cannot_tell"

type_of_callback = Callable[..., None] | None


def rating(
    label: str,
    *,
    key: str,
    help: str | None = None,
    value: int | str | None = None,
    on_change: type_of_callback = None,
    args: tuple[Any, ...] = (),
    ends: tuple[str, str] = (RATINGS[0], RATINGS[4]),
    unsure: bool = True,
) -> int | str | None:
    """A rating 0–4, CANNOT_TELL, or None while it is open. `ends` says what 0 and 4 mean, below the scale.

    `value` is where it starts; `unsure=False` leaves out "can't tell".
    """
    with st.container(key=f"{key}_rating", gap="xxsmall"):
        answer = st.segmented_control(
            label,
            [0, 1, 2, 3, 4, CANNOT_TELL] if unsure else [0, 1, 2, 3, 4],
            default=value,
            format_func=lambda option: CANNOT_TELL_LABEL if option == CANNOT_TELL else str(option),
            key=key,
            help=help,
            on_change=on_change or "rerun",
            args=args,
            wrap=True,
        )
        st.caption(f"**0** {ends[0]} · **4** {ends[1]}")
    return answer


def rating_value(answer: int | str | None) -> int | None:
    """What the database stores: 0–4, or None for "can't tell"."""
    return answer if isinstance(answer, int) else None


def cause_rating(
    number: int,
    *,
    key: str,
    value: int | str | None = None,
    on_change: type_of_callback = None,
    args: tuple[Any, ...] = (),
) -> int | str | None:
    """The rating of one of the six causes: its name and question, its help, and what the two ends mean."""
    cause = CAUSES[number]
    return rating(
        f"{number} {cause.label}. {cause.question}",
        key=key,
        help=cause.help,
        value=value,
        on_change=on_change,
        args=args,
        ends=(cause.zero, cause.four),
    )


def choice(
    label: str,
    words: Mapping[str, Word],
    *,
    key: str,
    value: str | None = None,
    help: str | None = None,
    on_change: type_of_callback = None,
    args: tuple[Any, ...] = (),
    explain: bool = False,
) -> str | None:
    """One of a vocabulary's words, by its key; None while it is open. `explain` shows what the chosen one means."""
    with st.container(key=f"{key}_choice", gap="xxsmall"):
        answer = st.pills(
            label,
            list(words),
            default=value,
            format_func=lambda option: words[option].label,
            key=key,
            help=help,
            on_change=on_change or "rerun",
            args=args,
        )
        if explain and answer:
            st.caption(words[answer].help)
    return answer


def choices(
    label: str,
    words: Mapping[str, Word],
    *,
    key: str,
    value: Sequence[str] = (),
    help: str | None = None,
    on_change: type_of_callback = None,
    args: tuple[Any, ...] = (),
) -> list[str]:
    """Any number of a vocabulary's words, by their keys, in the vocabulary's order."""
    answer = st.pills(
        label,
        list(words),
        selection_mode="multi",
        default=list(value) or None,
        format_func=lambda option: words[option].label,
        key=key,
        help=help,
        on_change=on_change or "rerun",
        args=args,
    )
    return [option for option in words if option in answer]
