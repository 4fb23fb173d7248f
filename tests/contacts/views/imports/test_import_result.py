import re
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.importing import bulk, commit, review, revise
from tests.contacts.importing.imports import EVA, carry_out, committed, staged, work, work_until
from tests.factories import make_administrator, make_contact

FILE = """phoneNumber,name
31612345678,Eva
31687654321,Chris
31611111111,Zoë
0612,Bart
31622222222,Same
"""


def get(client, contact_import, headers=None, **place):
    url = reverse("contacts:import_result", args=[contact_import.pk])
    return unescape(client.get(url, place, headers=headers or {}).content.decode())


def numbers(page):
    """{title: number} of the ledger."""
    found = re.findall(r'<th scope="row">(.*?)</th><td class="num">(.*?)</td>', page)
    return {title: int(number) for title, number in found}


def test_result_is_a_ledger_that_adds_up(administrator, administrator_client, channel):
    make_contact(channel, EVA, "Eva Jansen")
    make_contact(channel, "31622222222", "Same")
    contact_import = staged(FILE, channel, administrator)
    revise.remove_rows(contact_import, [4])
    carry_out(contact_import)
    page = get(administrator_client, contact_import)
    ledger = numbers(page)
    assert ledger == {
        "Created": 1,
        "Updated": 1,
        "Unchanged": 1,
        "Ignored": 0,
        "Removed": 1,
        "Rejected": 1,
        "Rows in the file": 5,
    }
    assert "The contacts are imported" in page
    assert "ada" in page
    assert reverse("contacts:contact_list") in page


def test_result_leads_to_the_contacts_that_are_new(administrator_client, channel):
    make_contact(channel, "31612345670", "Chris")
    contact_import = committed(f"phoneNumber,name\n{EVA},Eva\n", channel)
    page = administrator_client.get(reverse("contacts:import_result", args=[contact_import.pk])).text
    [path] = re.findall(r'href="([^"]+)">Show the new contacts', page)
    rows = administrator_client.get(path).text
    assert "Eva" in rows
    assert "Chris" not in rows


def test_result_lists_the_rejected_rows_with_their_reasons(administrator_client, channel):
    page = get(administrator_client, committed(FILE, channel))
    assert "Rejected rows" in page
    assert "Bart" in page
    assert "This is too short for a mobile number" in page
    assert "Chris" not in page
    assert "Remove line" not in page


def test_result_tells_who_confirmed_what_another_had_uploaded(administrator, administrator_client, channel):
    contact_import = staged(FILE, channel, administrator)
    assert "confirmed by" not in get(administrator_client, committed(FILE, channel, administrator))
    assert commit.confirm(contact_import, make_administrator("alex"))
    work(contact_import)
    assert re.search(r"ada</span>\s*· confirmed by <span dir=\"auto\">alex", get(administrator_client, contact_import))


def test_result_of_a_canceled_import_says_what_stays_and_offers_undo_and_the_rest(
    administrator, administrator_client, channel, monkeypatch
):
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 2)
    contact_import = staged(FILE, channel, administrator)
    assert commit.confirm(contact_import, administrator)
    work_until(contact_import, commit, "_commit_chunk", calls=1)
    assert commit.cancel(contact_import)
    page = get(administrator_client, contact_import)
    assert "2 contacts were written before, and stay." in page
    assert numbers(page)["Not imported"] == 2
    assert "/not_applied.csv" in page
    assert "Undo import" in page


def test_result_without_rejected_rows_has_no_list_of_them(administrator_client, channel):
    assert "Rejected rows" not in get(administrator_client, committed(f"phoneNumber\n{EVA}\n", channel))


def test_result_of_a_cleaned_up_import_keeps_its_ledger(administrator_client, channel):
    contact_import = committed(FILE, channel)
    contact_import.rows.all().delete()
    page = get(administrator_client, contact_import)
    assert numbers(page)["Rows in the file"] == 5
    assert "have been cleaned up" in page


def test_result_goes_on_behind_the_last_rejected_row(administrator_client, channel, monkeypatch):
    monkeypatch.setattr(review, "PAGE", 1)
    contact_import = committed("phoneNumber,name\n31612345678,Eva\n0612,Bart\n0613,Kees\n", channel)
    assert "?after=3" in get(administrator_client, contact_import)
    part = get(administrator_client, contact_import, {"HX-Request": "true"}, after=3)
    assert part.lstrip().startswith('<section id="rows"')
    assert "Kees" in part
    assert "Bart" not in part


def test_result_escapes_what_the_file_says(administrator_client, channel):
    evil = "<script>alert(1)</script>"
    contact_import = committed(f"phoneNumber,{evil}\n{EVA},x\n0612,{evil}\n", channel, name=f"{evil}.csv")
    url = reverse("contacts:import_result", args=[contact_import.pk])
    assert "<script>alert" not in administrator_client.get(url).content.decode()


def test_result_asks_as_many_queries_for_50_rejected_rows_as_for_one(administrator_client, channel):
    counts = []
    for rows in (1, 50):
        lines = "".join(f"06123{number:05d}\n" for number in range(rows))
        contact_import = committed(f"phoneNumber\n{EVA}\n{lines}", channel)
        with CaptureQueriesContext(connection) as queries:
            get(administrator_client, contact_import)
        counts.append(len(queries))
    assert counts[0] == counts[1]
