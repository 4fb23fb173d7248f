"""A web server for one test, on this machine, in place of a provider's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread

from contacts.conversations.download import Network

# As the internet, and this machine under one of its addresses.
NETWORK = Network("http", lambda address: address == ip_address("127.0.0.1"))


@dataclass
class MediaServer:
    """Answers paths as it is told: bytes, a redirect ("http…"), a status, or a function of the request."""

    answers: dict[str, bytes | str | int | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # paths, and what was in Authorization
    port: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append((request.path, request.headers["Authorization"]))
        found = self.answers.get(request.path, 404)
        if callable(found):
            found(request)
            return
        status = found if isinstance(found, int) else 302 if isinstance(found, str) else 200
        content = found if isinstance(found, bytes) else b""
        request.send_response(status)
        if isinstance(found, str):
            request.send_header("Location", found)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


@contextmanager
def running() -> Iterator[MediaServer]:
    told = MediaServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the other side hung up, as it should

    with Server(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_port
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield told
        server.shutdown()
