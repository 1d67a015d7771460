"""The shared screen of a meeting: labels instead of names, what was released, and nothing else. The only page of its session."""

from dashboard.meeting import screen

screen.show()
