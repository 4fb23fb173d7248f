"""`manage.py import_contacts`: the stages of contacts.importing in this process."""

import json as json_format
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels.models import Channel
from contacts.extensions import UnknownTarget, import_targets
from contacts.importing.read import DELIMITERS, ENCODINGS
from contacts.importing.run import PROBLEMS, import_file
from contacts.importing.settings import DUPLICATES, EXISTING, ImportSettings
from contacts.lease import LostLease


class Command(BaseCommand):
    help = "Import contacts from a CSV file. Exit code 0: nothing rejected, 2: some rows rejected, 1: file refused."

    def run_from_argv(self, argv: list[str]) -> None:
        # As Ctrl-C: the import is canceled on the way out.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
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
            raise CommandError(f"There is no file {file}.")
        settings = ImportSettings(
            existing=options["existing"],
            delimiter=options["delimiter"],
            encoding=options["encoding"],
            duplicates=options["duplicates"],
            repair_national_numbers=options["repair_national_numbers"],
        )
        into = self._channel(channel)
        target = self._target(options["list"], into)
        try:
            result = import_file(file, into, settings, target, dry_run=dry_run)
        except LostLease:
            raise CommandError("The import was canceled, or a worker took it over: see Imports.") from None
        self._print(result, as_json=json)
        if result["state"] == "refused":
            sys.exit(1)
        if result["ledger"]["rejected"]:
            sys.exit(2)

    def _channel(self, name: str) -> Channel:
        try:
            return Channel.objects.active().get(name=name)
        except Channel.DoesNotExist:
            names = ", ".join(f'"{each}"' for each in Channel.objects.active().values_list("name", flat=True))
            raise CommandError(f'There is no active channel "{name}". There are: {names or "none"}.') from None

    def _target(self, list_name: str | None, channel: Channel) -> dict[str, Any] | None:
        if list_name is None:
            return None
        try:
            return {"key": "list", "id": import_targets["list"].find(None, list_name, channel)}
        except UnknownTarget:
            raise CommandError(f'There is not exactly one static list "{list_name}" for channel "{channel}".') from None

    def _print(self, result: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json_format.dumps(result, ensure_ascii=False))
            return
        if result["refusal"]:
            self.stderr.write(result["refusal"]["message"])
            return
        for problem in result["problems"]:
            self.stderr.write(problem["message"])
        if len(result["problems"]) == PROBLEMS:
            self.stderr.write(f"… only the first {PROBLEMS} problems are shown.")
        self.stdout.write(f"{result['state']}: " + ", ".join(f"{n} {name}" for name, n in result["ledger"].items()))
