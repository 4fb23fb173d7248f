"""What must never happen when we fetch what a stranger's message points at."""

from http.server import BaseHTTPRequestHandler
from io import BytesIO
from ipaddress import ip_address

import pytest

from channels.providers.provider import MediaRequest
from contacts.conversations import download as downloading
from contacts.conversations.download import INTERNET, Network, RefusedFile, UnavailableFile, download, is_public
from tests.contacts.conversations import media_server
from tests.contacts.conversations.media_server import NETWORK

LIMIT = 100_000


@pytest.fixture
def server():
    with media_server.running() as server:
        yield server


def fetched(url: str, hosts=("127.0.0.1", "localhost", "127.0.0.2"), headers=None, network=NETWORK) -> bytes:
    into = BytesIO()
    download(MediaRequest(url, headers or {}, hosts), into, LIMIT, network)
    return into.getvalue()


def test_file_is_fetched_with_its_secrets_and_through_redirects(server):
    server.answers = {"/a": server.url("/b%20c?d=é"), "/b%20c?d=%C3%A9": b"photo" * 1000}

    assert fetched(server.url("/a"), headers={"Authorization": "Bearer x"}) == b"photo" * 1000
    assert server.asked == [("/a", "Bearer x"), ("/b%20c?d=%C3%A9", "Bearer x")]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378::", False),
    ],
)
def test_address_inside_is_never_reached(address, expected):
    assert is_public(ip_address(address)) is expected


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_name_that_means_an_address_inside_is_not_called(server, host):
    with pytest.raises(RefusedFile, match="internet"):
        fetched(server.url("/", host), network=Network("http"))
    assert server.asked == []


@pytest.mark.parametrize("host", ["127.0.0.2", "127.1.1.1.nip.example", "[::1]", "0.0.0.1", "2130706433"])
def test_redirect_to_loopback_is_not_followed(server, host):
    server.answers = {"/a": server.url("/secret", host), "/secret": b"secret"}

    with pytest.raises(RefusedFile):
        fetched(server.url("/a"))
    assert [path for path, _ in server.asked] == ["/a"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "http://example.com/a",
        "http://127.0.0.1.example.com/a",
        "http://127.0.0.1@example.com/a",
        "http://user@127.0.0.1/a",
        "http://[127.0.0.1/a",
        "http://127.0.0.1:port/a",
        f"http://{'a' * 70}.localhost/a",
        "//",
        "",
    ],
)
def test_anything_but_a_file_on_its_hosts_is_refused(url):
    with pytest.raises(RefusedFile):
        fetched(url)


def test_only_tls_leads_to_the_internet(server):
    with pytest.raises(RefusedFile):
        fetched(server.url("/a"), network=INTERNET)
    assert server.asked == []


def test_nothing_is_said_before_the_other_side_has_proved_who_it_is(server):
    with pytest.raises(UnavailableFile):  # it speaks no TLS
        fetched(server.url("/a").replace("http", "https"), network=Network("https", NETWORK.may_reach))
    assert server.asked == []


def test_secrets_do_not_go_along_to_another_host(server):
    with media_server.running() as other:
        server.answers, other.answers = {"/a": other.url("/b")}, {"/b": b"photo"}

        assert fetched(server.url("/a"), headers={"Authorization": "Bearer x"}) == b"photo"
        assert other.asked == [("/b", None)]


def test_circles_end(server):
    server.answers = {"/a": server.url("/b"), "/b": server.url("/a")}

    with pytest.raises(RefusedFile, match="circles"):
        fetched(server.url("/a"))
    assert len(server.asked) == 6


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x" * 65_536)


def slow(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x")
        request.connection.settimeout(0.01)
        try:
            request.connection.recv(1)
        except TimeoutError:
            continue


def cut_short(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "100")
    request.end_headers()
    request.wfile.write(b"x" * 50)


@pytest.mark.parametrize("content", [b"x" * (LIMIT + 1), endless])
def test_no_more_is_taken_than_the_limit(server, content):
    server.answers = {"/a": content}

    with pytest.raises(RefusedFile, match="too large"):
        fetched(server.url("/a"))


def test_drop_by_drop_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(downloading, "WHOLE_SECONDS", 0.2)
    server.answers = {"/a": slow}

    with pytest.raises(UnavailableFile):
        fetched(server.url("/a"))


@pytest.mark.parametrize("answer", [500, 401, 429, 204, cut_short])
def test_what_may_work_later_is_told_from_what_never_will(server, answer):
    server.answers = {"/a": answer}

    with pytest.raises(UnavailableFile):
        fetched(server.url("/a"))
    with pytest.raises(RefusedFile, match="does not have it any more"):
        fetched(server.url("/gone"))


def test_provider_that_is_away_is_asked_again():
    with media_server.running() as server:
        url = server.url("/a")
    with pytest.raises(UnavailableFile):
        fetched(url)
