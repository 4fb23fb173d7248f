from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from contactbook.worker import QUEUES, QueueWorker, Supervisor


class Command(BaseCommand):
    help = "Do the work that takes longer than a page: imports, clean-ups. Runs until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue", choices=QUEUES, help="One queue only, unsupervised.")

    def handle(self, *, queue: str | None, **options: Any) -> None:
        if queue:
            QueueWorker(queue).run()
        else:
            Supervisor().run()
