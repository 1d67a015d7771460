"""The supervision meeting as it stands: what the shared screen may know, and what the person who reads it knows beyond."""

from services.meetings.reading import now, row_now, screen
from services.meetings.records import Decision, Item, Known, Meeting
from services.meetings.waiting import as_it_will_be
