"""Small pictures for paper: counts as bars, a course as a line with its usual range. What is not known is left open."""

from collections.abc import Collection, Sequence
from itertools import pairwise
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


def course(points: Sequence[tuple[int, float]], *, highest: float, names: tuple[str, str], usual: tuple[float, float] | None = None,
           marked: Collection[int] = (), size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:  # fmt: skip
    """An SVG of one line from 0 to `highest`. Points: (week counted from 0, value); a step of more than one week is a gap.

    `usual` is drawn as a band, weeks in `marked` as squares; `names` are those of the first and the last week.
    """
    width, height = size
    floor, last = height - 18, max((week for week, _ in points), default=0) or 1
    x = {week: LEFT + 4 + (width - LEFT - 10) * week / last for week, _ in points}

    def y(value: float) -> float:
        return floor - (floor - TOP) * min(max(value, 0), highest) / (highest or 1)

    parts = []
    if usual:
        parts.append(f'<rect x="{LEFT}" y="{y(usual[1]):.1f}" width="{width - LEFT}" height="{max(1, y(usual[0]) - y(usual[1])):.1f}" fill="#dfe9e6"/>')  # fmt: skip
    for (week, value), (then, later) in pairwise(points):
        if then - week == 1:
            parts.append(f'<line x1="{x[week]:.1f}" y1="{y(value):.1f}" x2="{x[then]:.1f}" y2="{y(later):.1f}" stroke="#0f5f63" stroke-width="1.4"/>')  # fmt: skip
    for week, value in points:
        if week in marked:
            parts.append(f'<rect x="{x[week] - 3:.1f}" y="{y(value) - 3:.1f}" width="6" height="6" fill="#7a3b12"/>')  # fmt: skip
        else:
            parts.append(f'<circle cx="{x[week]:.1f}" cy="{y(value):.1f}" r="1.8" fill="#0f5f63"/>')
    parts += [_text(LEFT - 5, TOP + 4, f"{highest:g}", "end"), _text(LEFT - 5, floor, "0", "end")]
    parts += [_text(LEFT, height - 4, names[0], "start"), _text(width, height - 4, names[1], "end")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<line x1="{LEFT}" y1="{floor}" x2="{width}" y2="{floor}" stroke="#4c5659"/>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="9" font-family="Libertinus Serif" fill="#1f2a2e" text-anchor="{anchor}">{escape(said)}</text>'
