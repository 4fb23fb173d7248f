import json
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.exporting import files, work
from contacts.models import Export, SavedView
from contacts.views import exports as views
from tests.contacts.exporting.exports import csv_rows, xlsx_cells
from tests.factories import make_administrator, make_channel, make_contact, make_label

NEW = reverse("contacts:export_new")
ANSWER = {"format": "csv", "columns": ["identifier", "name"], "all": "1"}


@pytest.fixture
def small_limit(monkeypatch):
    """As if two contacts were many."""
    monkeypatch.setattr(views, "CAP", 1)


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def names(response) -> list[str]:
    return [row["Name"] for row in csv_rows(content(response))]


def start(client, query: str = "", **answer) -> Export:
    """A large export that waits for its worker."""
    response = client.post(f"{NEW}?{query}", {**ANSWER, **answer})
    export = Export.objects.latest("pk")
    assert response.url.startswith(reverse("contacts:export_detail", args=[export.pk]))
    return export


def finished(client, query: str = "", **answer) -> Export:
    export = start(client, query, **answer)
    work.work_on(export.pk)
    export.refresh_from_db()
    return export


def file_of(client, export):
    return client.get(reverse("contacts:export_file", args=[export.pk]))


def test_form_says_how_many_and_offers_every_column(exporter_client, channel):
    make_contact(channel, name="Eva")
    make_contact(channel, name="Chris")

    page = exporter_client.get(NEW).content.decode()

    assert "Export 2 contacts" in page
    assert page.count('name="columns"') == page.count("checked") - 1 == 11
    assert "Formulas are made harmless" in page


def test_form_is_a_part_of_the_page_for_htmx(exporter_client, channel):
    make_contact(channel)

    part = exporter_client.get(NEW, headers={"HX-Request": "true", "HX-Target": "detail"}).content.decode()

    assert "Export 1 contact" in part
    assert "<html" not in part


def test_few_contacts_come_at_once_as_an_attachment(exporter_client, channel):
    make_contact(channel, "31612345678", "Zoë")

    response = exporter_client.post(NEW, ANSWER)

    assert response["Content-Disposition"] == f'attachment; filename="contacts-{timezone.localdate()}.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert csv_rows(content(response)) == [{"phoneNumber": "31612345678", "Name": "Zoë"}]
    assert not Export.objects.exists()


def test_workbook_and_json_come_too(exporter_client, channel):
    make_contact(channel, "31612345678", "=1+1")

    workbook = content(exporter_client.post(NEW, {**ANSWER, "format": "xlsx"}))
    rows = json.loads(content(exporter_client.post(NEW, {**ANSWER, "format": "json"})))

    assert [cell.value for cell in xlsx_cells(workbook)[1]] == ["31612345678", "=1+1"]
    assert rows == [{"identifier": "31612345678", "name": "=1+1"}]


@pytest.mark.parametrize("query", ["q=eva", "show=labeled", "show=favorites", "blocked=yes"])
def test_export_never_ignores_the_filter(exporter_client, exporter, channel, query):
    found = make_contact(channel, name="Eva", blocked_at=timezone.now())
    found.favor(exporter)
    make_label(on=[found])
    make_contact(channel, name="Chris")

    assert names(exporter_client.post(f"{NEW}?{query}", ANSWER)) == ["Eva"]


def test_contacts_stand_in_the_order_of_the_list(exporter_client, channel):
    for name in ("Chris", "Adam", "Bea"):
        make_contact(channel, name=name)

    assert names(exporter_client.post(f"{NEW}?sort=name", ANSWER)) == ["Adam", "Bea", "Chris"]
    assert names(exporter_client.post(NEW, ANSWER)) == ["Bea", "Adam", "Chris"]


def test_only_what_the_viewer_sees_is_exported(exporter_client, channel, foreign_channel):
    make_contact(channel, name="Mine")
    foreign = make_contact(foreign_channel, name="Foreign")
    trashed = make_contact(channel, name="Trashed", deleted_at=timezone.now())
    label = make_label("Secret")
    label.channels.set([foreign_channel])
    mine = make_contact(channel, name="Also mine")
    mine.contact_labels.create(label=label)

    everything = content(exporter_client.post(NEW, {**ANSWER, "columns": ["name", "labels", "channel"]})).decode()
    chosen = exporter_client.post(NEW, {**ANSWER, "all": [], "contact": f"{mine.pk},{foreign.pk},{trashed.pk}"})

    assert "Mine" in everything
    assert not any(word in everything for word in ("Foreign", "Hidden", "Trashed", "Secret"))
    assert names(chosen) == ["Also mine"]


