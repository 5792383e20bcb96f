"""Writes plots as SVG: bars and lines, labelled, readable on light and dark ground."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from measure import Bars, Lines, Plot, digits

WIDTH = 760
LEFT = 250  # where bars begin: their names stand before
RIGHT = 110  # room for the numbers after the bars
COLOURS = ("#2f81f7", "#d9822b", "#3fa45b", "#a371f7", "#d6455d", "#8a8f98")
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .panel { font-weight: 600; }
  .small { font-size: 11.5px; fill: #59636e; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .ground { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .ground { fill: #0d1117; }
  }
"""


def svg(plot: Plot) -> str:
    """The whole picture."""
    parts: list[str] = []
    y = 52.0
    for panel in plot.panels:
        drawn, height = bars(panel, y) if isinstance(panel, Bars) else lines(panel, y)
        parts += drawn
        y += height + 26
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:.0f}" width="{WIDTH}" height="{y:.0f}" '
        f'role="img" aria-label="{escape(plot.title)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{y:.0f}"/>',
        text(20, 30, plot.title, "title"),
    ]
    return "\n".join([*head, *parts, "</svg>", ""])


def text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    """One line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(content)}</text>'


def bars(panel: Bars, top: float) -> tuple[list[str], float]:
    """Horizontal bars with their names before and their values after them; and the height they take."""
    parts = [text(20, top + 12, heading(panel), "panel")]
    values = [value for group in panel.groups.values() for value in group.values() if value > 0]
    largest = max(values, default=1)
    # A logarithmic bar starts at the power of ten below the smallest value.
    floor = 10 ** math.floor(math.log10(min(values, default=1)) - 1e-9) if panel.log else 0.0
    room = WIDTH - LEFT - RIGHT

    def length(value: float) -> float:
        if value <= 0:
            return 0
        if not panel.log:
            return room * value / largest
        span = math.log10(largest / floor)
        return room * math.log10(value / floor) / span if span > 0 else room

    series = list(dict.fromkeys(name for group in panel.groups.values() for name in group))
    y = top + 24
    for group, members in panel.groups.items():
        if group:
            parts.append(text(20, y + 13, group, "small"))
            y += 20
        for name, value in members.items():
            colour = COLOURS[series.index(name) % len(COLOURS)]
            parts.append(text(LEFT - 10, y + 13, name, anchor="end"))
            parts.append(
                f'<rect x="{LEFT}" y="{y:.1f}" width="{max(length(value), 1):.1f}" height="17" rx="2" fill="{colour}"/>'
            )
            unit = f" {panel.unit}" if panel.unit else ""
            parts.append(text(LEFT + max(length(value), 1) + 7, y + 13, digits(value) + unit, "small"))
            y += 23
        y += 4
    return parts, y - top


def heading(panel: Bars) -> str:
    """The panel's title, which tells if its bars do not start at zero."""
    return f"{panel.title} (logarithmic)" if panel.log else panel.title


def lines(panel: Lines, top: float) -> tuple[list[str], float]:
    """Lines over two axes with a legend; and the height they take."""
    x0, x1, y0, y1 = 80.0, WIDTH - 30.0, top + 250.0, top + 48.0
    points = {
        name: [(x, y) for x, y in line if (x > 0 or not panel.log_x) and (y > 0 or not panel.log_y)]
        for name, line in panel.series.items()
    }
    across = Axis([x for line in points.values() for x, _ in line], panel.log_x, x0, x1, from_zero=False)
    up = Axis([y for line in points.values() for _, y in line], panel.log_y, y0, y1, from_zero=True)
    parts = [text(20, top + 12, panel.title, "panel")]
    for value in up.marks:
        y = up.place(value)
        parts.append(f'<line class="grid" x1="{x0}" x2="{x1}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text(x0 - 8, y + 4, short(value), "small", "end"))
    for value in across.marks:
        x = across.place(value)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{y0}" y2="{y0 + 5}"/>')
        parts.append(text(x, y0 + 19, short(value), "small", "middle"))
    parts.append(text(x0 - 8, y1 - 12, panel.y_label, "small", "end"))
    parts.append(text(x1, y0 + 36, panel.x_label, "small", "end"))
    legend = x0
    for number, (name, line) in enumerate(points.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [(across.place(x), up.place(y)) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
        parts.append(f'<rect x="{legend:.1f}" y="{top + 22}" width="12" height="12" rx="2" fill="{colour}"/>')
        parts.append(text(legend + 17, top + 32, name, "small"))
        legend += 34 + 6.6 * len(name)
    return parts, y0 - top + 42


class Axis:
    """Where values stand between two ends of the picture."""

    def __init__(self, values: Sequence[float], log: bool, start: float, end: float, *, from_zero: bool) -> None:
        self._log = log
        self._start = start
        self._end = end
        least, most = min(values, default=1), max(values, default=1)
        if log:
            low, high = math.floor(math.log10(least) + 1e-9), math.ceil(math.log10(most) - 1e-9)
            if low == high:
                high += 1
            self.marks = [10.0**power for power in range(low, high + 1)]
            self._low, self._high = float(low), float(high)
        else:
            low_value = 0.0 if from_zero else least
            step = round_up((most - low_value) / 4 or 1)
            count = math.ceil((most - low_value) / step - 1e-9) or 1
            self.marks = [low_value + step * number for number in range(count + 1)]
            self._low, self._high = low_value, low_value + step * count

    def place(self, value: float) -> float:
        """The coordinate of a value."""
        at = math.log10(value) if self._log else value
        return self._start + (self._end - self._start) * (at - self._low) / (self._high - self._low)


def round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5 or 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    steps: Iterable[float] = (1, 2, 2.5, 5, 10)
    return next(step * power for step in steps if step * power >= value * (1 - 1e-9))


def short(value: float) -> str:
    """A number at an axis."""
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"
