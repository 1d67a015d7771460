"""Which pages a person has. This is a courtesy of the menu; what one may read is decided in SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """One page: its file in pages/, its name in the menu, its icon, and who has it."""

    file: str
    title: str
    icon: str
    roles: frozenset[str]
    visibility: str = "visible"
    """ "hidden": not in the menu; another page leads there."""

    @property
    def address(self) -> str:
        """The last part of its URL."""
        return self.file.replace("_", "-")


def _screen(file: str, title: str, icon: str, *roles: str, visibility: str = "visible") -> Screen:
    return Screen(file, title, f":material/{icon}:", frozenset(roles), visibility)


#: In the order of the menu; the first one that a person has is where they arrive.
SCREENS = (
    _screen("home", "Home", "home", "therapist", "supervisor"),
    _screen("meeting", "Meeting", "groups", "therapist", "supervisor"),
    _screen("overview", "Overview", "grid_view", "lead"),
    _screen("monitor", "Monitor", "manage_search", "lead", "supervisor"),
    _screen("log_episode", "Log an episode", "edit_note", "therapist"),
    _screen("weekly_reflection", "Weekly reflection", "self_improvement", "therapist"),
    _screen("my_mirror", "My mirror", "visibility", "therapist"),
    _screen("case", "Case", "folder_open", "therapist", "supervisor"),
    _screen("team_trends", "Team trends", "show_chart", "therapist", "supervisor", "lead"),
    _screen("discussion_prompts", "Discussion prompts", "forum", "supervisor"),
    _screen("ruptures", "Ruptures", "handshake", "therapist", "supervisor"),
    _screen("shared_reflections", "Reflections", "menu_book", "supervisor"),
    _screen("own_data", "My data", "folder_zip", "therapist", "supervisor"),
    _screen("waiting", "Waiting and parked", "cloud_sync", "therapist", "supervisor", "lead"),
    _screen("past_meetings", "Past meetings", "history", "supervisor", visibility="hidden"),
    _screen("import_scores", "Import scores", "upload_file", "therapist", visibility="hidden"),
    _screen("audit", "Who saw what", "policy", "therapist", "supervisor", "lead", "admin"),
    _screen("people", "People and teams", "group", "admin"),
    _screen("team_settings", "Team settings", "tune", "admin"),
    _screen("measures", "Measures", "straighten", "admin"),
    _screen("clinic_prompts", "Prompts of the clinic", "quiz", "admin"),
    _screen("keeping", "Keeping and erasing", "auto_delete", "admin"),
)


def screens(roles: Collection[str]) -> list[Screen]:
    """The pages of somebody who holds these roles, each once."""
    return [screen for screen in SCREENS if screen.roles & set(roles)]
