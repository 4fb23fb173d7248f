"""A book of an earlier version is brought up to date with all that is in it."""

import pytest
from django.core.management import call_command

from contacts.models import Contact, ContactImport, Message
from contacts.search import search
from tests.contacts.importing.imports import EVA, committed
from tests.factories import make_conversation, make_message


@pytest.mark.django_db(transaction=True)
def test_book_of_an_early_version_keeps_what_is_in_it(channel, administrator):
    committed(f"phoneNumber,name,labels\n{EVA},Eva,VIP\n", channel, administrator)
    eva = Contact.objects.get()
    make_message(make_conversation(eva), "See you tomorrow")
    Message.objects.update(search_text="")  # as before messages could be searched
    call_command("migrate", "contacts", "0002", verbosity=0)
    call_command("migrate", verbosity=0)
    assert list(search(Contact.objects.visible_to(administrator), "eva")) == [eva]
    assert [label.name for label in eva.labels.all()] == ["VIP"]
    assert Message.objects.get().search_text == "see you tomorrow"
    assert ContactImport.objects.get().is_from_command_line is False
