from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contactbook.accounts import demo_logins
from contactbook.demo import BookNotEmpty, fill_book


class Command(BaseCommand):
    help = "Fill an empty book with demo contacts, and tell how to log in."

    def handle(self, **options: Any) -> None:
        try:
            fill_book()
        except BookNotEmpty as error:
            raise CommandError(str(error)) from error
        for login in demo_logins():
            self.stdout.write(f"{login['username']:<10} {login['password']:<16} {login['name']}, {login['role']}")
