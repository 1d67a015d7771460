"""Slow down guessing: only so many failures per account and address in a while."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

#: Counted at most for this many keys at once; the longest silent one makes room.
MOST_KEYS = 10_000


class Throttle:
    """Failures are counted in this process and forgotten when it restarts."""

    def __init__(self, *, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures = failures
        self._seconds = seconds
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until another try is allowed; 0 when it is."""
        times = self._recent(key)
        return times[0] + self._seconds - self._clock() if len(times) >= self._failures else 0.0

    def count(self, key: str) -> None:
        """Note one more failure."""
        times = self._recent(key)
        times.append(self._clock())
        self._seen[key] = times
        self._seen.move_to_end(key)
        while len(self._seen) > MOST_KEYS:
            self._seen.popitem(last=False)

    def forget(self, key: str) -> None:
        """It went well: start again at none."""
        self._seen.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        times = self._seen.get(key, deque())
        while times and times[0] <= self._clock() - self._seconds:
            times.popleft()
        return times
