"""What the commands have in common that bring a file into a channel."""

import os
import sys

from django.core.management.base import BaseCommand, CommandError

from channels.models import Channel


class ChannelCommand(BaseCommand):
    """Ends with exit code 64 where it is called wrongly: argparse's own is that of a file with rejected lines."""

    def run_from_argv(self, argv: list[str]) -> None:
        parser = self.create_parser(argv[0], argv[1])
        try:
            parser.parse_args(argv[2:])
        except CommandError as error:
            parser.print_usage(sys.stderr)
            self.stderr.write(str(error))
            sys.exit(os.EX_USAGE)
        super().run_from_argv(argv)

    def active_channel(self, name: str) -> Channel:
        """Raises CommandError, which names those there are."""
        try:
            return Channel.objects.active().get(name=name)
        except Channel.DoesNotExist:
            names = ", ".join(f'"{each}"' for each in Channel.objects.active().values_list("name", flat=True))
            message = f'There is no active channel "{name}". There are: {names or "none"}.'
            raise CommandError(message, returncode=os.EX_USAGE) from None
