"""Users in Django admin: their teams, and who gives rights."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contactbook.groups import ADMINISTRATORS
from tests.factories import make_agent, make_team

PASSWORD = {"password1": "another password", "password2": "another password", "usable_password": "true"}


def page_of(user: User) -> str:
    return f"/admin/auth/user/{user.pk}/change/"


def form_data(user: User, **values) -> dict:
    return {"username": user.username, "email": user.email, "is_active": "on", **values}


def test_page_of_a_user_shows_his_teams_to_whoever_may_only_look(staff_client, staff, team):
    staff.user_permissions.remove(Permission.objects.get(codename="change_user"))
    page = staff_client.get(page_of(make_agent(teams=[team, make_team("Hidden")]))).content.decode()
    assert '<div class="readonly">Service</div>' in page
    assert 'name="_save"' not in page


def test_list_of_users_takes_the_same_queries_at_1_and_50_rows(staff_client, team):
    with CaptureQueriesContext(connection) as few:
        assert "Service" in staff_client.get("/admin/auth/user/").content.decode()
    for _ in range(49):
        make_agent(teams=[team])
    with CaptureQueriesContext(connection) as many:
        staff_client.get("/admin/auth/user/")
    assert len(many) == len(few)


def test_teams_are_chosen_on_the_page_of_a_user(admin_client, team):
    user, other = make_agent(), make_team("Sales")
    assert team.name not in admin_client.get(page_of(user)).content.decode()
    admin_client.post(page_of(user), form_data(user, teams=[team.pk, other.pk]))
    assert set(user.teams.all()) == {team, other}
    assert team.name in admin_client.get(page_of(user)).content.decode()


def test_page_of_a_user_tells_what_the_groups_may_do(admin_client):
    page = admin_client.get(page_of(make_agent())).content.decode()
    assert "Without a group, a user sees nothing." in page
    assert page.index('id="id_teams"') < page.index('id="id_groups"') < page.index('id="id_user_permissions"')


def test_user_of_a_hidden_team_is_not_written(staff_client, team):
    """Whoever set his password could log in as him and see what that team sees."""
    user = make_agent(teams=[team, make_team("Hidden")])
    assert "Hidden" not in staff_client.get(page_of(user)).content.decode()
    assert staff_client.post(page_of(user), form_data(user, email="sam@example.com")).status_code == 403
    assert staff_client.post(f"/admin/auth/user/{user.pk}/password/", PASSWORD).status_code == 403
    user.refresh_from_db()
    assert (user.email, user.teams.count()) == (f"{user.username}@example.com", 2)


@pytest.mark.parametrize("is_active", [True, False])
def test_user_who_may_do_more_is_not_written(is_active, staff_client, administrator):
    administrator.is_active = is_active
    administrator.save()
    assert staff_client.post(page_of(administrator), form_data(administrator)).status_code == 403
    assert staff_client.post(f"/admin/auth/user/{administrator.pk}/password/", PASSWORD).status_code == 403
    administrator.refresh_from_db()
    assert (administrator.is_active, administrator.check_password("a sound password")) == (is_active, True)


def test_password_of_a_user_who_may_do_no_more_is_set(staff_client, agent):
    staff_client.post(f"/admin/auth/user/{agent.pk}/password/", PASSWORD)
    agent.refresh_from_db()
    assert agent.check_password("another password")


def test_rights_of_a_group_are_given_by_superusers_alone(staff_client, admin_client):
    group = Group.objects.get(name=ADMINISTRATORS)
    page = f"/admin/auth/group/{group.pk}/change/"
    assert 'name="_save"' not in staff_client.get(page).content.decode()
    assert staff_client.post(page, {"name": "Taken"}).status_code == 403
    assert staff_client.post("/admin/auth/group/add/", {"name": "Mine"}).status_code == 403
    admin_client.post(page, {"name": "Chiefs"})
    group.refresh_from_db()
    assert group.name == "Chiefs"


def test_nobody_joins_a_team_that_he_cannot_see(staff_client, staff, team):
    hidden = make_team("Hidden")
    page = staff_client.post(page_of(staff), form_data(staff, teams=[team.pk, hidden.pk]))
    assert "not one of the available choices" in page.content.decode()
    assert list(staff.teams.all()) == [team]
    assert staff_client.get(f"/admin/channels/team/{hidden.pk}/change/").status_code == 302


def test_teams_stay_as_they_are_without_the_right_to_change_teams(staff_client, staff, team):
    staff.user_permissions.remove(Permission.objects.get(codename="change_team"))
    user = make_agent(teams=[team])
    staff_client.post(page_of(user), form_data(user, teams=[], first_name="Iris"))
    user.refresh_from_db()
    assert (user.first_name, list(user.teams.all())) == ("Iris", [team])


def test_rights_are_given_by_superusers_alone(staff_client, staff, admin_client):
    group = Group.objects.get(name=ADMINISTRATORS)
    wanted = {"is_staff": "on", "is_superuser": "on", "groups": [group.pk]}
    user = make_agent()
    staff_client.post(page_of(user), form_data(user, **wanted))
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.groups.filter(name=ADMINISTRATORS).exists()) == (False, False, False)
    admin_client.post(page_of(user), form_data(user, **wanted))
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.groups.get()) == (True, True, group)


def test_superuser_is_changed_by_superusers_alone(staff_client, admin_user):
    assert staff_client.post(page_of(admin_user), form_data(admin_user, username="taken")).status_code == 403
    assert staff_client.post(f"/admin/auth/user/{admin_user.pk}/password/", PASSWORD).status_code == 403
    admin_user.refresh_from_db()
    assert admin_user.username == "admin"
    assert admin_user.check_password("password")


def test_user_is_switched_off_not_deleted(admin_client):
    user = make_agent()
    assert admin_client.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    admin_client.post(page_of(user), {**form_data(user), "is_active": ""})
    user.refresh_from_db()
    assert not user.is_active


def test_new_user_is_made_with_an_email_address(admin_client):
    password = {"password1": "a sound password", "password2": "a sound password", "usable_password": "true"}
    admin_client.post("/admin/auth/user/add/", {"username": "iris", "email": "iris@example.com", **password})
    user = User.objects.get(username="iris")
    assert user.email == "iris@example.com"
    assert user.check_password("a sound password")


@pytest.mark.parametrize(
    "url",
    [
        "/admin/auth/user/",
        "/admin/auth/user/?o=0",
        "/admin/auth/group/",
        "/admin/autocomplete/?app_label=channels&model_name=team&field_name=members",
    ],
)
def test_users_and_groups_sort_without_case_alike_on_every_engine(url, admin_client):
    names = ["a-b", "a_c", "Ab", "Zz"]
    for name in reversed(names):
        make_agent(name)
        Group.objects.create(name=name)
    shown = re.findall(rf"[>\"]({'|'.join(names)})[<\"]", admin_client.get(url).content.decode())
    assert shown[: len(names)] == names
