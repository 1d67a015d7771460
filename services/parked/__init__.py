"""What an author can change about an entry that the database refused: a table of questions per kind of operation."""

from services.parked.changing import UNANSWERED, asks, changed, said
from services.parked.kinds import EDITABLE, LONGEST_NOTE, SHARED
from services.parked.questions import LONGEST_TEXT, Ask, as_day, in_words, value
from services.parked.versions import VERSIONED, Standing, changed_elsewhere, in_its_place, standing
