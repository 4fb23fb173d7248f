from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.importing.map import columns_of
from contacts.models import CustomField, ImportRecipe
from tests.contacts.importing import files
from tests.contacts.importing.imports import (
    CHRIS,
    EVA,
    carry_out,
    committed,
    contact,
    ledger,
    outcomes,
    problems,
    row,
    staged,
    work,
)
from tests.factories import make_channel, make_contact


def url_of(contact_import, **query):
    return reverse("contacts:import_columns", args=[contact_import.pk], query=query or None)


def page_of(client, contact_import, **query):
    return unescape(client.get(url_of(contact_import, **query)).content.decode())


def choose(client, contact_import, *fields, **more):
    """Post the form with these fields for the columns in order, and have the file checked with them."""
    data = {f"field-{index}": field for index, field in enumerate(fields)} | more
    response = client.post(url_of(contact_import, **more.pop("query", {})), data)
    if response.status_code == 302:
        work(contact_import)
    return response


def fields_of(contact_import):
    return {column.title: column.field for column in columns_of(contact_import.header)}


def test_every_column_shows_its_title_samples_and_field(administrator_client, channel):
    contact_import = staged("phoneNumber,E-mail,City\n31612345678,,Gent\n31687654321,eva@example.nl,\n", channel)

    form = administrator_client.get(url_of(contact_import)).context["form"]

    assert [(each.column.title, each.values, each.chosen) for each in form.rows] == [
        ("phoneNumber", ["31612345678", "31687654321"], "identifier"),
        ("E-mail", ["eva@example.nl"], "email"),
        ("City", ["Gent"], "new.text"),
    ]


def test_column_can_be_another_field_or_left_out(administrator_client, channel):
    contact_import = staged(f"phoneNumber,Alias,Remark\n{EVA},Eva,x\n", channel)

    response = choose(administrator_client, contact_import, "identifier", "name", "ignored")

    assert response.headers["Location"] == reverse("contacts:import_checking", args=[contact_import.pk])
    carry_out(contact_import)
    assert (contact(channel).name, contact(channel).custom_values) == ("Eva", {})
    assert not CustomField.objects.exists()


def test_column_can_go_to_a_field_of_another_title(administrator_client, channel):
    CustomField.objects.create(title="Country")
    contact_import = staged(f"phoneNumber,Land\n{EVA},NL\n", channel)

    choose(administrator_client, contact_import, "identifier", "custom.country")
    carry_out(contact_import)

    assert contact_import.state == "committed"
    assert contact(channel).custom_values == {"country": "NL"}
    assert CustomField.objects.count() == 1


def test_new_field_has_its_type_already_while_the_file_is_checked(administrator_client, channel):
    contact_import = staged(f"phoneNumber,Since\n{EVA},14 maart 2023\n{CHRIS},31-02-2026\n", channel)

    choose(administrator_client, contact_import, "identifier", "new.date")

    assert problems(contact_import) == [(3, "Since", "invalid_value", "error")]
    assert not CustomField.objects.exists()
    carry_out(contact_import)
    assert CustomField.objects.get().type == "date"
    assert contact(channel).custom_values == {"since": "2023-03-14"}


def test_column_that_only_fills_what_is_empty_keeps_the_rest(administrator_client, channel):
    make_contact(channel, EVA, name="Eva", email="")
    make_contact(channel, CHRIS, name="")
    content = f"phoneNumber,name,email\n{EVA},E. de Boer,eva@example.nl\n{CHRIS},Chris,\n"
    contact_import = staged(content, channel)

    choose(administrator_client, contact_import, "identifier", "name", "email", **{"only_empty-1": "on"})

    page = unescape(
        administrator_client.get(reverse("contacts:import_review", args=[contact_import.pk])).content.decode()
    )
    assert page.count("Kept. In the file: E. de Boer") == 1
    assert row(contact_import, 2).changes == {"email": ["", "eva@example.nl"]}
    assert row(contact_import, 3).changes == {"name": ["", "Chris"]}
    carry_out(contact_import)
    assert (contact(channel).name, contact(channel, CHRIS).name) == ("Eva", "Chris")


def test_column_that_only_fills_what_is_empty_erases_nothing(administrator_client, channel):
    make_contact(channel, EVA, name="Eva")
    contact_import = staged(f"phoneNumber,name\n{EVA},<empty>\n", channel)

    choose(administrator_client, contact_import, "identifier", "name", **{"only_empty-1": "on"})

    assert outcomes(contact_import) == {2: "unchanged"}


