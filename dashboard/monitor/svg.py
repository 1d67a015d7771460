"""A small picture for paper: cases that stood still at the end of each week; weeks that are not known are left open."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT, FLOOR, TOP, LEFT = 520, 96, 78, 14, 24


def bars(names: Sequence[str], counts: Sequence[int | None]) -> str:
    """An SVG of one bar per week, None where nothing is known. `names`: of the weeks; the first and the last are written."""
    step = (WIDTH - LEFT) / max(1, len(counts))
    most = max((count for count in counts if count is not None), default=0)
    parts = []
    for place, count in enumerate(counts):
        x = LEFT + place * step
        if count is None:
            parts.append(
                f'<line x1="{x + step * 0.3:.1f}" y1="{FLOOR - 2}" x2="{x + step * 0.7:.1f}" y2="{FLOOR - 2}" stroke="#8a8f8f" stroke-dasharray="2 2"/>'
            )
            continue
        height = (FLOOR - TOP) * count / most if most else 0
        parts.append(
            f'<rect x="{x + step * 0.12:.1f}" y="{FLOOR - height:.1f}" width="{step * 0.76:.1f}" height="{height:.1f}" fill="#0f5f63"/>'
        )
    last = next((i for i in range(len(counts) - 1, -1, -1) if counts[i] is not None), None)
    if last is not None:
        parts.append(
            _text(
                LEFT + (last + 0.5) * step,
                FLOOR - (FLOOR - TOP) * counts[last] / (most or 1) - 3,
                str(counts[last]),
                "middle",
            )
        )
        parts.append(_text(LEFT - 5, TOP + 4, str(most), "end"))
    parts.append(_text(LEFT - 5, FLOOR, "0", "end"))
    if names:
        parts.append(_text(LEFT, HEIGHT - 4, names[0], "start"))
        parts.append(_text(WIDTH, HEIGHT - 4, names[-1], "end"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<line x1="{LEFT}" y1="{FLOOR}" x2="{WIDTH}" y2="{FLOOR}" stroke="#4c5659"/>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="9" font-family="Libertinus Serif" fill="#1f2a2e" text-anchor="{anchor}">{escape(said)}</text>'
