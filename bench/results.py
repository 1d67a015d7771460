"""bench/RESULTS.md: each bench owns the section with its name and leaves the others as they are."""

import platform
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
HEAD = """# Results

Medians; ratios of one run. Machines are shared and noisy: a ratio says more than a time.
"""


def write(section: str, command: str, lines: list[str], *, file: Path = RESULTS) -> None:
    """Put these lines under this heading, with the command that made them and the day."""
    head, sections = _read(file)
    made = f"`{command}` on {date.today().isoformat()}, {platform.machine()}, Python {platform.python_version()}."
    sections[section] = "\n".join([made, "", *lines])
    parts = [head, *(f"## {name}\n\n{body}\n" for name, body in sections.items())]
    file.write_text("\n".join(parts), encoding="utf-8")


def _read(file: Path) -> tuple[str, dict[str, str]]:
    """What stands above the first section, and the sections in their order."""
    if not file.exists():
        return HEAD, {}
    head, *rest = ("\n" + file.read_text(encoding="utf-8")).split("\n## ")
    parted = (part.partition("\n") for part in rest)
    return head.strip("\n") + "\n", {name.strip(): body.strip("\n") for name, _, body in parted}