def test_part_of_a_name_that_only_fills_what_is_empty_keeps_the_name(administrator_client, channel):
    make_contact(channel, EVA, name="Eva")
    contact_import = staged(f"phoneNumber,Voornaam,Achternaam,label\n{EVA},Eva,de Boer,VIP\n", channel)

    fields = ("identifier", "name.first", "name.last", "labels")
    choose(administrator_client, contact_import, *fields, **{"only_empty-2": "on", "only_empty-3": "on"})

    assert row(contact_import, 2).changes == {"labels": [[], ["VIP"]]}
    assert [column.get("only_empty") for column in contact_import.header] == [None, None, True, None]


def test_nothing_to_keep_is_asked_where_contacts_stay_as_they_are(administrator_client, channel):
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n", channel, existing="ignore")
    assert "only_empty-1" not in page_of(administrator_client, contact_import)


def test_two_columns_for_one_field_are_refused(administrator_client, channel):
    contact_import = staged(f"phoneNumber,A,B\n{EVA},Eva,E\n", channel)

    response = choose(administrator_client, contact_import, "identifier", "name", "name")

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "field-2": ["The column “A” goes there already. Choose another field for one of the two."]
    }
    contact_import.refresh_from_db()
    assert contact_import.state == "staged"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (("ignored", "name"), "No column says which contact a row is about. Choose “Phone number” for one of them."),
        (("identifier", "new.text"), "There is a field “name” already."),
        (("identifier", "custom.hidden"), "Select a valid choice."),
        (("identifier",), "Choose one."),
    ],
)
def test_choice_that_cannot_be_is_refused(administrator_client, channel, fields, words):
    CustomField.objects.create(title="name")
    contact_import = staged(f"phoneNumber,name\n{EVA},Eva\n", channel)

    response = choose(administrator_client, contact_import, *fields)

    assert response.status_code == 422
    assert words in unescape(response.content.decode())


def test_columns_left_as_they_are_keep_the_review(administrator_client, channel):
    contact_import = staged(f"phoneNumber,Country\n{EVA},NL\n", channel)

    response = choose(administrator_client, contact_import, "identifier", "new.text")

    assert response.headers["Location"] == reverse("contacts:import_review", args=[contact_import.pk])
    assert contact_import.state == "staged"


def test_other_settings_keep_the_columns(administrator_client, channel):
    contact_import = staged(f"phoneNumber,Alias\n{EVA},Eva\n", channel)
    choose(administrator_client, contact_import, "identifier", "name")

    administrator_client.post(
        reverse("contacts:import_settings", args=[contact_import.pk]),
        {"existing": "ignore", "delimiter": "comma", "duplicates": "first", "encoding": "detect"},
    )
    work(contact_import)

    assert fields_of(contact_import) == {"phoneNumber": "identifier", "Alias": "name"}


# How the file is read


def test_chips_show_what_each_encoding_makes_of_the_same_words(administrator_client, channel):
    contact_import = staged(files.dutch_excel_export(), channel)

    response = administrator_client.get(url_of(contact_import))

    utf_8, utf_16, windows = response.context["encodings"]
    assert windows.shown.startswith("Müller · Zoë")
    assert (windows.is_found, windows.is_current) == (True, True)
    assert "Line 2: This line is not valid UTF-8 text." in utf_8.shown
    assert (utf_8.query, utf_16.query) == ("", "")


def test_wrong_encoding_is_seen_before_it_is_chosen(administrator_client, channel):
    contact_import = staged(files.lines("phoneNumber;name", f"{EVA};Zoë"), channel)
    chips = administrator_client.get(url_of(contact_import)).context["encodings"]
    assert [chip.shown.split(" · ")[0] for chip in chips if chip.query] == ["Zoë", "ZoÃ«"]


def test_encoding_can_be_changed(administrator_client, channel):
    contact_import = staged(files.lines("phoneNumber;name", f"{EVA};Zoë"), channel)

    assert "ZoÃ«" in page_of(administrator_client, contact_import, encoding="windows-1252")
    choose(administrator_client, contact_import, "identifier", "name", query={"encoding": "windows-1252"})

    assert contact_import.settings["encoding"] == "windows-1252"
    assert row(contact_import, 2).name == "ZoÃ«"


