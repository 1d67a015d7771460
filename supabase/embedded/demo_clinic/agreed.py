"""What therapist and client have agreed on in a case, in words."""

from dataclasses import dataclass

Goal = tuple[str, int, int, str]  # whose, importance to the client, progress it comes to, words
Task = tuple[str, int, str]  # whose, importance to the client, words


@dataclass(frozen=True, slots=True)
class Agreed:
    """The goals of a case, its between-session work in the order in which it is given, and its strategies."""

    goals: tuple[Goal, ...] = ()
    tasks: tuple[Task, ...] = ()
    strategies: tuple[str, ...] = ()
