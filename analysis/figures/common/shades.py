"""Arithmetic of colours: contrast, a legible shade, grey."""

from __future__ import annotations


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def legible(colour: str, background: str, ratio: float) -> str:
    """Return a colour of the same hue, darker or lighter, that reaches a contrast ratio on a background."""
    towards = 0 if _luminance(background) > 0.5 else 255
    channels = _channels(colour)
    for percent in range(101):
        mixed = [round(channel + (towards - channel) * percent / 100) for channel in channels]
        shade = "#" + "".join(f"{channel:02X}" for channel in mixed)
        if contrast(shade, background) >= ratio:
            return shade
    raise ValueError(f"no shade of {colour} reaches a contrast of {ratio} on {background}")


def as_grey(colour: str) -> str:
    """Return the grey of the same luminance as a colour.

    Examples
    --------
    >>> as_grey("#5E3C99"), as_grey("#ffffff")
    ('#4F4F4F', '#FFFFFF')
    """
    linear = _luminance(colour)
    channel = round(255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))
    return f"#{channel:02X}{channel:02X}{channel:02X}"


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