def test_htmx_gets_the_reading_alone(administrator_client, channel):
    contact_import = staged(files.dutch_excel_export(), channel)
    part = administrator_client.get(url_of(contact_import), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="reading"')
    assert "<html" not in part


def test_delimiter_that_cannot_read_the_file_says_why(administrator_client, channel):
    contact_import = staged(files.dutch_excel_export(), channel)

    comma, semicolon, _tab = administrator_client.get(url_of(contact_import)).context["delimiters"]
    assert comma.shown.startswith("The columns of this file are separated by semicolons, not by commas.")
    assert (semicolon.shown, semicolon.is_found) == ("2 columns: phoneNumber · name", True)

    response = administrator_client.post(url_of(contact_import, delimiter="comma"), {"field-0": "identifier"})
    assert response.status_code == 422
    contact_import.refresh_from_db()
    assert contact_import.state == "staged"


def test_file_refused_for_its_delimiter_opens_with_the_one_that_works(administrator_client, channel):
    contact_import = staged(files.dutch_excel_export(), channel, delimiter="comma")

    response = administrator_client.get(url_of(contact_import))
    assert [each.column.title for each in response.context["form"].rows] == ["phoneNumber", "name"]

    choose(administrator_client, contact_import, "identifier", "name")
    assert ledger(contact_import) == {"rows": 2, "created": 2}


def test_nonsense_in_the_url_counts_as_not_given(administrator_client, channel):
    contact_import = staged(files.dutch_excel_export(), channel)
    response = administrator_client.get(url_of(contact_import, encoding="klingon"))
    assert response.context["form"].rows[1].values == ["Müller", "Zoë"]


def test_file_that_is_no_csv_says_so_here_too(administrator_client, channel):
    contact_import = staged(files.excel_workbook(), channel)
    assert "This is an Excel workbook, not a CSV file." in page_of(administrator_client, contact_import)


# What a refused file lacks


def test_identifier_that_no_title_tells_is_chosen(administrator_client, channel):
    contact_import = staged(f"Naam,Contact\nEva,{EVA}\n", channel)
    assert contact_import.refusal["code"] == "no_identifier_column"

    choose(administrator_client, contact_import, "name", "identifier")

    assert ledger(contact_import) == {"rows": 1, "created": 1}


@pytest.mark.parametrize(
    ("header", "given", "title"),
    [("phoneNumber,,City", "", "Column 2"), ("phoneNumber,City,city", "city", "city 2")],
)
def test_title_that_is_missing_or_there_twice_is_given(administrator_client, channel, header, given, title):
    contact_import = staged(f"{header}\n{EVA},x,y\n", channel)
    assert contact_import.state == "failed"
    rows = administrator_client.get(url_of(contact_import)).context["form"].rows
    [(index, suggested)] = [(index, each) for index, each in enumerate(rows) if each.title]
    assert (suggested.column.was, suggested.title.value()) == (given, title)

    choose(administrator_client, contact_import, "identifier", "new.text", "new.text", **{f"title-{index}": "District"})
    carry_out(contact_import)

    assert contact(channel).custom_values == {
        "city": "y" if index == 1 else "x",
        "district": "x" if index == 1 else "y",
    }


def test_given_title_is_one_that_no_other_column_has(administrator_client, channel):
    contact_import = staged(f"phoneNumber,,City\n{EVA},x,y\n", channel)
    response = choose(administrator_client, contact_import, "identifier", "new.text", "new.text", **{"title-1": "CITY"})
    assert response.status_code == 422
    assert "Give it a title of its own." in response.content.decode()


def test_first_line_that_is_a_contact_is_no_title(administrator_client, channel):
    contact_import = staged(f"{EVA},Eva\n{CHRIS},Chris\n", channel)
    response = choose(administrator_client, contact_import, "identifier", "name")
    assert response.status_code == 422
    assert "The first line holds a contact instead of column titles." in response.content.decode()


# The next file like it


def confirmed_with(client, channel, *fields, **more):
    contact_import = staged(f"phoneNumber,Alias,Remark\n{EVA},Eva,x\n", channel)
    choose(client, contact_import, *fields, **more)
    carry_out(contact_import)


def test_next_file_with_these_titles_is_read_as_the_last(administrator_client, channel):
    confirmed_with(administrator_client, channel, "identifier", "name", "ignored", **{"only_empty-1": "on"})

    contact_import = staged(f"PHONENUMBER,alias,remark\n{CHRIS},Chris,y\n", channel)

    assert fields_of(contact_import) == {"PHONENUMBER": "identifier", "alias": "name", "remark": "ignored"}
    assert contact_import.header[1]["only_empty"]
    page = page_of(administrator_client, contact_import)
    assert "Columns as last time" in page
    assert "but for" not in page


def test_recipe_holds_for_its_channel_and_titles(administrator_client, channel):
    confirmed_with(administrator_client, channel, "identifier", "name", "ignored")

    elsewhere = staged(f"phoneNumber,Alias,Remark\n{EVA},Eva,x\n", make_channel())
    others = staged(f"phoneNumber,Remark,Alias\n{EVA},x,Eva\n", channel)

    assert fields_of(elsewhere)["Alias"] == fields_of(others)["Alias"] == "custom.alias"
    assert "Columns as last time" not in page_of(administrator_client, others)


@pytest.mark.parametrize("is_archived", [False, True])
def test_recipe_says_nothing_of_a_field_that_is_gone(administrator_client, channel, is_archived):
    field = CustomField.objects.create(title="Nickname")
    confirmed_with(administrator_client, channel, "identifier", "custom.nickname", "ignored")
    if is_archived:
        field.archived_at = timezone.now()
        field.save()
    else:
        field.delete()

    contact_import = staged(f"phoneNumber,Alias,Remark\n{CHRIS},Chris,y\n", channel)

    assert fields_of(contact_import) == {"phoneNumber": "identifier", "Alias": "custom.alias", "Remark": "ignored"}
    assert "Columns as last time, but for: Alias" in " ".join(
        page_of(administrator_client, contact_import)
        .replace("<b>", "")
        .replace("</b>", "")
        .replace("<bdi>", "")
        .split()
    )


def test_recipe_can_be_forgotten(administrator_client, channel):
    confirmed_with(administrator_client, channel, "identifier", "name", "ignored")
    contact_import = staged(f"phoneNumber,Alias,Remark\n{CHRIS},Chris,y\n", channel)

    administrator_client.post(reverse("contacts:import_recipe_forget", args=[contact_import.pk]))
    work(contact_import)

    assert fields_of(contact_import)["Alias"] == "custom.alias"
    assert not ImportRecipe.objects.exists()


def test_settings_of_the_last_time_are_offered_and_not_forced(administrator_client, channel):
    committed(f"phoneNumber\n{EVA}\n", channel, existing="ignore", duplicates="last")
    contact_import = staged(f"phoneNumber\n{CHRIS}\n", channel)
    assert contact_import.settings["existing"] == "update"

    response = administrator_client.get(url_of(contact_import))
    assert "Settings as last time" in response.content.decode()
    last_settings = {name: value for name, value in response.context["last_settings"].items() if value}
    administrator_client.post(reverse("contacts:import_settings", args=[contact_import.pk]), last_settings)
    work(contact_import)

    assert (contact_import.settings["existing"], contact_import.settings["duplicates"]) == ("ignore", "last")


def test_title_that_was_given_is_given_again(administrator_client, channel):
    contact_import = staged(f"phoneNumber,,City\n{EVA},x,y\n", channel)
    choose(administrator_client, contact_import, "identifier", "new.text", "new.text", **{"title-1": "District"})
    carry_out(contact_import)

    again = staged(f"phoneNumber,,City\n{CHRIS},x,y\n", channel)

    assert (again.state, list(fields_of(again))) == ("staged", ["phoneNumber", "District", "City"])


# Who may


def test_columns_of_a_finished_import_lead_to_its_result(administrator_client, channel):
    contact_import = committed(f"phoneNumber\n{EVA}\n", channel)
    for name in ("import_columns", "import_recipe_forget"):
        response = administrator_client.post(reverse(f"contacts:{name}", args=[contact_import.pk]))
        assert response.headers["Location"] == reverse("contacts:import_result", args=[contact_import.pk])
    assert ImportRecipe.objects.exists()


def test_columns_of_a_hidden_import_are_not_found(outside_importer_client, channel):
    contact_import = staged(f"phoneNumber\n{EVA}\n", channel)
    assert outside_importer_client.get(url_of(contact_import)).status_code == 404
    assert choose(outside_importer_client, contact_import, "identifier").status_code == 404
    forget = reverse("contacts:import_recipe_forget", args=[contact_import.pk])
    assert outside_importer_client.post(forget).status_code == 404


def test_columns_for_an_inactive_channel_are_refused(administrator_client):
    channel = make_channel()
    contact_import = staged(f"phoneNumber\n{EVA}\n", channel)
    channel.is_active = False
    channel.save()
    assert administrator_client.get(url_of(contact_import)).status_code == 403


def test_columns_of_a_long_file_cost_no_more(administrator_client, channel, django_assert_max_num_queries):
    contact_import = staged(files.lines(files.HEADER, *files.good_lines(2_000, 10_000_000)), channel)
    with django_assert_max_num_queries(10):
        form = administrator_client.get(url_of(contact_import)).context["form"]
    assert form.rows[1].values == ["Contact 10000000", "Contact 10000001", "Contact 10000002"]
