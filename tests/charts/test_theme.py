"""The palette can be told apart in grey, and text on it can be read."""

from __future__ import annotations

import itertools

import pytest

from timewaste.charts import theme


def luminance(colour):
    def linear(part):
        share = int(part, 16) / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightness(colour):
    share = luminance(colour)
    return 116 * share ** (1 / 3) - 16 if share > 0.008856 else 903.3 * share


def test_at_most_seven_colours():
    assert len(set(theme.PALETTE)) <= 7


def test_verdict_colours_differ_in_grey():
    shades = [lightness(theme.VERDICTS[name].colour) for name in ("eliminate", "simplify", "automate", "keep")]
    assert min(abs(one - other) for one, other in itertools.combinations(shades, 2)) > 5


def test_neighbours_in_the_week_differ_in_grey():
    shades = [lightness(colour) for colour in theme.CATEGORIES.values()]
    assert min(abs(one - other) for one, other in itertools.pairwise(shades)) > 15


@pytest.mark.parametrize("category", theme.CATEGORIES)
def test_text_on_a_category_can_be_read(category):
    assert contrast(theme.CATEGORIES[category], theme.CATEGORY_TEXT[category]) >= 4.5


@pytest.mark.parametrize("style", [*theme.VERDICTS.values(), theme.UNJUDGED, theme.MIXED], ids=lambda style: style.word)
def test_text_on_a_verdict_can_be_read(style):
    assert contrast(style.colour, style.text_colour) >= 4.5
    assert contrast(style.candidate_colour, theme.INK) >= 4.5


def test_what_is_not_judged_is_pale_and_without_letter():
    for verdict in (None, "ignore", "nonsense"):
        assert theme.verdict_letter(verdict, is_candidate=True) == ""
        assert theme.verdict_colour(verdict) == theme.UNJUDGED.colour
