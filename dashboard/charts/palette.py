"""What every figure shares: colours by role, the signs of the six causes, an empty canvas, and how nothing looks."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

# Streamlit puts the theme's own colours in the place of these names, in light and in dark (`.streamlit/config.toml`:
# the n-th of chartCategoricalColors), so that one figure serves both.
CATEGORY = ("#000001", "#000002", "#000003", "#000004", "#000005",
            "#000006", "#000007", "#000008", "#000009", "#000010")  # fmt: skip
SEQUENCE = ("#000011", "#000012", "#000013", "#000014", "#000015",
            "#000016", "#000017", "#000018", "#000019", "#000020")  # fmt: skip
# Ratings 0–4 as steps of the sequence, chosen so that plotly's own dark and light text can be read on each.
RATING_SCALE = [[place / 4, SEQUENCE[step]] for place, step in enumerate((0, 2, 4, 7, 9))]
INK = "#000037"
PAPER = "#000038"
FAINT = "#000040"

TEAL, OCHRE, INDIGO, PLUM, SKY, UMBER, SLATE, OLIVE, LILAC, DEEP = CATEGORY


@dataclass(frozen=True, slots=True)
class Sign:
    """How one series is told from the others without its colour: a dash and a marker."""

    colour: str
    dash: str
    symbol: str
    glyph: str  # the marker, as a character for a label


CAUSE_SIGNS = {
    1: Sign(TEAL, "solid", "circle", "●"),
    2: Sign(OCHRE, "5px,2px", "square", "■"),
    3: Sign(INDIGO, "2px,2px", "diamond", "◆"),
    4: Sign(PLUM, "8px,2px,2px,2px", "triangle-up", "▲"),
    5: Sign(SKY, "11px,3px", "triangle-down", "▼"),
    6: Sign(UMBER, "11px,2px,2px,2px,2px,2px", "star", "★"),
}

INKED = {"tickfont": {"color": INK}}
X_AXIS = {
    "fixedrange": True,
    "showline": True,
    "linecolor": FAINT,
    "ticks": "outside",
    "tickcolor": FAINT,
    **INKED,
}
Y_AXIS = {"fixedrange": True, "automargin": True, "zeroline": False, **INKED}
PERCENT = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0%", "25%", "50%", "75%", "100%"]}
LEGEND = {
    "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom",
    "traceorder": "normal", "itemclick": False, "itemdoubleclick": False,
}  # fmt: skip
TEMPLATE = go.layout.Template(layout={"colorway": CATEGORY})
CLEAR = "rgba(0,0,0,0)"  # cards lend their own background


def bar(colour: str, hatch: str = "") -> dict[str, Any]:
    """A bar's marker: softened colour, and a light hatch so that colour is never alone in telling two series apart."""
    return {
        "color": colour, "opacity": 0.88, "line": {"color": PAPER, "width": 1},
        "pattern": {"shape": hatch, "fillmode": "overlay", "fgcolor": PAPER, "fgopacity": 0.4, "size": 8, "solidity": 0.16},
    }  # fmt: skip


def axis_title(text: str) -> dict[str, Any]:
    return {"text": text, "font": {"color": INK}}


def layout(*, title: str, subtitle: str, height: int, **more: Any) -> dict[str, Any]:
    """What every figure's layout has in common, for a figure of this height in pixels; `more` comes on top.

    A plain dict, given to `go.Figure` once with everything in it: adding parts one by one costs ten times as much.
    Title and subtitle travel in `meta`: plotly cannot wrap a title on a phone, so the card that shows the figure
    writes them above it. Axes are fixed, or a thumb that scrolls the page would zoom the chart.
    """
    return {
        "template": TEMPLATE,
        "meta": {"title": title, "subtitle": subtitle},
        "height": height,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8, "pad": 4},
        "dragmode": False,
        "hovermode": "closest",
        "legend": LEGEND,
        **more,
    }


def nothing(*, title: str, sentence: str) -> go.Figure:
    """A figure that says in plain words that there is nothing to draw."""
    note = {"text": sentence, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    hidden = {"visible": False, "fixedrange": True}
    return go.Figure(
        layout=layout(title=title, subtitle="", height=160, xaxis=hidden, yaxis=hidden, annotations=[note])
    )


def note(
    text: str, *, x: Any, y: Any, side: str = "left", above: int = 0, beside: int = 0, **more: Any
) -> dict[str, Any]:
    """A piece of text in a figure: on paper coordinates unless `more` names axes."""
    return {
        "text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": side, "yanchor": "bottom",
        "align": side, "yshift": above, "xshift": beside, "showarrow": False, "font": {"color": INK}, **more,
    }  # fmt: skip


def legend_name(text: str, breadth: int = 30) -> str:
    """A legend entry kept short enough for a phone."""
    return text if len(text) <= breadth else text[: breadth - 1].rstrip() + "…"
