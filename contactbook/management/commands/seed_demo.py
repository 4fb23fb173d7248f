from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contactbook.demo import BookNotEmpty, book_is_empty, fill_book, is_demo, logins_in_words
from contactbook.demo.large import enlarge_book


class Command(BaseCommand):
    help = "Fill an empty book with demo contacts, and tell how to log in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contacts", type=int, default=0, help="make a large book, also of one that has the demo")

    def handle(self, *, contacts: int, **options: Any) -> None:
        try:
            if book_is_empty() or not (contacts and is_demo()):
                fill_book()
        except BookNotEmpty as error:
            raise CommandError(str(error)) from error
        if contacts:
            for step in enlarge_book(contacts):
                self.stdout.write(step)
        for login in logins_in_words():
            self.stdout.write(login)
