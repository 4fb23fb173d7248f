"""Contacts in Django admin: written like everywhere else, limited like everywhere else."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from channels.models import Channel
from contacts.admin.contact import ContactAdminForm
from contacts.models import Change, Contact, ContactLabel
from tests.contacts.search.searching import shrink_sizes
from tests.factories import make_channel, make_contact, make_field, make_label

LIST = "/admin/contacts/contact/"
LABEL_FORMS = {"contact_labels-TOTAL_FORMS": 0, "contact_labels-INITIAL_FORMS": 0}


def page_of(contact: Contact) -> str:
    return f"{LIST}{contact.pk}/change/"


def form_data(contact: Contact, **values) -> dict:
    """What the form of the contact sends, with some values typed over."""
    shown = {"identifier": contact.identifier, "name": contact.name, "email": contact.email}
    return {**shown, "reference": contact.reference, "seen_version": contact.version, **LABEL_FORMS, **values}


def test_contact_added_by_staff_has_a_canonical_number_and_a_change(staff_client, staff, channel):
    data = {"channel": channel.pk, "identifier": "+31 6 12 34 56 78", "name": "Eva", "seen_version": 1, **LABEL_FORMS}
    staff_client.post(f"{LIST}add/", data)
    contact = Contact.objects.get(name="Eva")
    assert (contact.channel, contact.identifier, contact.search_text) == (channel, "31612345678", "eva\n31612345678")
    assert list(contact.changes.values_list("actor", "source", "values")) == [(staff.pk, "edit", {})]


def test_number_that_is_none_is_refused_with_the_reason(staff_client, channel):
    data = {"channel": channel.pk, "identifier": "3.16E+10", "seen_version": 1, **LABEL_FORMS}
    page = staff_client.post(f"{LIST}add/", data)
    assert "scientific notation" in page.content.decode()
    assert not Contact.objects.exists()


def test_number_that_the_channel_has_is_refused(staff_client, channel):
    taken = make_contact(channel)
    data = {"channel": channel.pk, "identifier": taken.identifier, "seen_version": 1, **LABEL_FORMS}
    assert "has a contact with this already" in staff_client.post(f"{LIST}add/", data).content.decode()
    other = make_contact(channel)
    page = staff_client.post(page_of(other), form_data(other, identifier=taken.identifier))
    assert "has a contact with this already" in page.content.decode()
    other.refresh_from_db()
    assert other.identifier != taken.identifier


def test_adding_a_number_from_the_trash_takes_it_out(staff_client, staff, channel):
    contact = make_contact(channel, name="Eva")
    contact.trash(staff)
    data = {"channel": channel.pk, "identifier": contact.identifier, "seen_version": 1, **LABEL_FORMS}
    staff_client.post(f"{LIST}add/", data)
    contact.refresh_from_db()
    assert (contact.deleted_at, contact.name) == (None, "Eva")


def test_edit_writes_a_change_and_a_new_version(staff_client, staff, channel):
    make_field("Country")
    contact = make_contact(channel, name="Eva")
    staff_client.post(page_of(contact), form_data(contact, name="Eva Smit", **{"custom.country": "Belgium"}))
    contact.refresh_from_db()
    assert (contact.name, contact.custom_values, contact.version) == ("Eva Smit", {"country": "Belgium"}, 2)
    change = contact.changes.get()
    assert change.values == {"name": ["Eva", "Eva Smit"], "custom.country": ["", "Belgium"]}
    assert change.actor == staff


def test_save_without_a_change_writes_nothing(staff_client, channel):
    contact = make_contact(channel, name="Eva")
    staff_client.post(page_of(contact), form_data(contact))
    contact.refresh_from_db()
    assert contact.version == 1
    assert not Change.objects.exists()


def test_typed_value_is_read_and_a_wrong_one_refused(staff_client, channel):
    make_field("Birthday", type="date")
    contact = make_contact(channel)
    page = staff_client.post(page_of(contact), form_data(contact, **{"custom.birthday": "31-02-1990"}))
    assert "not in the calendar" in page.content.decode()
    staff_client.post(page_of(contact), form_data(contact, **{"custom.birthday": "28-02-1990"}))
    contact.refresh_from_db()
    assert contact.custom_values == {"birthday": "1990-02-28"}


def test_value_from_before_the_field_got_its_type_may_stay(staff_client, channel):
    make_field("Birthday", type="date")
    contact = make_contact(channel, custom_values={"birthday": "in spring"})
    staff_client.post(page_of(contact), form_data(contact, name="Eva", **{"custom.birthday": "in spring"}))
    contact.refresh_from_db()
    assert (contact.name, contact.custom_values) == ("Eva", {"birthday": "in spring"})


def test_stale_form_overwrites_nothing(staff_client, agent, channel):
    contact = make_contact(channel, name="Eva")
    stale = form_data(contact, name="Eva Smit")
    contact.edit({"email": "eva@example.com"}, agent)
    page = staff_client.post(page_of(contact), stale)
    assert "Somebody else changed this contact" in page.content.decode()
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Eva", "eva@example.com")


def test_new_contact_on_a_hidden_channel_is_refused(staff_client, foreign_channel):
    data = {"channel": foreign_channel.pk, "identifier": "31612345678", "seen_version": 1, **LABEL_FORMS}
    page = staff_client.post(f"{LIST}add/", data)
    assert "not one of the available choices" in page.content.decode()
    assert not Contact.objects.exists()


def test_inactive_channel_takes_no_writes(staff_client, channel):
    contact = make_contact(channel, name="Eva")
    Channel.objects.update(is_active=False)
    assert 'name="_save"' not in staff_client.get(page_of(contact)).content.decode()
    assert staff_client.post(page_of(contact), form_data(contact, name="Eva Smit")).status_code == 403
    data = {"channel": channel.pk, "identifier": "31612345678", "seen_version": 1, **LABEL_FORMS}
    assert "not one of the available choices" in staff_client.post(f"{LIST}add/", data).content.decode()
    contact.refresh_from_db()
    assert (contact.name, Contact.objects.count()) == ("Eva", 1)


def test_deleted_contact_lies_in_the_trash_and_comes_back(staff_client, staff, channel):
    contact = make_contact(channel, name="Eva")
    assert "goes into the trash" in staff_client.get(f"{LIST}{contact.pk}/delete/").content.decode()
    staff_client.post(f"{LIST}{contact.pk}/delete/", {"post": "yes"})
    assert not Contact.objects.visible_to(staff).exists()
    assert contact not in staff_client.get(LIST).context["cl"].result_list
    trash = staff_client.get(f"{LIST}?trash=yes")
    assert contact in trash.context["cl"].result_list
    assert page_of(contact) not in trash.content.decode()
    staff_client.post(f"{LIST}?trash=yes", {"action": "restore_contacts", "_selected_action": [contact.pk]})
    assert Contact.objects.visible_to(staff).get() == contact
    assert contact.changes.filter(actor=staff).count() == 2


def test_trash_of_a_hidden_channel_stays_hidden(staff_client, staff, foreign_channel):
    contact = make_contact(foreign_channel)
    contact.trash(staff)
    assert not staff_client.get(f"{LIST}?trash=yes").context["cl"].result_list
    staff_client.post(f"{LIST}?trash=yes", {"action": "restore_contacts", "_selected_action": [contact.pk]})
    contact.refresh_from_db()
    assert contact.deleted_at


def test_search_finds_a_number_as_people_write_it_and_nothing_hidden(staff_client, channel, foreign_channel):
    contact = make_contact(channel, "31612345678", name="Zoë")
    make_contact(foreign_channel, "31612345678", name="Zoë")
    for text in ("06 12 34 56 78", "zoe"):
        assert list(staff_client.get(LIST, {"q": text}).context["cl"].result_list) == [contact]


def test_no_address_sorts_by_a_column_without_an_index(staff_client, channel):
    zoe, adam = make_contact(channel, name="Zoë", email="z@example.com"), make_contact(channel, email="a@example.com")
    for column in range(1, 7):
        assert list(staff_client.get(LIST, {"o": column}).context["cl"].result_list) == [adam, zoe]


@pytest.mark.parametrize("few", [0, 100])
def test_pages_of_a_search_go_on_where_the_one_before_ended(staff_client, channel, foreign_channel, monkeypatch, few):
    shrink_sizes(monkeypatch, few)
    evas = [make_contact(channel, name=f"Eva {number}") for number in range(60)]
    for other in [channel] * 9 + [foreign_channel]:
        make_contact(other, name="Adam" if other == channel else "Eva Hidden")
    Contact.objects.filter(pk=evas[0].pk).update(last_activity_at=timezone.now())
    found = [staff_client.get(LIST, {"q": "eva", "p": page}).context["cl"] for page in (1, 2)]
    expected = [evas[0], *reversed(evas[1:])]
    assert [list(page.result_list) for page in found] == [expected[:50], expected[50:]]
    assert [page.result_count for page in found] == [60, 60]


def test_choices_of_another_form_name_no_hidden_contact(staff_client, channel, foreign_channel):
    contact = make_contact(channel, name="Eva")
    make_contact(foreign_channel, name="Eva Hidden")
    asked = {"app_label": "contacts", "model_name": "note", "field_name": "contact", "term": "eva"}
    answer = staff_client.get("/admin/autocomplete/", asked).json()
    assert answer["results"] == [{"id": str(contact.pk), "text": "Eva"}]


def test_channel_filter_names_no_hidden_channel(staff_client, channel, foreign_channel):
    make_channel("Another of ours", teams=list(channel.teams.all()))
    page = staff_client.get(LIST).content.decode()
    assert "Another of ours" in page
    assert foreign_channel.name not in page


def test_labels_are_put_on_under_ones_own_name_and_hidden_ones_stay(staff_client, staff, channel, foreign_channel):
    hidden, vip = make_label("Hidden"), make_label("VIP")
    hidden.channels.set([foreign_channel])
    contact = make_contact(channel)
    ContactLabel.objects.create(contact=contact, label=hidden)
    assert "Hidden" not in staff_client.get(page_of(contact)).content.decode()
    row = {"contact_labels-TOTAL_FORMS": 1, "contact_labels-0-contact": contact.pk}
    staff_client.post(page_of(contact), form_data(contact, **row, **{"contact_labels-0-label": vip.pk}))
    assert set(contact.labels.all()) == {hidden, vip}
    assert contact.contact_labels.get(label=vip).added_by == staff


def test_label_put_on_or_taken_off_is_recorded_like_an_edit(staff_client, staff, channel):
    old, new = make_label("Lead"), make_label("VIP")
    contact = make_contact(channel)
    contact.add_label(old, None)
    page = staff_client.get(page_of(contact)).content.decode()
    row = {"contact_labels-TOTAL_FORMS": 2, "contact_labels-INITIAL_FORMS": 1}
    row |= {"contact_labels-0-id": contact.contact_labels.get().pk, "contact_labels-0-DELETE": "on"}
    row |= {"contact_labels-0-contact": contact.pk, "contact_labels-1-contact": contact.pk}
    staff_client.post(page_of(contact), form_data(contact, **row, **{"contact_labels-1-label": new.pk}))

    assert "Lead" in page
    assert list(contact.labels.all()) == [new]
    contact.refresh_from_db()
    assert contact.version == 4
    assert list(contact.changes.filter(actor=staff).order_by("pk").values_list("values", flat=True)) == [
        {"labels": [["Lead"], ["Lead", "VIP"]]},
        {"labels": [["Lead", "VIP"], ["VIP"]]},
    ]


def test_hidden_label_cannot_be_put_on(staff_client, channel, foreign_channel):
    hidden = make_label("Hidden")
    hidden.channels.set([foreign_channel])
    contact = make_contact(channel)
    row = {"contact_labels-TOTAL_FORMS": 1, "contact_labels-0-contact": contact.pk}
    staff_client.post(page_of(contact), form_data(contact, **row, **{"contact_labels-0-label": hidden.pk}))
    assert not contact.labels.exists()


def test_name_of_a_contact_is_kept_in_no_log_of_the_admin(staff_client, channel):
    contact = make_contact(channel, name="Eva")
    staff_client.post(page_of(contact), form_data(contact, name="Eva Smit"))
    staff_client.post("/admin/contacts/note/add/", {"contact": contact.pk, "body": "Eva called"})
    staff_client.post(f"{LIST}{contact.pk}/delete/", {"post": "yes"})
    assert contact.notes.exists()
    assert not LogEntry.objects.exists()


def test_search_text_and_version_are_not_shown(staff_client, channel):
    contact = make_contact(channel, name="Zoë")
    page = staff_client.get(page_of(contact)).content.decode()
    assert "zoe\n" not in page
    assert "search_text" not in page


def test_contact_that_goes_while_it_is_saved_is_not_found(admin_client, channel, monkeypatch):
    contact = make_contact(channel, name="Eva")
    make_field("City")
    monkeypatch.setattr(ContactAdminForm, "_read_value", lambda *_: Contact.objects.all().delete())
    assert admin_client.post(page_of(contact), form_data(contact, name="Zoë")).status_code == 404
