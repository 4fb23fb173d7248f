import pytest

from channels.models import Channel
from contacts.models import Contact
from tests.factories import make_contact


@pytest.fixture
def contacts(channel: Channel) -> list[Contact]:
    return [make_contact(channel, name=name) for name in ("Eva", "Chris", "Zoë")]
