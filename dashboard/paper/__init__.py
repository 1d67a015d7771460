"""What is set on paper: words and numbers travel to typst as data, never as markup, and pictures as SVG."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

COMMON = Path(__file__).with_name("common.typ")


def compiled(template: Path, content: Mapping[str, Any], form: str) -> list[bytes]:
    """The pages in this form (pdf: one file; svg, png: one for each page). Fonts are those that typst brings, the same everywhere."""
    made = typst.compile(
        source(template), format=form, ignore_system_fonts=True, sys_inputs={"data": json.dumps(content)}
    )
    return [made] if isinstance(made, bytes) else list(made)


def source(template: Path) -> bytes:
    """A template under what all of them have in common."""
    return COMMON.read_bytes() + template.read_bytes()
