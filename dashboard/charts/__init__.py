"""Figures: a frame of rows goes in, a plotly figure comes out; beside each, the same in words and as a table.

`x(frame)` draws under a title that says what is seen, unless `title=` gives another; `x_in_words(frame)` says it in
one sentence; `x_table(frame)` is what is shown, for the table and the CSV. Periods are whole ISO weeks: `period_start`
and `period_end` are Mondays, the end being the Monday after the last week. Weeks without entries are gaps, never zeros.
"""

from dashboard.charts.case_picture import (
    case_picture,
    case_picture_in_words,
    case_picture_table,
)
from dashboard.charts.causes import (
    causes_over_time,
    causes_over_time_in_words,
    causes_over_time_table,
)
from dashboard.charts.check_ins import (
    check_ins_over_time,
    check_ins_over_time_in_words,
    check_ins_over_time_table,
)
from dashboard.charts.episodes import (
    episodes_by_kind,
    episodes_by_kind_in_words,
    episodes_by_kind_table,
    first_blame_balance,
    first_blame_balance_in_words,
    first_blame_balance_table,
)
from dashboard.charts.goals import (
    completion,
    completion_in_words,
    completion_table,
    goal_progress,
    goal_progress_in_words,
    goal_progress_table,
)
from dashboard.charts.pulse import (
    pulse_over_time,
    pulse_over_time_in_words,
    pulse_over_time_table,
)
from dashboard.charts.reflections import (
    own_weeks,
    own_weeks_in_words,
    own_weeks_table,
    reflections_handed_in,
    reflections_handed_in_in_words,
    reflections_handed_in_table,
)
from dashboard.charts.ruptures import (
    open_ruptures_by_age,
    open_ruptures_by_age_in_words,
    open_ruptures_by_age_table,
    ruptures_over_time,
    ruptures_over_time_in_words,
    ruptures_over_time_table,
)
from dashboard.charts.scores import (
    scores_over_time,
    scores_over_time_in_words,
    scores_over_time_table,
)
from dashboard.charts.shifted import (
    what_shifted,
    what_shifted_in_words,
    what_shifted_table,
)
from dashboard.charts.stagnation import (
    STEPS,
    cases_without_entries,
    cases_without_entries_in_words,
    cases_without_entries_table,
    stagnation_over_time,
    stagnation_over_time_in_words,
    stagnation_over_time_table,
    until_something_happened,
    until_something_happened_in_words,
    until_something_happened_table,
    weeks_of_stagnation,
)
from dashboard.charts.theme import (
    theme_over_time,
    theme_over_time_in_words,
    theme_over_time_table,
)
from dashboard.charts.timeline import case_course
from dashboard.charts.timeline_words import case_course_in_words, case_course_table

__all__ = [
    "STEPS",
    "case_course",
    "case_course_in_words",
    "case_course_table",
    "case_picture",
    "case_picture_in_words",
    "case_picture_table",
    "cases_without_entries",
    "cases_without_entries_in_words",
    "cases_without_entries_table",
    "causes_over_time",
    "causes_over_time_in_words",
    "causes_over_time_table",
    "check_ins_over_time",
    "check_ins_over_time_in_words",
    "check_ins_over_time_table",
    "completion",
    "completion_in_words",
    "completion_table",
    "episodes_by_kind",
    "episodes_by_kind_in_words",
    "episodes_by_kind_table",
    "first_blame_balance",
    "first_blame_balance_in_words",
    "first_blame_balance_table",
    "goal_progress",
    "goal_progress_in_words",
    "goal_progress_table",
    "open_ruptures_by_age",
    "open_ruptures_by_age_in_words",
    "open_ruptures_by_age_table",
    "own_weeks",
    "own_weeks_in_words",
    "own_weeks_table",
    "pulse_over_time",
    "pulse_over_time_in_words",
    "pulse_over_time_table",
    "reflections_handed_in",
    "reflections_handed_in_in_words",
    "reflections_handed_in_table",
    "ruptures_over_time",
    "ruptures_over_time_in_words",
    "ruptures_over_time_table",
    "scores_over_time",
    "scores_over_time_in_words",
    "scores_over_time_table",
    "stagnation_over_time",
    "stagnation_over_time_in_words",
    "stagnation_over_time_table",
    "theme_over_time",
    "theme_over_time_in_words",
    "theme_over_time_table",
    "until_something_happened",
    "until_something_happened_in_words",
    "until_something_happened_table",
    "weeks_of_stagnation",
    "what_shifted",
    "what_shifted_in_words",
    "what_shifted_table",
]
