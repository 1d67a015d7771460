"""Text for a spreadsheet: what it would run as a formula gets an apostrophe in front."""

from typing import Any


def safe(value: Any) -> Any:
    """The value as a cell; anything but a text stays as it is."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
