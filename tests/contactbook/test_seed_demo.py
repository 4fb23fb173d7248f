import re

import pytest
from django.core.files import File
from django.core.management import CommandError, call_command

from contactbook.accounts import demo_logins
from contactbook.demo import SAMPLE_FILES, book_is_empty
from contacts.importing import report, uploads, work
from contacts.importing.settings import ImportSettings
from contacts.models import Contact
from tests.factories import make_channel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_seed_demo_tells_logins_that_work(client, capsys):
    call_command("seed_demo")

    printed = re.findall(r"^(\w+) +(\S+) +(.+)$", capsys.readouterr().out, re.MULTILINE)
    assert [name_and_role for _username, _password, name_and_role in printed] == [
        "Ada Jansen, Administrator",
        "Iris Bakker, Agent, team Service",
        "Bram Visser, Agent, team Sales",
        "Noor el Amrani, Agent, team Marketing",
    ]
    assert [login["username"] for login in demo_logins()] == ["ada", "iris", "bram", "noor"]
    for username, password, _name_and_role in printed:
        assert client.login(username=username, password=password)


def test_seed_demo_refuses_a_book_that_is_not_empty():
    make_channel()

    with pytest.raises(CommandError, match="not empty"):
        call_command("seed_demo")
    assert Contact.objects.count() == 0
    assert not book_is_empty()


@pytest.mark.parametrize(("path", "problems"), [(SAMPLE_FILES[0], False), (SAMPLE_FILES[1], True)])
def test_sample_file_is_staged(settings, path, problems):
    channel = make_channel()
    with (settings.BASE_DIR / path).open("rb") as file:
        contact_import = uploads.receive(File(file), path, channel, None, ImportSettings())

    work.work_on(contact_import.pk)

    contact_import.refresh_from_db()
    assert contact_import.state == "staged"
    counts = report.count(contact_import)
    assert counts["created"] >= 10
    assert (counts["rejected"] > 0) is problems
