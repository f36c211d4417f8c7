"""`python -m bench [--cases 20000]`: the desk with a demo's own cases, then with many more, side by
side in one run. Without LIANQIN_E2E_HOME it starts a demo of its own and removes it afterwards."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench import desk, fill, pages
from e2e.browsers import executable, launch
from e2e.install import Install, running_demo


def machine(browser: str) -> str:
    """What the figures were measured on."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{len(models)} × {models[0] if models else platform.machine()}, {memory:.0f} GB, "
        f"Chromium {browser} drawing without a graphics card; load {load}"
    )


def table(few: dict[str, float], many: dict[str, float], titles: tuple[str, str]) -> str:
    """Both columns and their ratio, as Markdown."""
    lines = [f"| | {titles[0]} | {titles[1]} | ratio |", "|---|---:|---:|---:|"]
    for what, value in few.items():
        ratio = f"{many[what] / value:.1f}" if value >= 1 else "–"
        lines.append(f"| {what} | {value:,.0f} | {many[what]:,.0f} | {ratio} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, fill, measure again."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=20_000)
    given = asked.parse_args()
    chromium = executable()
    if not chromium:
        raise SystemExit("no Chromium")
    with running_demo() as install, sync_playwright() as playwright:
        browser = launch(playwright, chromium)
        fill.connect(install.state()["database"])
        fill.empty()
        before = open_cases(install)
        few = pages.measure(install) | desk.measure(install, browser)
        fill.fill(given.cases)
        after = open_cases(install)
        many = pages.measure(install) | desk.measure(install, browser)
        print(f"\n{machine(browser.version)}\n")
        print(table(few, many, (f"{before:,} open cases", f"{after:,} open cases")))
        print("\nMilliseconds, the median of several, unless the row says otherwise.")
        browser.close()


def open_cases(install: Install) -> int:
    """How many cases the map shows."""
    return len(install.get(desk.READER, "/cases/map")["cases"]["id"])


if __name__ == "__main__":
    main()
