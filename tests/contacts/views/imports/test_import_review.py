from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from contacts.importing import review
from contacts.views.imports.review import outcome_bar
from tests.contacts.importing.imports import EVA, committed, staged
from tests.factories import make_channel, make_contact, make_field, make_label

FILE = """phoneNumber,name,email,City
31612345678,Eva,eva@example.com,Utrecht
31687654321,Chris,,Leiden
0612 34 56,Bart,bart@example.com,Breda
06 12345679,Joris,,Breda
06 12345670,Kees,,Breda
"""


def get(client, contact_import, headers=None, **place):
    url = reverse("contacts:import_review", args=[contact_import.pk])
    return unescape(client.get(url, place, headers=headers or {}).content.decode())


def test_review_opens_on_what_needs_attention(administrator_client, channel):
    page = get(administrator_client, staged(FILE, channel))
    assert "Joris" in page
    assert "Chris" not in page
    assert "This number does not start with a country code." in page
    assert "2 rows: No country code" in page
    assert "Show 2 rows" in page


def test_kind_of_problem_is_explained_by_its_first_line(administrator_client, channel):
    make_field("Since", type="date")
    make_field("Turnover", type="number")
    content = f"phoneNumber,Since,Turnover\n{EVA},tomorrow,1\n31687654321,2026-01-01,much\n31611111111,,\n"
    page = get(administrator_client, staged(content, channel))
    assert "2 rows: Not a value of this field" in page
    assert "Line 2: This is no date." in page


def test_review_tells_which_labels_are_new(administrator_client, channel):
    make_label("VIP")
    page = get(administrator_client, staged(f"phoneNumber,label\n{EVA},vip; Beurs\n31611111111,VIP\n", channel))
    assert page.count("New label") == 1
    assert "New label: Beurs</div>" in page


def test_row_leads_to_what_is_wrong_however_far_right_it_stands(administrator_client, channel):
    page = get(administrator_client, staged(f"name,City,phoneNumber\nEva,Delft,0612\nZoë,Breda,{EVA}\n", channel))
    assert page.count('href="#cell-') == 1
    assert 'href="#cell-2-2" dir="auto">Phone number</a>' in page
    assert '<td id="cell-2-2"' in page


def test_review_tells_which_fields_are_new(administrator_client, channel):
    make_field("Country")
    page = get(administrator_client, staged(f"phoneNumber,Country,City,Fax\n{EVA},NL,Delft,\n", channel))
    assert "new field: City</span>" in page
    assert page.count("New field</small>") == page.count("Empty in the file</small>") == 1


def test_review_without_problems_opens_on_all_rows(administrator_client, channel):
    page = get(administrator_client, staged(f"phoneNumber,name\n{EVA},Eva\n", channel))
    assert "Eva" in page
    assert 'id="tab-all"' in page
    assert 'class="fix"' not in page


def test_review_names_the_file_and_the_real_number(administrator_client, channel):
    page = get(administrator_client, staged(FILE, channel, name="klanten.csv"))
    for text in ("klanten.csv", "5 rows", "4 columns", "comma, UTF-8", channel.name):
        assert text in page
    assert "Import 2 contacts</button>" in page
    assert "2 contacts will be written: 2 new, 0 updated" in page
    assert "3 with errors left out" in page


def test_review_shows_old_and_new_and_what_is_kept(administrator_client, channel):
    make_contact(channel, EVA, "Eva Jansen", email="old@example.com")
    page = get(administrator_client, staged(f"phoneNumber,name,email\n{EVA},Eva de Vries,\n", channel), tab="updated")
    assert '<del class="was">Eva Jansen</del> <ins>Eva de Vries</ins>' in " ".join(page.split())
    assert "kept</span>" in page
    assert "1 contact will be written: 0 new, 1 updated" in page


def test_review_of_one_kind_of_error_shows_only_its_rows(administrator_client, channel):
    page = get(administrator_client, staged(FILE, channel), tab="attention", code="no_country_code")
    assert "Joris" in page
    assert "Bart" not in page
    assert "2 rows: No country code" in page
    assert "Read 2 as +31" in page


