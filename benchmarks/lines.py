"""Small line charts over a logarithmic axis of sizes, as one SVG without any library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

WIDTH, HEIGHT, GAP = 340, 220, 50
COLOURS = ("#1f6f8b", "#b5542b", "#5d7a2e")

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: a title and the names of its curves."""

    title: str
    names: tuple[str, ...]


def drawing(charts: Sequence[Chart], rows: Sequence[Row], labels: Mapping[str, str]) -> str:
    """Return the charts two abreast; each row is one size, named ``resources``."""
    down = (len(charts) + 1) // 2
    wide, high = 2 * (WIDTH + GAP) + GAP, down * (HEIGHT + 2 * GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"'
        ' font-family="sans-serif" font-size="11" role="img"'
        ' aria-label="Rates, sizes and memory over the number of resources">',
        f'<rect width="{wide}" height="{high}" fill="white"/>',
    ]
    for number, chart in enumerate(charts):
        left = GAP + (number % 2) * (WIDTH + GAP)
        top = GAP + (number // 2) * (HEIGHT + 2 * GAP)
        parts += [f'<g transform="translate({left} {top})">', *_chart(chart, rows, labels), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _chart(chart: Chart, rows: Sequence[Row], labels: Mapping[str, str]) -> list[str]:
    highest = 1.1 * max(row[name] for row in rows for name in chart.names)
    parts = [
        f'<text y="-12" fill="#222" font-size="13">{chart.title}</text>',
        f'<path d="M0 0 V{HEIGHT} H{WIDTH}" stroke="#444" fill="none"/>',
    ]
    parts += [
        f'<text x="{_x(row, rows):.0f}" y="{HEIGHT + 16}" text-anchor="middle"'
        f' fill="#444">{row["resources"]:,.0f}</text>'
        for row in rows
    ]
    for number, name in enumerate(chart.names):
        parts += _curve(name, rows, highest, COLOURS[number])
        parts.append(
            f'<text x="8" y="{HEIGHT - 8 - 14 * number}" fill="{COLOURS[number]}">'
            f"{labels[name]}</text>"
        )
    return parts


def _curve(name: str, rows: Sequence[Row], highest: float, colour: str) -> list[str]:
    places = [(_x(row, rows), HEIGHT * (1 - row[name] / highest), row[name]) for row in rows]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
    parts = [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>']
    for x, y, value in places:
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>',
            f'<text x="{x:.1f}" y="{y - 6:.1f}" text-anchor="middle" fill="{colour}">'
            f"{value:,g}</text>",
        ]
    return parts


def _x(row: Row, rows: Sequence[Row]) -> float:
    first, last = (log10(each["resources"]) for each in (rows[0], rows[-1]))
    share = (log10(row["resources"]) - first) / (last - first) if last > first else 0.5
    return 20 + share * (WIDTH - 50)
