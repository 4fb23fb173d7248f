"""Somebody who may import, but not into the agent's channel."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client


@pytest.fixture
def outside_importer(outsider):
    outsider.user_permissions.add(Permission.objects.get(codename="import_contact"))
    return outsider


@pytest.fixture
def outside_importer_client(outside_importer) -> Client:
    client = Client()
    client.force_login(outside_importer)
    return client
