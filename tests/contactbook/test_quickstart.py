import os
import re
import signal
import socket
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from tests.processes import free_port, manage, wait_for


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def env(tmp_path, port):
    """What a new user's shell has: nothing but where to put things."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PORT": str(port), "CONTACTBOOK_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def log(tmp_path):
    return tmp_path / "quickstart.log"


@contextmanager
def started(env, log):
    """`manage.py quickstart`, ready; ended by Ctrl-C, which a terminal sends to the whole process group."""
    with manage("quickstart", env=env, log=log) as process:
        wait_for(lambda: process.poll() is not None or "Ctrl-C stops it" in log.read_text(), "the greeting", log)
        assert process.poll() is None, log.read_text()
        yield
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) == 0, log.read_text()
    assert "Contact Book has stopped." in log.read_text()
    assert "Traceback" not in log.read_text()


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def refuses_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_quickstart_shows_the_demo_and_a_second_start_keeps_it(env, log, port):
    site = f"http://localhost:{port}"

    with started(env, log):
        greeting = log.read_text()
        assert f"Contact Book is ready: {site}\n" in greeting
        password = re.search(r"ada +(\S+) +Ada Jansen, Administrator", greeting)[1]
        assert "docs/samples/contacts.csv" in greeting
        assert password in get(f"{site}/accounts/login/")[1]
    assert refuses_connections(port)

    with started(env, log):
        assert password in log.read_text()
        assert password in get(f"{site}/accounts/login/")[1]


def test_quickstart_without_demo_prints_the_link_for_the_administrator(env, log, port):
    with started({**env, "DEMO": "0"}, log):
        link = re.search(r"Make the administrator: (http\S+)", log.read_text())[1]
        assert link.startswith(f"http://localhost:{port}/welcome/?token=")
        assert 'name="username"' in get(link)[1]


def test_quickstart_serves_compressed_static_files(env, log, port):
    with started({**env, "DEMO": "0"}, log):
        page = get(f"http://localhost:{port}/accounts/login/")[1]
        styles = re.findall(r'href="(/static/css/[^"]+\.css)"', page)
        assert styles
        for path in styles:
            request = urllib.request.Request(f"http://localhost:{port}{path}", headers={"Accept-Encoding": "gzip"})
            with urllib.request.urlopen(request, timeout=30) as response:
                assert response.headers["Content-Encoding"] == "gzip"
                assert "immutable" in response.headers["Cache-Control"]


def test_quickstart_port_taken_says_so(env, log, port):
    with socket.create_server(("127.0.0.1", port)), manage("quickstart", env=env, log=log) as process:
        assert process.wait(timeout=60) == 1

    assert f"Port {port} cannot be used" in log.read_text()
    assert "make start PORT=" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_quickstart_ends_when_the_web_server_does(env, log):
    refused_option = {"GRANIAN_BACKLOG": "1"}
    with manage("quickstart", env={**env, **refused_option, "DEMO": "0"}, log=log) as process:
        assert process.wait(timeout=60) == 1

    assert "The web server ended by itself (exit code 2)" in log.read_text()
    assert "Traceback" not in log.read_text()
