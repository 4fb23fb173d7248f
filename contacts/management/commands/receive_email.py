import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from channels.models import Channel
from channels.providers import PROVIDERS
from channels.providers.provider import Delivery
from channels.types import ChannelType
from contacts.conversations import process
from contacts.tasks import ring_inbound

LONGEST = 40 * 1024 * 1024  # what mail servers let through at most, files in base64 included


class Command(BaseCommand):
    help = (
        "Take one e-mail message from standard input, as a mail server's pipe delivers it. The exit status tells the "
        "server what to do: 0 it is stored, 75 try again later, 65 it is too large or empty."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--channel", required=True, help="The name of an e-mail channel.")

    def handle(self, *, channel: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LONGEST + 1)
        if not raw.strip():
            raise CommandError("There is no message on standard input.", returncode=os.EX_DATAERR)
        if len(raw) > LONGEST:
            raise CommandError(f"The message has more than {LONGEST // 1024**2} MB.", returncode=os.EX_DATAERR)
        try:
            self._store(channel, raw)
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {error}", returncode=os.EX_TEMPFAIL) from error

    def _store(self, name: str, raw: bytes) -> None:
        """Raises CommandError where there is no such channel: the mail waits until there is one again."""
        channel = Channel.objects.active().filter(name=name, type=ChannelType.EMAIL).first()
        if channel is None:
            raise CommandError(f"There is no active e-mail channel “{name}”.", returncode=os.EX_TEMPFAIL)
        delivery = Delivery(raw, {}, "")
        process.store(channel, "email", delivery, PROVIDERS["email"].key(delivery))
        ring_inbound()
