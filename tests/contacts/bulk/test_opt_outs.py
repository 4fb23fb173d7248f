import pytest
from django.utils import timezone

from contacts.models import Contact, OptOut
from tests.contacts.bulk.actions import done, history, undone

pytestmark = pytest.mark.django_db


def opted_out() -> set[str]:
    standing = Contact.objects.filter(pk__in=OptOut.objects.standing().values("contact"))
    names = set(Contact.objects.filter(opted_out_at__isnull=False).values_list("name", flat=True))
    assert names == set(standing.values_list("name", flat=True))
    return names


def test_opt_out_of_many_and_its_undo(agent, contacts):
    OptOut.by_message(contacts[0], "STOP", timezone.now())

    action = done(agent, "opt_out", contacts)

    assert action.counts == {"changed": 2, "already": 1}
    assert opted_out() == {"Eva", "Chris", "Zoë"}
    assert history(contacts[1]) == [("bulk", agent, {"opted_out": ["", "yes"]})]
    undone(action)
    assert opted_out() == {"Eva"}
    assert history(contacts[1])[-1] == ("undo", agent, {"opted_out": ["yes", ""]})


def test_undo_opts_nobody_in_who_said_so_since(agent, contacts):
    action = done(agent, "opt_out", contacts)
    OptOut.by_message(contacts[0], "STOP", timezone.now())
    OptOut.take_back(contacts[1], agent)
    OptOut.by_hand(contacts[1], agent)

    undone(action)

    assert action.counts == {"undone": 1, "kept": 2}
    assert opted_out() == {"Eva", "Chris"}
