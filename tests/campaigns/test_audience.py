"""The reachable members of a list as a file for the sending tool."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaigns.models import AudienceExport, List
from campaigns.views import audience as views
from contacts.exporting import contents, files, work
from contacts.models import Contact, Export, OptOut
from tests.contacts.exporting.exports import csv_rows, xlsx_cells
from tests.factories import make_administrator, make_channel, make_contact, make_label, make_list

ANSWER = {"format": "csv", "columns": ["name"]}


@pytest.fixture
def members(channel, agent) -> list[Contact]:
    """Eva is reachable; one is blocked, one opted out, one hides the number."""
    blocked, stopped = make_contact(channel, name="Blocked"), make_contact(channel, name="Stopped")
    blocked.block(agent)
    OptOut.by_message(stopped, "STOP", timezone.now())
    hidden = Contact.objects.create(channel=channel, provider_id="NL.1", name="Hidden")
    return [make_contact(channel, "31612345678", "Eva"), blocked, stopped, hidden]


@pytest.fixture
def newsletter(channel, members) -> List:
    return make_list("Newsletter", members=members, channel=channel)


def url(one: List, page: str = "audience_new") -> str:
    return f"{reverse(f'campaigns:{page}', args=[one.pk])}?list={one.pk}"


def page_of(client, one: List) -> str:
    return client.get(url(one, "list_detail")).content.decode()


def exported(client, one: List, **answer) -> Export:
    response = client.post(url(one), ANSWER | answer)
    export = Export.objects.latest("pk")
    assert response.url.startswith(reverse("contacts:export_detail", args=[export.pk]))
    return export


def file_of(client, export: Export):
    return client.get(reverse("contacts:export_file", args=[export.pk]))


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def lines(client, one: List, **answer) -> list[dict[str, str]]:
    return csv_rows(content(file_of(client, exported(client, one, **answer))))


def test_file_has_the_reachable_members_alone(exporter_client, newsletter):
    assert lines(exporter_client, newsletter) == [{"phoneNumber": "31612345678", "Name": "Eva"}]


def test_what_was_exported_is_written_down(exporter, exporter_client, newsletter):
    exported(exporter_client, newsletter)
    audience = AudienceExport.objects.get()
    assert (audience.list, audience.by, audience.count) == (newsletter, exporter, 1)
    assert audience.left_out == {"blocked": 1, "opted_out": 1, "unidentified": 1}
    page = page_of(exporter_client, newsletter)
    assert "1 contact<" in page
    assert "Left out: Blocked 1, Opted out 1, No number or address 1" in page
    assert reverse("contacts:export_file", args=[audience.export_id]) in page


def test_who_lies_in_the_trash_is_told_to_who_may_look_there(exporter_client, administrator_client, newsletter):
    make_list(members=[])
    Contact.objects.get(name="Eva").trash(make_administrator())
    newsletter.members.add(make_contact(newsletter.channel, name="Chris"))
    exported(exporter_client, newsletter)
    exported(administrator_client, newsletter)
    told = AudienceExport.objects.order_by("pk").values_list("left_out", flat=True)
    assert [left_out.get("trashed") for left_out in told] == [None, 1]


def test_record_outlives_the_file(exporter_client, newsletter):
    export = exported(exporter_client, newsletter)
    files.remove(export)
    page = page_of(exporter_client, newsletter)
    assert "Left out: Blocked 1" in page
    assert "Download" not in page


def test_dynamic_list_has_an_audience(exporter_client, members):
    label = make_label("VIP", on=members)
    one = List.objects.create(name="VIPs", kind="dynamic", query=f"label={label.pk}")
    assert [line["Name"] for line in lines(exporter_client, one)] == ["Eva"]


def test_list_of_any_channel_has_a_line_for_each_channel_and_the_ids_that_providers_know(
    exporter_client, team, channel, members
):
    sms = make_contact(make_channel("SMS", type="sms", teams=[team]), "31612345678", "Eva")
    page = Contact.objects.create(channel=make_channel(type="messenger", teams=[team]), provider_id="4018", name="Zoë")
    one = make_list(members=[members[0], sms, page])
    found = lines(exporter_client, one, columns=["channel"])
    assert [(line["contactIdentifier"], line["Provider id (read-only)"]) for line in found] == [
        ("31612345678", ""),
        ("31612345678", ""),
        ("", "4018"),
    ]
    assert {"WhatsApp, Customer service", "SMS"} < {line["Channel (read-only)"] for line in found}


def test_formulas_are_harmless(exporter_client, newsletter):
    Contact.objects.filter(name="Eva").update(name="=cmd()")
    assert lines(exporter_client, newsletter)[0]["Name"] == "'=cmd()"
    workbook = content(file_of(exporter_client, exported(exporter_client, newsletter, format="xlsx")))
    cell = xlsx_cells(workbook)[1][1]
    assert (cell.value, cell.data_type) == ("=cmd()", "s")


def test_json_is_not_offered(exporter_client, newsletter):
    assert exporter_client.post(url(newsletter), ANSWER | {"format": "json"}).status_code == 422


def test_members_whom_the_exporter_may_not_see_are_neither_in_the_file_nor_counted(
    exporter_client, administrator_client, agent, members
):
    hidden = make_channel("Hidden")
    make_contact(hidden, name="Secret").block(agent)
    one = make_list(
        members=[
            members[0],
            make_contact(hidden, name="Secret"),
            Contact.objects.get(blocked_at__isnull=False, channel=hidden),
        ]
    )
    exported(administrator_client, one)
    assert [line["Name"] for line in lines(exporter_client, one)] == ["Eva"]
    assert AudienceExport.objects.latest("pk").left_out == {}
    page = page_of(exporter_client, one)
    # What the administrator's file tells of is no business of his.
    assert "2 contacts" not in page
    assert "Blocked" not in page
    assert "2 contacts" in page_of(administrator_client, one)


def test_file_is_its_makers_alone(exporter_client, administrator_client, newsletter):
    export = exported(exporter_client, newsletter)
    assert file_of(administrator_client, export).status_code == 404
    page = page_of(administrator_client, newsletter)
    assert "1 contact<" in page
    assert reverse("contacts:export_file", args=[export.pk]) not in page


def test_file_cannot_be_fetched_when_the_list_is_not_seen_any_more(exporter, exporter_client, newsletter):
    export = exported(exporter_client, newsletter)
    newsletter.channel = make_channel()
    newsletter.save()
    assert file_of(exporter_client, export).status_code == 404


def test_agent_who_may_not_export_is_not_offered_it(agent_client, newsletter):
    assert "Export audience" not in page_of(agent_client, newsletter)
    assert agent_client.post(url(newsletter), ANSWER).status_code == 403
    assert not AudienceExport.objects.exists()


def test_archived_list_has_no_audience(exporter_client, newsletter):
    newsletter.archive()
    assert exporter_client.post(url(newsletter), ANSWER).status_code == 404


def test_nothing_is_exported_where_nobody_is_reachable(exporter_client, newsletter, agent):
    Contact.objects.get(name="Eva").block(agent)
    assert "Nobody on this list is reachable" in exporter_client.post(url(newsletter), ANSWER).content.decode()
    assert not Export.objects.exists()


def test_large_audience_is_made_by_a_worker(exporter_client, newsletter, monkeypatch):
    monkeypatch.setattr(views, "CAP", 0)
    export = exported(exporter_client, newsletter)
    assert export.state == "waiting"
    assert "Waiting" in page_of(exporter_client, newsletter)
    work.work_on(export.pk)
    assert AudienceExport.objects.get().count == 1
    assert len(csv_rows(content(file_of(exporter_client, export)))) == 1


def test_audience_of_a_list_that_went_meanwhile_is_not_made(exporter_client, newsletter, monkeypatch):
    monkeypatch.setattr(views, "CAP", 0)
    export = exported(exporter_client, newsletter)
    newsletter.delete()
    work.work_on(export.pk)
    export.refresh_from_db()
    assert (export.state, export.failure) == ("failed", "source_gone")


def test_list_that_goes_in_mid_export_leaves_no_file(exporter_client, newsletter, settings, monkeypatch):
    monkeypatch.setattr(views, "CAP", 0)
    export = exported(exporter_client, newsletter)

    def end_the_list(execute, sql, *rest):
        if '"rows_total"' in sql and newsletter.pk:  # the members are chosen, and nothing is written yet
            newsletter.delete()
        return execute(sql, *rest)

    with connection.execute_wrapper(end_the_list):
        work.work_on(export.pk)
    export.refresh_from_db()
    assert (export.state, export.failure) == ("failed", "source_gone")
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["static", "dynamic"])
def test_who_opts_out_while_the_file_is_written_is_in_it_or_left_out_but_never_both(
    exporter, exporter_client, administrator, channel, monkeypatch, kind
):
    names = ("Anna", "Bo", "Chris", "Daan", "Eva", "Fay", "Guus")
    written, stopped, blocked, trashed, off, moved, last = people = [make_contact(channel, name=name) for name in names]
    label = make_label("VIP", on=people)
    query = f"label={label.pk}&q=316" if kind == "dynamic" else ""
    one = make_list(kind=kind, query=query, members=[] if query else people)
    monkeypatch.setattr(views, "CAP", 0)
    monkeypatch.setattr(contents, "_PIECE", 1)
    export = exported(exporter_client, one)

    def people_change() -> None:
        for contact in (written, stopped):
            OptOut.by_message(contact, "STOP", timezone.now())
        blocked.block(administrator)
        trashed.trash(administrator)
        if query:
            off.remove_label(label, administrator)
        else:
            one.memberships.filter(contact=off).delete()
        Contact.objects.filter(pk=moved.pk).update(channel=make_channel("Foreign"))

    progress = iter([people_change])
    load = contents._load

    def first_written(export, keys, *rest):
        if last.pk in keys or stopped.pk in keys:
            next(progress, lambda: None)()
        return load(export, keys, *rest)

    monkeypatch.setattr(contents, "_load", first_written)
    work.work_on(export.pk)

    assert [line["Name"] for line in csv_rows(content(file_of(exporter_client, export)))] == ["Anna", "Guus"]
    audience = AudienceExport.objects.get()
    assert audience.count == 2
    assert audience.left_out == {"blocked": 1, "opted_out": 1}
    assert "2 contacts<" in page_of(exporter_client, one)
    export.refresh_from_db()
    assert (export.rows_done, export.rows_total) == (2, 2)


def test_page_of_the_list_counts_who_is_reachable_and_links_to_the_others(agent_client, newsletter):
    page = page_of(agent_client, newsletter)
    for reach in ("reachable", "blocked", "opted_out", "unidentified"):
        assert f"/contacts/?list={newsletter.pk}&amp;reach={reach}" in page
    assert "reach=inactive" not in page
    names = agent_client.get(f"/contacts/?list={newsletter.pk}&reach=opted_out").content.decode()
    assert "Stopped" in names
    assert "Hidden" not in names


def test_member_row_tells_why_a_campaign_does_not_reach_it(agent_client, newsletter):
    page = agent_client.get(f"/contacts/?list={newsletter.pk}").content.decode()
    for text in ("Blocked · Added on", "Opted out · Added on", "No number or address · Added on"):
        assert text in page
