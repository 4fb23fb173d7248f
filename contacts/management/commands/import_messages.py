"""`manage.py import_messages`: a history from another system, in our own format (docs/webhooks.md)."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from contacts.conversations.history_import import import_messages
from contacts.management.channel_command import ChannelCommand

PROBLEMS = 100


class Command(ChannelCommand):
    help = (
        "Import messages, one JSON object a line as in docs/webhooks.md; what is here already is passed over. "
        "Exit code 0: nothing rejected, 2: some lines rejected; 64: wrongly called, 130: stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--channel", required=True, help="name of the channel")

    def handle(self, *, file: Path, channel: str, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.", returncode=os.EX_USAGE)
        told = 0

        def reject(line: int, reason: str) -> None:
            nonlocal told
            told += 1
            if told <= PROBLEMS:
                self.stderr.write(f"Line {line}: {reason}")

        try:
            with file.open("rb") as lines:
                counts = import_messages(lines, self.active_channel(channel), reject)
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped. What was imported stays; the file can be read again.", returncode=130
            ) from None
        if told > PROBLEMS:
            self.stderr.write(f"… only the first {PROBLEMS} of {told} rejected lines are shown.")
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
        if counts["rejected"]:
            sys.exit(2)
