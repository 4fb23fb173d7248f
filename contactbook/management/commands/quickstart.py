"""`make start`: everything that a fresh clone needs, then the web server and the worker under one command."""

import socket
import sys
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from contactbook import demo
from contactbook.accounts import setup_token
from contactbook.processes import Child, StopSignals, stop_all
from contactbook.static_files import collect_if_changed
from contactbook.worker import STOP_SECONDS

HOST = "127.0.0.1"
# A slow upload holds a thread as long as it lasts; a thread that waits costs next to nothing.
WEB_SERVER = ("granian", "--interface", "wsgi", "--no-ws", "--blocking-threads", "16", "--log-level", "error")


class Command(BaseCommand):
    help = "Set up what is missing, then run the web server and the worker until Ctrl-C."

    def handle(self, **options: Any) -> None:
        require_free_port(settings.PORT)
        try:
            self._set_up()
        except KeyboardInterrupt:
            sys.exit(130)
        self._run()

    def _set_up(self) -> None:
        self.stdout.write("Preparing the address book …")
        self.stdout.flush()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        collect_if_changed()
        if settings.DEMO and demo.book_is_empty():
            demo.fill_book()

    def _run(self) -> None:
        signals = StopSignals()
        web = Child("web", sys.executable, "-m", *WEB_SERVER, f"--port={settings.PORT}", "contactbook.wsgi:application")
        worker = Child("worker", sys.executable, str(settings.BASE_DIR / "manage.py"), "worker")
        web.start()
        worker.start()
        is_greeted = False
        # Quickly until the server answers, then in calm.
        while not signals.wait(1 if is_greeted else 0.1) and web.is_running:
            if not is_greeted and answers(settings.PORT):
                self._greet()
                is_greeted = True
            if not worker.is_running and worker.restart_when_due():
                self.stderr.write("The worker had died and was started again.")
        web_died = not web.is_running
        stop_all([web, worker], STOP_SECONDS + 5)
        if web_died:
            raise CommandError(f"The web server ended by itself (exit code {web.exit_code}); the lines above say why.")
        self.stdout.write("Contact Book has stopped.")

    def _greet(self) -> None:
        self.stdout.write(f"\nContact Book is ready: {settings.URL}\n\n")
        if not User.objects.exists():
            self.stdout.write(f"  Make the administrator: {settings.URL}/welcome/?token={setup_token()}\n")
        elif logins := demo.logins_in_words():
            self.stdout.write("  Log in as one of the people of the demo book:\n")
            for login in logins:
                self.stdout.write(f"    {login}")
            self.stdout.write(f"\n  Two files to import: {' and '.join(demo.SAMPLE_FILES)}")
        else:
            self.stdout.write("  Log in with your user name and password.")
        self.stdout.write("\n  Ctrl-C stops it.\n")
        self.stdout.flush()


def require_free_port(port: int) -> None:
    """Raises CommandError, with what to do, when nothing can listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used ({error}). Choose another one: make start PORT=8001"
            ) from error


def answers(port: int) -> bool:
    """Whether the web server serves the site, whatever its answer is."""
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}/health/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