def test_foreign_and_missing_contacts_are_the_same_404(exporter_client, foreign_channel):
    foreign = make_contact(foreign_channel)

    for pk in (foreign.pk, 987_654_321):
        assert exporter_client.get(f"{NEW}?contact={pk}").status_code == 404
        assert exporter_client.post(NEW, {**ANSWER, "all": [], "contact": pk}).status_code == 404


def test_one_contact_is_exported_from_its_menu(exporter_client, channel):
    contact = make_contact(channel, name="Eva")
    make_contact(channel, name="Chris")

    page = exporter_client.get(f"{NEW}?contact={contact.pk}").content.decode()

    assert "Export 1 contact<" in page
    assert f'name="contact" value="{contact.pk}"' in page


def test_selection_of_the_list_comes_by_post(exporter_client, channel):
    eva, chris, _other = (make_contact(channel, name=name) for name in ("Eva", "Chris", "Other"))

    page = exporter_client.post(f"{NEW}?q=", {"contact": [eva.pk, chris.pk]})
    everybody = exporter_client.post(NEW, {"contact": [eva.pk], "all": "1"})

    assert "Export 2 contacts" in page.content.decode()
    assert "Export 3 contacts" in everybody.content.decode()


def test_nobody_selected_leads_back_to_the_list(exporter_client):
    response = exporter_client.post(f"{NEW}?q=eva", {})

    assert response.url == "/contacts/?q=eva"


@pytest.mark.parametrize("query", ["channel=none", "custom.nothing=x", "sort=sideways"])
def test_senseless_filter_exports_nothing_and_says_so(exporter_client, channel, query):
    make_contact(channel, name="Eva")

    assert "cannot be read, so there is nothing to export" in exporter_client.get(f"{NEW}?{query}").content.decode()
    refused = exporter_client.post(f"{NEW}?{query}", ANSWER)
    assert refused.status_code == 422
    assert "cannot be read, so there is nothing to export" in refused.content.decode()


def test_filter_that_leaves_nobody_says_so(exporter_client, channel):
    assert "leaves nobody" in exporter_client.get(f"{NEW}?q=nobody").content.decode()
    assert exporter_client.post(f"{NEW}?q=nobody", ANSWER).status_code == 422


def test_more_contacts_than_a_list_can_tick_are_refused(exporter_client):
    many = ",".join(map(str, range(1, 10_002)))

    assert exporter_client.post(NEW, {**ANSWER, "all": [], "contact": many}).status_code == 400


@pytest.mark.parametrize("answer", [{"format": "pdf"}, {"columns": []}, {"columns": ["password"]}])
def test_senseless_choice_is_refused(exporter_client, channel, answer):
    make_contact(channel)

    response = exporter_client.post(NEW, {**ANSWER, **answer})

    assert response.status_code == 422
    assert 'class="errorlist"' in response.content.decode()


def test_file_is_named_after_the_view(exporter_client, exporter, channel):
    make_contact(channel, name="Eva")
    SavedView.objects.create(name="VIP & co", owner=exporter, query="q=eva")

    response = exporter_client.post(f"{NEW}?q=eva", ANSWER)

    assert names(response) == ["Eva"]
    assert f'filename="vip-co-{timezone.localdate()}.csv"' in response["Content-Disposition"]


def test_number_of_queries_does_not_grow(exporter_client, channel, django_assert_max_num_queries):
    for _number in range(50):
        make_contact(channel)

    with django_assert_max_num_queries(11):
        content(exporter_client.post(NEW, ANSWER))


# Large exports


