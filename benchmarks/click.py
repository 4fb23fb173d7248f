"""From the click on a contact to its paint, in a real browser before the real web server, as `make start` runs it.

The book is the demo, made as large as asked for. The pointer stands on the row when it clicks, and does not dwell. A
click counts from the time that its event carries until the first frame that shows the contact is painted: what that
frame queues runs next.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from contactbook.demo import fill_book
from contactbook.demo.large import enlarge_book
from contactbook.management.commands.quickstart import WEB_SERVER, answers
from contactbook.static_files import collect_if_changed
from contacts.models import Contact
from tests import chromium
from tests.processes import free_port, wait_for

LIMIT_MS = 100
CLICKS = 20
# Sees every channel, sees three of them.
VIEWERS = ("ada", "noor")

# Resolves with [milliseconds until the paint, of these until the answer was there] once another contact is open.
WATCH = """() => {
  let clicked;
  addEventListener("click", (event) => { clicked = event.timeStamp; }, { capture: true, once: true });
  window.painted = new Promise((resolve) => new MutationObserver((_changes, observer) => {
    if (!clicked || document.getElementById("detail")?.dataset.contact === window.open) return;
    observer.disconnect();
    window.open = document.getElementById("detail").dataset.contact;
    const answered = performance.getEntriesByType("resource").findLast((one) => one.initiatorType === "xmlhttprequest");
    const painted = new MessageChannel();
    painted.port1.onmessage = () => resolve([performance.now() - clicked, answered.duration]);
    requestAnimationFrame(() => painted.port2.postMessage(0));
  }).observe(document, { childList: true, subtree: true }));
}"""


def run(rows: int) -> Iterator[dict[str, Any]]:
    """Figures of opening contacts in the demo book with `rows` contacts, in the empty database that is connected."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright has an event loop in this thread
    fill_book()
    for _step in enlarge_book(rows):
        pass
    with _web_server() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find_or_install(), args=["--no-sandbox", "--disable-gpu"]
        )
        for username in VIEWERS:
            figures = _clicks(browser, site, User.objects.get(username=username))
            yield {"step": "click", "viewer": username, "contacts": Contact.objects.count(), **figures}
        browser.close()


@contextmanager
def _web_server() -> Iterator[str]:
    collect_if_changed()
    port = free_port()
    site = f"http://localhost:{port}"
    log = Path(settings.DATA_DIR, "web.log")
    # The others know the book from the environment of this process.
    env = {**os.environ, "CONTACTBOOK_URL": site, "PORT": str(port)}
    command = [sys.executable, "-m", *WEB_SERVER, f"--port={port}", "contactbook.wsgi:application"]
    connection.close()
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: answers(port), "the web server", log)
        yield site
    finally:
        server.terminate()
        server.wait()


def _clicks(browser: Browser, site: str, user: User) -> dict[str, Any]:
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    page = context.new_page()
    page.goto("/contacts/")
    _click(page, 0)  # the first one wakes the server up
    times = [_click(page, index) for index in range(1, CLICKS + 1)]
    context.close()
    painted, answered = zip(*times, strict=True)
    return {
        "median_ms": round(statistics.median(painted)),
        "p95_ms": round(statistics.quantiles(painted, n=20)[-1]),
        "limit_ms": LIMIT_MS,
        "answer_median_ms": round(statistics.median(answered)),
    }


def _click(page: Page, index: int) -> list[float]:
    page.evaluate(WATCH)
    row = page.locator("#results .row").nth(index)
    row.hover()
    row.click()
    times: list[float] = page.evaluate("window.painted")
    return times
