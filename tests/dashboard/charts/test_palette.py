"""The theme's colours: enough contrast, told apart by colour-blind eyes, and exactly ten of them."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from dashboard.charts import palette

THEME = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())["theme"]
CARDS = {"light": "#fffdf9", "dark": "#182124"}  # --sx-card in dashboard/style.css
MODES = ["light", "dark"]

# How the three kinds of dichromats see linear RGB: Machado, Oliveira & Fernandes 2009, severity 1.
EYES = {
    "ordinary": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Linear RGB to OKLab (Ottosson 2020).
LMS = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
LAB = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]  # fmt: skip


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour)) for colour in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def distance(one: str, other: str, eyes: str) -> float:
    def seen(colour: str) -> np.ndarray:
        return LAB @ np.cbrt(np.clip(LMS @ (np.array(EYES[eyes]) @ linear(colour)), 0, None))

    return 100 * float(np.linalg.norm(seen(one) - seen(other)))


@pytest.mark.parametrize("mode", MODES)
def test_the_primary_colour_bears_white_text(mode):
    assert contrast(THEME[mode]["primaryColor"], "#ffffff") >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_and_links_are_readable(mode, ground):
    theme = THEME[mode]
    assert contrast(theme["textColor"], theme[ground]) >= 7
    assert contrast(theme["linkColor"], theme[ground]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["red", "orange", "yellow", "blue", "green", "violet", "gray"])
def test_messages_and_badges_are_readable(mode, name):
    theme = THEME[mode]
    assert contrast(theme[f"{name}TextColor"], theme[f"{name}BackgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_there_are_exactly_ten_colours_or_plotly_falls_back_to_its_own(mode):
    assert len(THEME[mode]["chartCategoricalColors"]) == len(palette.CATEGORY) == 10
    assert len(THEME[mode]["chartSequentialColors"]) == len(palette.SEQUENCE) == 10


@pytest.mark.parametrize("mode", MODES)
def test_the_six_causes_stand_out_from_their_card(mode):
    assert min(contrast(colour, CARDS[mode]) for colour in THEME[mode]["chartCategoricalColors"][:6]) >= 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eyes", EYES)
def test_the_six_causes_are_told_apart_by_every_eye(mode, eyes):
    six = THEME[mode]["chartCategoricalColors"][:6]
    assert min(distance(one, other, eyes) for one, other in itertools.combinations(six, 2)) >= 9


@pytest.mark.parametrize("mode", MODES)
def test_the_number_in_a_rating_can_be_read_on_its_colour(mode):
    colours = THEME[mode]["chartSequentialColors"]
    for _, name in palette.RATING_SCALE:
        ground = colours[palette.SEQUENCE.index(name)]
        # plotly writes #444 on light colours and white on dark ones
        assert max(contrast(ground, "#444444"), contrast(ground, "#ffffff")) >= 4.5


def test_signs_of_the_causes_follow_the_themes_order():
    assert [sign.colour for sign in palette.CAUSE_SIGNS.values()] == list(palette.CATEGORY[:6])


def test_the_names_of_colours_are_those_that_streamlit_replaces():
    """They are not documented: should Streamlit rename them, figures would turn black, and this says why."""
    from streamlit.elements.lib import streamlit_plotly_theme as theirs

    assert list(palette.CATEGORY) == [getattr(theirs, f"CATEGORY_{n}") for n in range(10)]
    assert list(palette.SEQUENCE) == [getattr(theirs, f"SEQUENTIAL_{n}") for n in range(10)]
    assert (palette.INK, palette.PAPER, palette.FAINT) == (theirs.GRAY_90, theirs.BG_COLOR, theirs.BG_MIX)