@pytest.mark.usefixtures("small_limit")
class TestLarge:
    @pytest.fixture(autouse=True)
    def _contacts(self, channel):
        self.contacts = [make_contact(channel, name=name) for name in ("Eva", "Chris")]

    def test_progress_page_ends_with_the_file(self, exporter_client):
        export = start(exporter_client)
        url = reverse("contacts:export_detail", args=[export.pk])
        working = exporter_client.get(url).content.decode()
        work.work_on(export.pk)
        part = exporter_client.get(url, headers={"HX-Request": "true", "HX-Target": "progress"}).content.decode()

        assert 'hx-trigger="every 1s"' in working
        assert "No worker is running" in working
        assert "every 1s" not in part
        assert "The file with 2 contacts is ready." in part
        assert names(file_of(exporter_client, export)) == ["Chris", "Eva"]

    def test_file_has_a_name_that_nobody_can_guess_and_is_for_its_owner(self, exporter_client):
        export = finished(exporter_client)

        assert "contacts" not in export.file.name
        assert len(export.file.name) > 30
        assert Path(export.file.path).stat().st_mode & 0o077 == 0

    def test_export_of_somebody_else_is_not_found(self, exporter_client, administrator_client, team, client):
        export = finished(exporter_client)

        for page in ("detail", "file"):
            url = reverse(f"contacts:export_{page}", args=[export.pk])
            assert administrator_client.get(url).status_code == 404
        assert administrator_client.post(reverse("contacts:export_delete", args=[export.pk])).status_code == 404
        assert Export.objects.filter(pk=export.pk).exists()

    def test_file_is_refused_once_the_right_is_gone(self, exporter_client, exporter):
        export = finished(exporter_client)
        exporter.user_permissions.clear()

        assert file_of(exporter_client, export).status_code == 403

    def test_file_is_refused_once_one_of_its_channels_is_gone(self, exporter_client, channel):
        export = finished(exporter_client)
        channel.teams.clear()

        page = exporter_client.get(reverse("contacts:export_detail", args=[export.pk])).content.decode()

        assert file_of(exporter_client, export).status_code == 404
        assert "not shared with you any more" in page
        assert reverse("contacts:export_file", args=[export.pk]) not in page

    def test_file_is_not_there_before_it_is_done(self, exporter_client):
        assert file_of(exporter_client, start(exporter_client)).status_code == 404

    def test_deleted_export_leaves_no_file(self, exporter_client):
        export = finished(exporter_client)
        storage, name = export.file.storage, export.file.name

        exporter_client.post(reverse("contacts:export_delete", args=[export.pk]))

        assert not storage.exists(name)
        assert file_of(exporter_client, export).status_code == 404

    def test_form_lists_ones_own_exports_alone(self, exporter_client, administrator_client):
        export = finished(exporter_client)
        url = reverse("contacts:export_detail", args=[export.pk])

        assert url in exporter_client.get(NEW).content.decode()
        assert url not in administrator_client.get(NEW).content.decode()
        assert "Your large exports" not in administrator_client.get(NEW).content.decode()

    def test_failed_export_says_why(self, exporter_client, exporter):
        export = start(exporter_client)
        exporter.user_permissions.clear()
        work.work_on(export.pk)
        exporter.user_permissions.add(Permission.objects.get(codename="export_contact"))

        page = exporter_client.get(reverse("contacts:export_detail", args=[export.pk])).content.decode()

        assert "You may not export contacts any more." in page

    def test_old_file_is_cleaned_up(self, exporter_client):
        export = finished(exporter_client)
        files.purge()
        assert export.file.storage.exists(export.file.name)
        Export.objects.update(purge_at=timezone.now())

        files.purge()

        assert not Export.objects.exists()
        assert not export.file.storage.exists(export.file.name)


def test_agent_is_neither_offered_an_export_nor_given_one(agent_client, channel):
    make_contact(channel)

    assert NEW not in agent_client.get("/contacts/").content.decode()
    assert agent_client.get(NEW).status_code == 403
    assert agent_client.post(NEW, ANSWER).status_code == 403


def test_right_to_export_alone_opens_nothing(client, team):
    user = make_administrator("eve")
    user.groups.clear()
    user.user_permissions.add(Permission.objects.get(codename="export_contact"))
    client.force_login(user)

    assert client.get(NEW).status_code == 403


def test_dutch_titles_for_a_dutch_viewer(exporter_client, channel):
    make_contact(channel, name="Eva")

    page = exporter_client.get(NEW, headers={"Accept-Language": "nl"}).content.decode()

    assert '<input type="radio" name="format" value="csv-semicolon" id="id_format_1" required checked>' in page


def test_mixed_channels_are_told_apart(administrator_client, channel):
    make_contact(channel, name="Eva")
    make_contact(make_channel(type="email"), "eva@example.com", "Eva")

    rows = csv_rows(content(administrator_client.post(NEW, ANSWER)))

    assert {row["contactIdentifier"] for row in rows} > {"eva@example.com"}
