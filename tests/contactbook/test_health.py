"""What monitors ask."""

import pytest
from django.db import OperationalError, connection

from contacts.jobs.heartbeat import beat

HEALTH = "/health/"


@pytest.mark.django_db
def test_health_tells_that_no_worker_runs(client):
    assert client.get(HEALTH).json() == {"database": True, "worker": False}


@pytest.mark.django_db
def test_health_tells_that_a_worker_runs(client):
    beat("imports")

    assert client.get(HEALTH).json() == {"database": True, "worker": True}


@pytest.mark.django_db
def test_health_tells_that_the_database_does_not_answer(client):
    def fail(*args):
        raise OperationalError("the database of host 10.0.0.7 is away")

    with connection.execute_wrapper(fail):
        response = client.get(HEALTH)

    assert response.status_code == 503
    assert response.json() == {"database": False, "worker": False}


@pytest.mark.django_db
def test_health_refuses_other_methods(client):
    assert client.post(HEALTH).status_code == 405
