"""Getting a file that lies with a provider: from its own hosts, over TLS, never from inside our network.

Every address that a name stands for is looked at before one is called, and that very address is called: a name that
means another one a moment later gains nothing. Redirects are followed here, each looked at like the first.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import IO
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext_noop

from channels.providers.provider import MediaRequest

MOST_REDIRECTS = 5
# Without a byte, and for all of one answer.
SILENCE_SECONDS = 15
WHOLE_SECONDS = 60
_STEP = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_NO_ADDRESS = gettext_noop("it has no readable address")
TOO_LARGE = gettext_noop("too large")


class RefusedFile(Exception):
    """We do not take it, and never will; the argument says why, to be translated."""


class UnavailableFile(Exception):
    """It cannot be had now; the argument tells why, for the log."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the internet's, and not one by which something inside may be reached."""
    if isinstance(address, IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address.is_site_local
    ):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


@dataclass(frozen=True)
class Network:
    """Where requests may go; tests have a server of their own."""

    scheme: str = "https"
    may_reach: Callable[[IPv4Address | IPv6Address], bool] = is_public


INTERNET = Network()


def download(asked: MediaRequest, into: IO[bytes], limit: int, network: Network = INTERNET) -> None:
    """Write the file into `into`. Raises UnavailableFile, and RefusedFile, also when it is larger than `limit`."""
    url, headers = asked.url, asked.headers
    for _turn in range(MOST_REDIRECTS + 1):
        place = _place(url, asked.hosts, network)
        with _answer(place, headers, network) as response:
            if response.status not in _REDIRECTS:
                return _take(response, into, limit)
            url = urljoin(url, response.getheader("Location", ""))
        if urlsplit(url).netloc != place.netloc:
            headers = {}  # secrets are for whom they were meant
    raise RefusedFile(gettext_noop("its provider sends us in circles"))


def _place(url: str, hosts: tuple[str, ...], network: Network) -> SplitResult:
    try:
        place = urlsplit(url)
        host, _port = place.hostname or "", place.port
    except ValueError as error:
        raise RefusedFile(_NO_ADDRESS) from error
    is_allowed = any(host == one or host.endswith(f".{one}") for one in hosts)
    if place.scheme != network.scheme or "@" in place.netloc or not is_allowed:
        raise RefusedFile(gettext_noop("it does not lie with its provider"))
    return place


@contextmanager
def _answer(place: SplitResult, headers: Mapping[str, str], network: Network) -> Iterator[HTTPResponse]:
    try:
        with _connected(place, network) as sock, _hung_up_in_time(sock):
            connection = _connection(place, sock)
            path = quote(place.path or "/", safe="/%!$&'()*+,;=:@~") + (f"?{_query(place)}" if place.query else "")
            connection.request("GET", path, headers={**headers, "Accept-Encoding": "identity"})
            with connection.getresponse() as response:
                yield response
    except UnicodeError as error:  # no name that could be looked up
        raise RefusedFile(_NO_ADDRESS) from error
    except (OSError, HTTPException) as error:
        raise UnavailableFile(f"{place.hostname}: {error!r}") from error


def _query(place: SplitResult) -> str:
    return quote(place.query, safe="/%!$&'()*+,;=:@~?")


def _connected(place: SplitResult, network: Network) -> socket.socket:
    port = place.port or (443 if place.scheme == "https" else 80)
    found = [info[4][0] for info in socket.getaddrinfo(place.hostname, port, type=socket.SOCK_STREAM)]
    if not all(network.may_reach(ip_address(address)) for address in found):
        raise RefusedFile(gettext_noop("it does not lie on the internet"))
    sock = socket.create_connection((str(found[0]), port), SILENCE_SECONDS)
    if place.scheme != "https":
        return sock
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=place.hostname)
    except BaseException:
        sock.close()
        raise


def _connection(place: SplitResult, sock: socket.socket) -> HTTPConnection:
    """Speaks HTTP on the socket that is there, and makes none of its own."""
    make = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = make(place.hostname or "", place.port)
    connection.sock = sock
    return connection


@contextmanager
def _hung_up_in_time(sock: socket.socket) -> Iterator[None]:
    """However slowly the other side sends, byte for byte. Raises TimeoutError."""
    is_late = threading.Event()

    def hang_up() -> None:
        is_late.set()
        with suppress(OSError):  # it has ended meanwhile
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE_SECONDS, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if is_late.is_set():
        raise TimeoutError


def _take(response: HTTPResponse, into: IO[bytes], limit: int) -> None:
    if response.status in _GONE:
        raise RefusedFile(gettext_noop("its provider does not have it any more"))
    if response.status != 200:
        raise UnavailableFile(f"The answer was {response.status}.")
    left = limit
    while piece := response.read1(_STEP):
        left -= len(piece)
        if left < 0 or (response.length or 0) > left:
            raise RefusedFile(TOO_LARGE)
        into.write(piece)
    if response.length:
        raise UnavailableFile("The answer ended early.")
