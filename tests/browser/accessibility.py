"""What every screen is held to: nothing serious for axe, no sideways scrolling."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}


def check_screen(
    page: Page, name: str, *, pictures: Path | None = None, live: bool = False
) -> None:
    """Fail on anything axe calls serious, or if the page scrolls sideways; keep a picture.

    A ``live`` screen listens as long as it is open, so its network never falls idle.
    """
    page.wait_for_load_state("load" if live else "networkidle")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=pictures / f"{name}-{width}.png")
    # The policy forbids scripts that are not ours, so axe is handed in from outside the page.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
    assert serious == [], f"{name}: {serious}"
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"
