"""Draws the planner's queueing model beside its simulator: ``docs/guides/queueing.svg``.

python -m benchmarks.queueing
"""

from __future__ import annotations

from pathlib import Path

from careflow.planner.measurements import measurements
from careflow.planner.queueing import Load, latency
from careflow.planner.simulation import Scenario, simulate

TARGET = Path(__file__).resolve().parents[1] / "docs" / "guides" / "queueing.svg"
CORES = 2
TASK_S = 20.0
BUSY = [step / 20 for step in range(1, 18)]
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 360, 60, 40, 20
ROWS = 1_000


def main() -> None:
    """Compute every point, print the worst differences and write the picture."""
    cpu_s = float(measurements().request_cpu_s("t3"))
    plots = [
        ("#1f6f8b", "requests alone", 0.0),
        ("#b5542b", "beside local AI tasks (one core in five)", 0.2 * CORES / TASK_S),
    ]
    curves = []
    for colour, name, tasks_per_s in plots:
        points = [point(busy, cpu_s, tasks_per_s) for busy in BUSY if busy > 0.2 or not tasks_per_s]
        worst = max(abs(model / seen - 1) for _, pair in points for model, seen in pair)
        inside = max(
            abs(model / seen - 1) for busy, pair in points if busy <= 0.7 for model, seen in pair
        )
        print(f"{name}: worst difference {worst:.1%}, up to 70% busy {inside:.1%}")
        curves.append((colour, name, points))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(drawing(curves, cpu_s), encoding="utf-8")


Point = tuple[float, list[tuple[float, float]]]


def point(busy: float, cpu_s: float, tasks_per_s: float) -> Point:
    """Return mean and p95 in milliseconds, of the model and of the simulation."""
    per_s = (busy * CORES - tasks_per_s * TASK_S) / cpu_s
    load = Load(per_s, cpu_s, CORES, tasks_per_s, TASK_S, CORES if tasks_per_s else 0)
    model = latency(load)
    seconds = 6_000 if tasks_per_s else 200_000 / per_s
    seen = simulate(
        Scenario(per_s, cpu_s, CORES, seconds, 1, tasks_per_s, TASK_S, load.tasks_at_once)
    )
    assert model is not None
    return busy, [
        (model.mean_s * ROWS, seen.mean_s * ROWS),
        (model.p95_s * ROWS, seen.p95_s * ROWS),
    ]


def drawing(curves: list[tuple[str, str, list[Point]]], cpu_s: float) -> str:
    """Return the picture: lines are the model, dots the simulation."""
    highest = max(value for _, _, points in curves for _, pair in points for value in pair[1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="12" role="img"'
        ' aria-label="Latency of the queueing model beside the simulation">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *axes(highest),
    ]
    for row, (colour, name, points) in enumerate(curves):
        for kind, dash in ((0, "4 3"), (1, "none")):
            line = " ".join(f"{x(b):.1f},{y(pair[kind][0], highest):.1f}" for b, pair in points)
            parts.append(
                f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"'
                f' stroke-dasharray="{dash}"/>'
            )
            parts += [
                f'<circle cx="{x(b):.1f}" cy="{y(pair[kind][1], highest):.1f}" r="3"'
                f' fill="{colour}"/>'
                for b, pair in points
            ]
        parts.append(
            f'<text x="{LEFT + 12}" y="{TOP + 16 + 18 * row}" fill="{colour}">{name}</text>'
        )
    parts.append(
        f'<text x="{LEFT + 12}" y="{TOP + 52}" fill="#444">lines: model (full p95, dashed mean);'
        f" dots: simulation; t3, {CORES} cores, {cpu_s * ROWS:.2f} ms a request</text>"
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def axes(highest: float) -> list[str]:
    """Return axes with their labels."""
    bottom = HEIGHT - BOTTOM
    parts = [
        f'<path d="M{LEFT} {TOP} V{bottom} H{WIDTH - 20}" stroke="#444" fill="none"/>',
        f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle" fill="#444">'
        "share of the cores in use</text>",
        f'<text x="{LEFT - 8}" y="{TOP + 4}" text-anchor="end" fill="#444">{highest:.0f} ms</text>',
        f'<text x="{LEFT - 8}" y="{bottom}" text-anchor="end" fill="#444">0</text>',
    ]
    parts += [
        f'<text x="{x(share):.0f}" y="{bottom + 16}" text-anchor="middle" fill="#444">'
        f"{share:.0%}</text>"
        for share in (0.2, 0.4, 0.6, 0.8)
    ]
    return parts


def x(busy: float) -> float:
    """Return the place of a share of the cores."""
    return LEFT + (WIDTH - LEFT - 20) * busy / 0.9


def y(ms: float, highest: float) -> float:
    """Return the place of a latency."""
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * ms / highest


if __name__ == "__main__":
    main()
