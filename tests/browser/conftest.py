"""A real browser in front of the real web server, which is a process of its own on the test's database.

Every test here is marked `browser`. A script error or a violation of the content security policy fails it.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from contactbook.static_files import collect_if_changed
from contactbook.worker import QUEUES
from tests import chromium
from tests.processes import environment, free_port, manage, wait_for

# Playwright runs an event loop in this thread; our queries do not share it with anybody.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# As root there is no sandbox to be had, and nothing here is for the browser to look up elsewhere.
FLAGS = """
    --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run
""".split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory) -> Path:
    """Where the server, the worker and the test keep uploads and media."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def site(django_db_setup, data_dir) -> Iterator[str]:
    """The address of a web server that works on the test's database."""
    collect_if_changed()
    port = free_port()
    url = f"http://localhost:{port}"
    command = [
        "granian",
        "--interface",
        "wsgi",
        "--blocking-threads",
        "4",
        "--port",
        str(port),
        "contactbook.wsgi:application",
    ]
    log = data_dir / "web.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=django_settings.BASE_DIR,
            env=environment(data_dir, CONTACTBOOK_URL=url),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: _accepts_connections(port) or server.poll() is not None, "the web server", log)
        yield url
    finally:
        server.terminate()
        server.wait()


def _accepts_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium.find_or_install(), args=FLAGS)


@pytest.fixture(autouse=True)
def _shared_with_the_server(settings, data_dir, _private_files):
    """Files stand where the server looks for them, and no test pays for the login attempts of another."""
    settings.MEDIA_ROOT = data_dir / "media"
    cache.clear()


@pytest.fixture
def page(site, browser) -> Iterator[Page]:
    """An empty tab at desktop size; addresses in `page.goto` start with a slash."""
    context = browser.new_context(base_url=site, viewport=DESKTOP)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    # A refused form (422) is a "failed" resource to the console, and none of its business.
    page.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and not message.text.startswith("Failed to load resource")
            else None
        ),
    )
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def log_in(page, site) -> Callable[[User], None]:
    """Log a user in without the login page."""

    def log_in(user: User) -> None:
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])

    return log_in


@pytest.fixture
def worker(site, data_dir) -> Iterator[None]:
    """`manage.py worker` in its own process."""
    log = data_dir / "worker.log"
    with manage("worker", env=environment(data_dir), log=log):
        wait_for(lambda: log.read_text().count("Working on queue") == len(QUEUES), "the worker", log)
        yield


@pytest.fixture
def assert_accessible(page) -> Callable[[], None]:
    """Let axe look at the page as it is, in both sizes and both themes; then it is as it was.

    A theme changes colors and nothing else, a language changes no color: what is the same is looked at once.
    """
    axe = Axe()

    def assert_accessible() -> None:
        is_english = page.locator("html").get_attribute("lang") == "en"
        for size, theme, rules in (
            (DESKTOP, "light", None),
            (PHONE, "light", None),
            *((size, "dark", ["color-contrast"]) for size in (DESKTOP, PHONE) if is_english),
        ):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            options = {"runOnly": {"type": "rule", "values": rules}} if rules else None
            found = axe.run(page, options=options).response["violations"]
            assert not found, f"{page.url} {size['width']} {theme}\n" + "\n".join(map(_in_words, found))
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="light")

    return assert_accessible


def _in_words(violation: dict) -> str:
    nodes = "\n".join(f"    {node['html'][:200]}" for node in violation["nodes"])
    return f"  {violation['id']}: {violation['help']}\n{nodes}"
