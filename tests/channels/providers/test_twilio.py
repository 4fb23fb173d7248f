"""Twilio, with requests as twilio.com/docs/messaging/guides/webhook-request describes them."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from django.test import Client

from contacts.conversations.process import process_waiting
from contacts.models import Contact, InboundEvent, Message, OptOut
from tests.factories import make_channel

TOKEN = "12345"
SMS = {
    "ToCountry": "NL",
    "MessageSid": "SM0123456789abcdef0123456789abcdef",
    "SmsStatus": "received",
    "Body": "Ik kom later, 5+5 min & zo",
    "To": "+3197010000001",
    "NumSegments": "1",
    "NumMedia": "0",
    "AccountSid": "AC0123456789abcdef0123456789abcdef",
    "From": "+31612345678",
    "FromCity": "",
    "ApiVersion": "2010-04-01",
}


@pytest.fixture
def sms(team):
    return make_channel(type="sms", provider="twilio", credentials={"auth_token": TOKEN}, teams=[team])


@pytest.fixture(autouse=True)
def _address(settings):
    settings.URL = "https://book.example.com"


def sign(url: str, fields: dict[str, str], token: str = TOKEN) -> str:
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def post(channel, fields: dict[str, str], token: str = TOKEN, host: str = "https://book.example.com") -> int:
    path = f"/webhooks/{channel.webhook_token}/"
    headers = {"X-Twilio-Signature": sign(host + path, fields, token)}
    form = "application/x-www-form-urlencoded"
    status = Client().post(path, urlencode(fields), content_type=form, headers=headers).status_code
    process_waiting()
    return status


def test_signature_is_that_of_twilios_own_example():
    """twilio.com/docs/usage/security#validating-requests"""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    assert sign("https://mycompany.com/myapp.php?foo=1&bar=2", fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_message_is_in_the_book(sms):
    assert post(sms, SMS) == 204
    message = Message.objects.get()
    assert (message.body, message.provider_message_id) == (SMS["Body"], SMS["MessageSid"])
    assert Contact.objects.get().identifier == "31612345678"


def test_replay_is_there_once(sms):
    assert [post(sms, SMS) for _turn in range(3)] == [204] * 3
    assert InboundEvent.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize(
    ("type", "address", "number"),
    [("whatsapp", "whatsapp:+31612345678", "31612345678"), ("rcs", "rcs:+31612345678", "31612345678")],
)
def test_address_is_read_without_its_kind(type, address, number, db):
    channel = make_channel(type=type, provider="twilio", credentials={"auth_token": TOKEN})
    post(channel, {**SMS, "From": address, "ProfileName": "Zoë"})
    contact = Contact.objects.get()
    assert (contact.identifier, contact.name) == (number, "Zoë")


def test_pictures_are_to_be_fetched(sms):
    media = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
    post(sms, {**SMS, "Body": "", "NumMedia": "1", "MediaUrl0": media, "MediaContentType0": "image/jpeg"})
    attachment = Message.objects.get(kind="image").attachments.get()
    assert (attachment.source["url"], attachment.state) == (media, "pending")


def test_place_is_shown(sms):
    post(sms, {**SMS, "Body": "", "Latitude": "52.0116", "Longitude": "4.3571", "Label": "Markt"})
    message = Message.objects.get()
    assert (message.kind, message.body) == ("location", "Markt\n52.0116, 4.3571")


def test_status_callback_is_that_of_the_message(sms):
    post(sms, SMS)
    Message.objects.update(direction="out")
    status = {"MessageSid": SMS["MessageSid"], "To": "+31612345678", "From": "+3197010000001", "AccountSid": "AC1"}
    for told in ("queued", "delivered", "sent"):
        assert post(sms, {**status, "MessageStatus": told}) == 204
    assert Message.objects.get().status == "delivered"


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_wrong_signature_is_refused(sms, secret):
    assert post(sms, SMS, token=secret) == 403
    assert post(sms, SMS, host="http://book.example.com") == 403
    sms.credentials = {"auth_token": ""}
    sms.save()
    assert post(sms, SMS, token="") == 403
    assert not InboundEvent.objects.exists()


def test_word_that_the_account_chose_for_stop_opts_out(sms):
    assert post(sms, {**SMS, "Body": "geen sms meer", "OptOutType": "STOP"}) == 204
    assert post(sms, {**SMS, "MessageSid": "SM2", "Body": "toch weer", "OptOutType": "START"}) == 204
    assert Contact.objects.get().opted_out_at is not None
    assert OptOut.objects.get().word == "geen sms meer"
    assert Message.objects.count() == 2
