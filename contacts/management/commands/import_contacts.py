"""`manage.py import_contacts`: the stages of contacts.importing in this process."""

import json as json_format
import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import CommandError

from channels.models import Channel
from contacts.extensions import UnknownTarget, import_targets
from contacts.importing import report
from contacts.importing.read import DELIMITERS, ENCODINGS
from contacts.importing.run import PROBLEMS, import_file
from contacts.importing.settings import DUPLICATES, EXISTING, ImportSettings
from contacts.jobs.lease import LostLease
from contacts.management.channel_command import ChannelCommand
from contacts.management.progress_line import ProgressLine
from contacts.models import ContactImport


class Command(ChannelCommand):
    help = (
        "Import contacts from a CSV file. Exit code 0: nothing rejected, 2: some rows rejected, 1: file refused; "
        "64: wrongly called, 75: canceled from elsewhere."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        super().run_from_argv(argv)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--channel", required=True, help="name of the channel")
        parser.add_argument("--existing", required=True, choices=EXISTING, help="what to do with existing contacts")
        parser.add_argument("--delimiter", default="detect", choices=DELIMITERS)
        parser.add_argument("--encoding", default="detect", choices=ENCODINGS)
        parser.add_argument(
            "--repair-national-numbers",
            action="store_true",
            help="read numbers without country code (06…) as the channel's default country's",
        )
        parser.add_argument("--duplicates", default="first", choices=DUPLICATES, help="which of equal lines wins")
        parser.add_argument("--list", help="name of the campaign list on which the contacts land")
        parser.add_argument("--dry-run", action="store_true", help="check and tell, and leave nothing behind")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, file: Path, channel: str, dry_run: bool, json: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.", returncode=os.EX_USAGE)
        settings = ImportSettings(
            existing=options["existing"],
            delimiter=options["delimiter"],
            encoding=options["encoding"],
            duplicates=options["duplicates"],
            repair_national_numbers=options["repair_national_numbers"],
        )
        into = self.active_channel(channel)
        target = self._target(options["list"], into)
        result = self._import(file, into, settings, target, dry_run=dry_run)
        self._print(result, as_json=json)
        if result["state"] == "refused":
            sys.exit(1)
        if result["ledger"]["rejected"]:
            sys.exit(2)

    def _import(self, *what: Any, dry_run: bool) -> dict[str, Any]:
        with ProgressLine(self.stderr) as line:
            try:
                return import_file(*what, dry_run=dry_run, began=line.watch)
            except LostLease:
                message = "The import was canceled, or a worker took it over: see Imports."
                raise CommandError(message, returncode=os.EX_TEMPFAIL) from None
            except SystemExit:
                if line.contact_import:
                    self.stderr.write(f"\n{_what_became_of(line.contact_import)}")
                raise

    def _target(self, list_name: str | None, channel: Channel) -> dict[str, Any] | None:
        if list_name is None:
            return None
        try:
            return {"key": "list", "id": import_targets["list"].find(None, list_name, channel)}
        except UnknownTarget:
            message = f'There is not exactly one static list "{list_name}" for channel "{channel}".'
            raise CommandError(message, returncode=os.EX_USAGE) from None

    def _print(self, result: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json_format.dumps(result, ensure_ascii=False))
            return
        if result["refusal"]:
            self.stderr.write(result["refusal"]["message"])
        for problem in result["problems"]:
            self.stderr.write(problem["message"])
        if len(result["problems"]) == PROBLEMS:
            self.stderr.write(f"… only the first {PROBLEMS} problems are shown.")
        if result["ledger"]["rows"]:
            self.stdout.write(f"{result['state']}: {_sums(result['ledger'])}")


def _stop(number: int, frame: FrameType | None) -> None:
    """Have the import canceled on the way out; another signal changes nothing."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _what_became_of(contact_import: ContactImport) -> str:
    """The truth about an import that was stopped."""
    if contact_import.committing_at is None:
        return "Canceled. Nothing was imported."
    return f"Canceled. What was imported stays, see Imports: {_sums(report.ledger(contact_import))}"


def _sums(ledger: report.Ledger) -> str:
    return ", ".join(f"{count} {name}" for name, count in ledger.items())
