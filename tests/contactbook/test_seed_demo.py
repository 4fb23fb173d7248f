import re
from datetime import timedelta

import pytest
from django.core.files import File
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from contactbook.accounts import demo_logins
from contactbook.demo import SAMPLE_FILES, book_is_empty
from contacts.importing import report, uploads, work
from contacts.importing.settings import ImportSettings
from contacts.models import Change, Contact, Conversation, Label, Message
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


def test_seed_demo_makes_a_book_as_large_as_asked_for(capsys):
    call_command("seed_demo", contacts=900)
    call_command("seed_demo", contacts=1_500)

    contacts = Contact.objects.exclude(created_in_import=None)
    assert Contact.objects.count() == 1_500
    assert Change.objects.filter(contact__in=contacts, source="import").count() == contacts.count()
    sizes = contacts.values("channel").annotate(size=Count("pk")).values_list("size", flat=True)
    assert max(sizes) > 100 * min(sizes)
    assert contacts.labeled(Label.objects.all()).exists()
    assert contacts.filter(custom_values__store="Utrecht").exists()
    assert contacts.filter(last_activity_at__lt=timezone.now() - timedelta(days=100)).exists()
    assert Message.objects.filter(search_text__startswith="goedemorgen, wanneer wordt bestelling").exists()
    assert Conversation.objects.annotate(said=Count("messages")).filter(said=10_000).exists()
    assert "contacts on WhatsApp, Customer service" in capsys.readouterr().out


@pytest.mark.parametrize("contacts", [0, 900])
def test_seed_demo_refuses_a_book_that_is_not_empty(contacts):
    make_channel()

    with pytest.raises(CommandError, match="not empty"):
        call_command("seed_demo", contacts=contacts)
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
