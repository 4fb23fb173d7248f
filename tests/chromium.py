"""The browser that the browser tests drive: one that is installed, else one that is installed for them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


class NoBrowser(Exception):
    """There is no browser, and none could be installed."""


def find() -> str | None:
    """The program to start: the variable CHROME, a browser of the system, or Playwright's own; None without any."""
    found = os.environ.get("CHROME") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return next((str(path) for path in (MAC, own) if path.exists()), None)


def find_or_install() -> str:
    """The program to start. Raises NoBrowser, which says how to get one."""
    found = find()
    if found:
        return found
    print("There is no browser on this machine; installing Chromium …", flush=True)
    for command in _ways_to_install():
        subprocess.run(command, check=False)
        found = find()
        if found:
            return found
    raise NoBrowser(
        "the browser tests, as there is no Chromium or Chrome and installing one did not work. Install it (Debian,"
        " Ubuntu: apt-get install chromium; Fedora: dnf install chromium) or name the program in CHROME"
    )


def _ways_to_install() -> list[list[str]]:
    """The system's package where we may, else Playwright's own browser."""
    apt = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]]
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    return [*(apt if may_install else []), [sys.executable, "-m", "playwright", "install", "chromium"]]
