from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contactbook.demo import BookNotEmpty, fill_book, logins_in_words


class Command(BaseCommand):
    help = "Fill an empty book with demo contacts, and tell how to log in."

    def handle(self, **options: Any) -> None:
        try:
            fill_book()
        except BookNotEmpty as error:
            raise CommandError(str(error)) from error
        for login in logins_in_words():
            self.stdout.write(login)