def test_review_of_a_kind_of_error_that_is_gone_shows_all_that_need_attention(administrator_client, channel):
    page = get(administrator_client, staged(FILE, channel), tab="attention", code="extension")
    assert "Joris" in page
    assert "Bart" in page


def test_review_without_changes_has_nothing_to_import(administrator_client, channel):
    make_contact(channel, EVA, "Eva")
    page = get(administrator_client, staged(f"phoneNumber,name\n{EVA},Eva\n", channel))
    assert "Nothing to import: no row would change a contact" in page
    assert "commit-button" not in page


def test_review_goes_on_behind_the_last_row(administrator_client, channel, monkeypatch):
    monkeypatch.setattr(review, "PAGE", 2)
    contact_import = staged(FILE, channel)
    page = get(administrator_client, contact_import, tab="all")
    assert "?tab=all&after=3" in page
    assert "First rows" not in page
    rest = get(administrator_client, contact_import, tab="all", after=3)
    assert "Chris" not in rest
    assert "Bart" in rest
    assert "First rows" in rest


@pytest.mark.parametrize("place", [{"tab": "nonsense"}, {"after": "x"}, {"after": "9" * 40}, {"code": "a b\0"}])
def test_review_takes_nonsense_in_the_address_as_not_given(administrator_client, channel, place):
    assert "Joris" in get(administrator_client, staged(FILE, channel), **place)


def test_review_gives_htmx_the_rows_and_the_counts(administrator_client, channel):
    part = get(administrator_client, staged(FILE, channel), {"HX-Request": "true"}, tab="created")
    assert part.lstrip().startswith('<div class="dims" id="rows"')
    assert '<div id="summary" hx-swap-oob="innerHTML">' in part
    assert "<html" not in part
    assert "Chris" in part


def test_review_says_when_this_very_file_was_imported(administrator_client, channel):
    earlier = committed(FILE, channel)
    page = get(administrator_client, staged(FILE, channel))
    assert "This very file was imported on" in page
    assert date_format(timezone.localtime(earlier.committed_at), "DATE_FORMAT") in page
    assert reverse("contacts:import_detail", args=[earlier.pk]) in page


def test_review_is_silent_about_other_files(administrator_client, channel):
    committed(FILE, make_channel())
    committed(FILE + "31600000001,New,,\n", channel)
    assert "This very file" not in get(administrator_client, staged(FILE, channel))


def test_review_escapes_what_the_file_says(administrator_client, channel):
    evil = "<script>alert(1)</script>"
    contact_import = staged(f"phoneNumber,{evil}\n{EVA},{evil}\n0612,{evil}\n", channel, name=f"{evil}.csv")
    url = reverse("contacts:import_review", args=[contact_import.pk])
    page = administrator_client.get(url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_review_writes_numbers_as_the_viewer_does(administrator_client, channel):
    lines = "".join(f"316{number:08d},{number}\n" for number in range(10_000_000, 10_001_205))
    contact_import = staged(f"phoneNumber,name\n{lines}", channel)
    assert "Import 1,205 contacts" in get(administrator_client, contact_import)
    administrator_client.cookies["contactbook_language"] = "nl"
    page = get(administrator_client, contact_import)
    assert "1.205" in page
    assert 'width="1000"' in page


def test_review_into_an_inactive_channel_cannot_be_decided(administrator_client, channel):
    contact_import = staged(FILE, channel)
    channel.is_active = False
    channel.save()
    page = get(administrator_client, contact_import)
    assert "This channel is inactive" in page
    assert "Remove line" not in page


def test_review_asks_as_many_queries_for_50_rows_as_for_one(administrator_client, channel):
    counts = []
    for rows in (1, 50):
        lines = "".join(f"06123{number:05d},X\n" for number in range(rows))
        contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n{lines}", channel)
        with CaptureQueriesContext(connection) as queries:
            get(administrator_client, contact_import)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_outcome_bar_shows_a_single_row_in_a_million():
    outcomes = dict.fromkeys(["created", "updated", "unchanged", "ignored", "rejected", "removed"], 0)
    pieces = outcome_bar({**outcomes, "created": 999_999, "rejected": 1})
    assert [(piece["outcome"], piece["width"] >= 4) for piece in pieces] == [("created", True), ("rejected", True)]
    assert outcome_bar(outcomes) == []
