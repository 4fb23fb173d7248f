import pytest

from contacts.models import ContactLabel, Label
from tests.contacts.bulk.actions import done, history, undone
from tests.factories import make_agent, make_channel, make_contact, make_label

pytestmark = pytest.mark.django_db


@pytest.fixture
def label() -> Label:
    return make_label("VIP")


def carriers(label: Label) -> set[str]:
    return set(label.contacts.values_list("name", flat=True))


def test_label_is_put_on_with_history(agent, contacts, label):
    make_label("Lead", on=contacts[:1])

    action = done(agent, "label", contacts, label=label)

    assert carriers(label) == {"Eva", "Chris", "Zoë"}
    assert action.counts == {"changed": 3}
    assert (action.state, action.total, action.done) == ("done", 3, 3)
    assert history(contacts[0]) == [("bulk", agent, {"labels": [["Lead"], ["Lead", "VIP"]]})]
    contacts[0].refresh_from_db()
    assert contacts[0].version == 2
    assert contacts[0].updated_at > contacts[0].created_at
    assert ContactLabel.objects.get(contact=contacts[1]).added_by == agent


def test_label_that_is_there_already_is_left_as_it_is(agent, contacts, label):
    contacts[0].add_label(label, None)

    action = done(agent, "label", contacts, label=label)

    assert action.counts == {"changed": 2, "already": 1}
    assert len(history(contacts[0])) == 1
    undone(action)
    assert carriers(label) == {"Eva"}


def test_label_of_other_channels_is_not_put_on(agent, team, contacts, label):
    sms = make_channel(type="sms", teams=[team])
    contacts.append(make_contact(sms, name="Texter"))
    label.channels.set([sms])

    action = done(agent, "label", contacts, label=label)

    assert action.counts == {"changed": 1, "unusable": 3}
    assert carriers(label) == {"Texter"}


def test_label_undo_gives_back_and_tells(agent, contacts, label):
    action = undone(done(agent, "label", contacts, label=label))

    assert carriers(label) == set()
    assert (action.state, action.counts) == ("undone", {"undone": 3})
    assert history(contacts[0])[-1] == ("undo", agent, {"labels": [["VIP"], []]})
    contacts[0].refresh_from_db()
    assert contacts[0].version == 3


def test_label_undo_leaves_alone_what_people_did_since(agent, contacts, label):
    colleague = make_agent()
    action = done(agent, "label", contacts, label=label)
    contacts[0].remove_label(label, colleague)
    contacts[1].remove_label(label, colleague)
    contacts[1].add_label(label, colleague)

    undone(action)

    assert carriers(label) == {"Chris"}
    assert action.counts == {"undone": 1, "kept": 2}


def test_label_that_was_deleted_ends_the_action(agent, contacts, label):
    pk = label.pk
    label.delete()

    action = done(agent, "label", contacts, label=pk)

    assert (action.state, action.failure, action.counts) == ("failed", "choice_gone", {"waiting": 3})


def test_unlabel_takes_off_and_undo_puts_back_as_it_was(agent, contacts, label):
    colleague = make_agent()
    contacts[0].add_label(label, colleague)
    ContactLabel.objects.create(contact=contacts[1], label=label, import_id=7)
    before = list(ContactLabel.objects.order_by("contact").values_list("contact", "added_at", "added_by", "import_id"))

    action = done(agent, "unlabel", contacts, label=label)

    assert carriers(label) == set()
    assert action.counts == {"changed": 2, "already": 1}
    assert history(contacts[0])[-1] == ("bulk", agent, {"labels": [["VIP"], []]})
    undone(action)
    after = list(ContactLabel.objects.order_by("contact").values_list("contact", "added_at", "added_by", "import_id"))
    assert after == before


def test_unlabel_undo_leaves_alone_what_people_did_since(agent, contacts, label):
    other = make_label("Lead")
    for contact in contacts:
        contact.add_label(label, agent)
    action = done(agent, "unlabel", contacts, label=label)
    contacts[0].add_label(label, agent)
    contacts[0].remove_label(label, agent)
    contacts[1].add_label(other, agent)

    undone(action)

    assert carriers(label) == {"Chris", "Zoë"}
    assert action.counts == {"undone": 2, "kept": 1}


def test_unlabel_undo_outlives_label_and_colleague(agent, contacts, label):
    colleague = make_agent()
    contacts[0].add_label(label, colleague)
    action = done(agent, "unlabel", contacts[:1], label=label)
    colleague.delete()

    undone(action)

    assert ContactLabel.objects.get().added_by is None
    again = done(agent, "unlabel", contacts[:1], label=label)
    label.delete()
    assert undone(again).counts == {"kept": 1}
