"""What axe finds on a page as it is now."""

from __future__ import annotations

from playwright.sync_api import Page

from e2e.install import ROOT

_SCRIPT = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


def faults_of(page: Page) -> list[str]:
    """Serious and critical findings, each with the first element that has it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(
        "async () => (await axe.run(document)).violations"
        ".filter(v => ['serious', 'critical'].includes(v.impact))"
        ".map(v => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`)"
    )
    return found
