"""The system's Chromium: where it is, and how it is started."""

from __future__ import annotations

import os
import shutil
import subprocess

from playwright.sync_api import Browser, Playwright

FLAGS = [
    "--headless=new", "--disable-gpu", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # A camera that shows a moving pattern, where a page is allowed one.
    "--use-fake-device-for-media-stream",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """Path of the system's Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_cjk_font() -> bool:
    """Whether Chinese can be drawn: without it a screen is full of boxes and every size is off."""
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(fonts.stdout.strip())


def launch(playwright: Playwright, path: str) -> Browser:
    """A browser with a profile of its own; Chromium's sandbox does not work for root."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return playwright.chromium.launch(executable_path=path, args=FLAGS + sandbox)
