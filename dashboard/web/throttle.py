"""Slow down guessing: only so many tries per account and address in a while, unless they go well."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

#: Counted at most for this many keys at once; the longest silent one makes room.
MOST_KEYS = 10_000


class Throttle:
    """Tries are counted in this process and forgotten when it restarts.

    They are counted before it is known how they end, or a thousand at once would all be the first.
    """

    def __init__(self, *, tries: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._tries = tries
        self._seconds = seconds
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until another try is allowed; 0 when it is."""
        times = self._recent(key)
        return times[0] + self._seconds - self._clock() if len(times) >= self._tries else 0.0

    def count(self, key: str) -> None:
        """Note one more try."""
        times = self._recent(key)
        times.append(self._clock())
        self._seen[key] = times
        self._seen.move_to_end(key)
        while len(self._seen) > MOST_KEYS:
            self._seen.popitem(last=False)

    def take_back(self, key: str) -> None:
        """The last try was not a guess after all."""
        if times := self._recent(key):
            times.pop()

    def forget(self, key: str) -> None:
        """It went well: start again at none."""
        self._seen.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        times = self._seen.get(key, deque())
        while times and times[0] <= self._clock() - self._seconds:
            times.popleft()
        return times
