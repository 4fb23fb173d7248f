"""Add → Manual: the channel, then the details."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from contacts.models import Change, Contact, CustomField
from tests.factories import make_channel, make_contact, make_field

HTMX = {"HX-Request": "true", "HX-Target": "detail"}
CHOOSE = reverse("contacts:contact_new")


def url(channel) -> str:
    return reverse("contacts:contact_new_details", args=[channel.pk])


def text(response) -> str:
    return response.content.decode()


def test_contact_new_offers_visible_active_channels(agent_client, team, channel):
    inactive, hidden = make_channel("Inactive", teams=[team], is_active=False), make_channel("Hidden")
    sms = make_channel("SMS", type="sms", teams=[team])
    page = agent_client.get(CHOOSE)
    assert list(page.context["channels"]) == [sms, channel]
    assert url(channel) in text(page)
    assert url(inactive) not in text(page)
    assert url(hidden) not in text(page)


def test_contact_new_without_channels_says_so(agent_client):
    page = text(agent_client.get(CHOOSE))
    assert "No active channel is shared with you. Ask an administrator" in page


def test_contact_new_refuses_post_and_whoever_may_not_add(agent, agent_client, channel):
    assert agent_client.post(CHOOSE).status_code == 405
    agent.groups.first().permissions.remove(Permission.objects.get(codename="add_contact"))
    assert agent_client.get(CHOOSE).status_code == 403
    assert agent_client.post(url(channel), {"identifier": "31612345678"}).status_code == 403


def test_contact_new_details_is_not_found_for_hidden_channel(outsider_client, channel):
    assert outsider_client.get(url(channel)).status_code == 404
    assert outsider_client.post(url(channel), {"identifier": "31612345678"}).status_code == 404
    assert not Contact.objects.exists()


def test_contact_new_details_refuses_inactive_channel(agent_client, team):
    channel = make_channel(teams=[team], is_active=False)
    assert agent_client.post(url(channel), {"identifier": "31612345678"}).status_code == 403
    assert not Contact.objects.exists()


def test_contact_new_details_gives_htmx_the_pane(agent_client, channel):
    assert "<html" not in text(agent_client.get(url(channel), headers=HTMX))
    assert "<html" in text(agent_client.get(url(channel)))


@pytest.mark.parametrize(
    ("channel_type", "label", "help_text"),
    [
        ("whatsapp", "Phone number", "International format without “+”"),
        ("instagram", "Handle", "The name that follows the @."),
        ("email", "E-mail address", "Such as name@example.com."),
        ("livechat", "ID", "The ID that the channel gives"),
    ],
)
def test_contact_new_details_asks_for_what_identifies(agent_client, team, channel_type, label, help_text):
    page = text(agent_client.get(url(make_channel(type=channel_type, teams=[team]))))
    assert label in page
    assert help_text in page


def test_contact_new_details_adds_contact(agent, agent_client, channel):
    make_field("Country", "choice", choices=["Nederland", "België"])
    response = agent_client.post(
        url(channel) + "?q=eva",
        {
            "identifier": "+31 6 12 34 56 78",
            "name": "Eva",
            "email": "eva@example.nl",
            "reference": "K-1",
            "custom.country": "België",
        },
    )
    contact = Contact.objects.get()
    assert response.url == f"/contacts/{contact.pk}/"  # no search that may hide it
    assert (contact.channel, contact.identifier, contact.name) == (channel, "31612345678", "Eva")
    assert contact.custom_values == {"country": "België"}
    assert contact.search_text == "eva\n31612345678\neva@example.nl\nk-1\nbelgie"
    assert contact.changes.get().actor == agent
    assert "Eva added" in text(agent_client.get(response.url))


def test_contact_new_details_sends_htmx_to_the_contact(agent_client, channel):
    response = agent_client.post(url(channel), {"identifier": "31612345678"}, headers=HTMX)
    assert response.headers["HX-Redirect"] == reverse("contacts:contact_detail", args=[Contact.objects.get().pk])


def test_contact_new_details_offers_suggestion_for_national_number(agent_client, channel):
    response = agent_client.post(url(channel), {"identifier": "0612345678", "name": "Eva"}, headers=HTMX)
    assert response.status_code == 422
    assert "+31 6 12 34 56 78" in text(response)
    assert 'name="suggestion" value="31612345678"' in text(response)
    assert 'value="Eva"' in text(response)
    assert not Contact.objects.exists()


def test_contact_new_details_takes_suggestion_with_one_click(agent_client, channel):
    data = {"identifier": "0612345678", "name": "Eva", "suggestion": "31612345678"}
    agent_client.post(url(channel), data)
    assert Contact.objects.get().identifier == "31612345678"


def test_contact_new_details_says_that_landline_is_no_mobile_number(agent_client, channel):
    response = agent_client.post(url(channel), {"identifier": "31201234567"})
    assert "This channel only reaches mobile numbers." in text(response)


def test_contact_new_details_links_to_contact_that_is_there(agent_client, channel):
    existing = make_contact(channel, "31612345678", "Eva")
    response = agent_client.post(url(channel), {"identifier": "31 6 12345678", "name": "Other"})
    assert response.status_code == 422
    assert "This channel has a contact with this already." in text(response)
    assert f'href="{reverse("contacts:contact_detail", args=[existing.pk])}"' in text(response)
    assert Contact.objects.get() == existing


def test_contact_new_details_knows_other_spelling_of_brazilian_number(agent_client, channel):
    make_contact(channel, "551187654321", "Ana")
    response = agent_client.post(url(channel), {"identifier": "5511987654321"})
    assert response.context["form"].existing.name == "Ana"


def test_contact_new_details_adds_same_number_to_another_channel(agent_client, team, channel):
    make_contact(channel, "31612345678")
    agent_client.post(url(make_channel(type="sms", teams=[team])), {"identifier": "31612345678"})
    assert Contact.objects.count() == 2


def test_contact_new_details_leaves_race_to_the_constraint(agent_client, channel, monkeypatch):
    make_contact(channel, "31612345678", "Eva")
    monkeypatch.setattr("contacts.forms.ContactForm._find_existing", lambda *_: None)
    response = agent_client.post(url(channel), {"identifier": "31612345678", "new_title": "City", "new_value": "X"})
    assert response.status_code == 422
    assert "This channel has a contact with this already." in text(response)
    assert not CustomField.objects.exists()


def test_contact_new_details_takes_contact_out_of_the_trash(agent, agent_client, channel):
    contact = make_contact(channel, "31612345678", "Eva", reference="K-1")
    contact.trash(agent)
    agent_client.post(url(channel), {"identifier": "31612345678", "name": "Eva Bakker"})
    contact.refresh_from_db()
    assert (contact.deleted_at, contact.name, contact.reference) == (None, "Eva Bakker", "K-1")
    assert Contact.objects.count() == 1
    assert contact.changes.newest_first().first().source == Change.Source.EDIT


def test_contact_new_details_makes_new_custom_field(agent_client, channel):
    data = {"identifier": "31612345678", "new_title": "Account Manager", "new_value": "Bram"}
    agent_client.post(url(channel), data)
    assert CustomField.objects.get().title == "Account Manager"
    assert Contact.objects.get().custom_values == {"account-manager": "Bram"}


@pytest.mark.parametrize(
    ("title", "value", "message"),
    [
        ("country", "NL", "There is a field with this title already."),
        ("", "NL", "Give the new field a title."),
        ("City", "", "Fill in the value of the new field."),
    ],
)
def test_contact_new_details_refuses_senseless_new_field(agent_client, channel, title, value, message):
    make_field("Country")
    response = agent_client.post(url(channel), {"identifier": "31612345678", "new_title": title, "new_value": value})
    assert response.status_code == 422
    assert message in text(response)
    assert not Contact.objects.exists()


def test_contact_new_details_makes_no_field_without_the_right(agent, agent_client, channel):
    agent.groups.first().permissions.remove(Permission.objects.get(codename="add_customfield"))
    assert "New custom field" not in text(agent_client.get(url(channel)))
    agent_client.post(url(channel), {"identifier": "31612345678", "new_title": "City", "new_value": "Utrecht"})
    assert Contact.objects.get().custom_values == {}
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("text", " as is ", "as is"),
        ("number", "1.234,50", "1234.50"),
        ("date", "31-12-2026", "2026-12-31"),
        ("yes_no", "yes", "yes"),
        ("link", "https://example.nl", "https://example.nl"),
    ],
)
def test_contact_new_details_keeps_typed_value(agent_client, channel, kind, written, kept):
    make_field("Extra", kind)
    agent_client.post(url(channel), {"identifier": "31612345678", "custom.extra": written})
    assert Contact.objects.get().custom_values == {"extra": kept}


@pytest.mark.parametrize(
    ("kind", "written"), [("number", "many"), ("date", "31-02-2026"), ("yes_no", "maybe"), ("link", "javascript:x")]
)
def test_contact_new_details_refuses_what_is_no_value(agent_client, channel, kind, written):
    make_field("Extra", kind)
    response = agent_client.post(url(channel), {"identifier": "31612345678", "custom.extra": written})
    assert response.status_code == 422
    assert response.context["form"].errors["custom.extra"]
    assert not Contact.objects.exists()


# --- A channel that goes without saying, a number that comes along --------------------------------------------------


def test_contact_new_with_one_channel_goes_on_to_its_details(agent_client, channel):
    response = agent_client.get(CHOOSE, {"q": "eva"})
    assert response.url == url(channel) + "?q=eva"
    assert agent_client.get(CHOOSE, headers=HTMX).headers["HX-Redirect"] == url(channel)
    assert f'href="{CHOOSE}"' not in text(agent_client.get(url(channel))).partition('id="detail"')[2]


def test_contact_new_offers_the_number_of_a_caller_to_telephone_channels(agent_client, team, channel):
    make_channel("Insta", type="instagram", teams=[team])
    sms = make_channel("SMS", type="sms", teams=[team])
    page = agent_client.get(CHOOSE, {"number": "+31612345678", "q": "eva"})
    assert list(page.context["channels"]) == [sms, channel]
    assert f'href="{url(sms)}?q=eva&amp;identifier=%2B31612345678"' in text(page)


def test_contact_new_offers_an_identifier_to_every_channel(agent_client, team, channel):
    insta = make_channel("Insta", type="instagram", teams=[team])
    page = agent_client.get(CHOOSE, {"identifier": "eva"})
    assert f'href="{url(insta)}?identifier=eva"' in text(page)
    assert f'href="{url(channel)}?identifier=eva"' in text(page)


def test_contact_new_details_is_filled_in_and_checked_with_what_came_along(agent_client, team, channel):
    make_channel("SMS", type="sms", teams=[team])
    page = text(agent_client.get(url(channel), {"identifier": " 31612345678"}))  # "+" is a space in a query string
    assert 'name="identifier" value="31612345678"' in page
    assert "Netherlands" in page
    assert f'href="{CHOOSE}?identifier=31612345678"' in page


def test_contact_new_details_offers_to_add_another(agent_client, channel):
    response = agent_client.post(url(channel) + "?q=eva", {"identifier": "31612345678", "another": "1"})
    assert response.url == url(channel) + "?q=eva"
    assert Contact.objects.count() == 1


# --- The identifier, checked while it is typed -----------------------------------------------------------------------


def check(client, channel, identifier: str) -> str:
    return text(client.get(url(channel), {"identifier": identifier}, headers={**HTMX, "HX-Target": "check"}))


@pytest.mark.parametrize(
    ("channel_type", "typed", "told"),
    [
        ("whatsapp", "+31 6 1234 5678", "+31 6 12 34 56 78</bdi> · Netherlands · mobile"),
        ("instagram", "https://www.instagram.com/Eva.B/", "@eva.b</bdi>"),
        ("email", "Eva@Example.NL", "eva@example.nl</bdi>"),
        ("livechat", "visitor-1", "visitor-1</bdi>"),
        ("sms", "31201234567", "This channel only reaches mobile numbers."),
        ("sms", "3161", "This is too short"),
        ("instagram", "eva b", "This is not an Instagram handle."),
    ],
)
def test_check_tells_what_is_typed(agent_client, team, channel_type, typed, told):
    part = check(agent_client, make_channel(type=channel_type, teams=[team]), typed)
    assert told in part
    assert "<form" not in part
    assert not Contact.objects.exists()


def test_check_suggests_the_country_with_one_click(agent_client, channel):
    part = check(agent_client, channel, "06 12345678")
    assert "+31 6 12 34 56 78" in part
    assert 'type="button" data-fill="id_identifier" value="31612345678"' in part


def test_check_is_silent_while_nothing_is_typed(agent_client, channel):
    assert check(agent_client, channel, "  ").strip() == ""


def test_check_links_to_the_contact_that_is_there(agent_client, channel):
    existing = make_contact(channel, "551187654321", "Ana <b>")
    part = check(agent_client, channel, "5511987654321")
    assert "Ana &lt;b&gt;" in part
    assert f'href="{reverse("contacts:contact_detail", args=[existing.pk])}"' in part


def test_check_tells_of_the_trash_to_those_alone_who_see_it(agent, agent_client, administrator_client, channel):
    make_contact(channel, "31612345678", "Eva").trash(agent)
    assert "Adding takes the contact out again" in check(administrator_client, channel, "31612345678")
    assert check(agent_client, channel, "31612345678") == check(agent_client, channel, "31612345670").replace(
        "56 70", "56 78"
    )


def test_check_knows_nothing_of_other_channels(agent_client, channel):
    make_contact(make_channel("Hidden", type="sms"), "31612345678", "Secret")
    part = check(agent_client, channel, "31612345678")
    assert "Secret" not in part
    assert "Netherlands" in part


def test_check_of_a_hidden_channel_is_not_found(outsider_client, channel):
    response = outsider_client.get(url(channel), {"identifier": "31612345678"}, headers={**HTMX, "HX-Target": "check"})
    assert response.status_code == 404
