"""What every page loads: small, ours, and complete."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files import File

from channels.types import ChannelType
from contactbook.static_files import StaticFiles, without_reading_aids
from contacts.models import Label
from tests.factories import make_contact

STATIC = Path(settings.BASE_DIR, "static")
TEMPLATES = [path.read_text() for path in Path(settings.BASE_DIR, "templates").rglob("*.html")]
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))


def compressed_size(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=9))


def shipped(page: str, pattern: str) -> list[str]:
    """The static files that a page links to."""
    return re.findall(rf'(?:href|src)="/static/({pattern})"', page)


@pytest.fixture
def pages(administrator_client, channel) -> list[str]:
    contact = make_contact(channel)
    paths = ("contacts/", f"contacts/{contact.pk}/", "contacts/imports/", "contacts/imports/new/", "preferences/keys/")
    return [administrator_client.get(f"/{path}").content.decode() for path in paths]


def test_style_of_a_page_is_at_most_12_kb(pages):
    for page in pages:
        styles = [Path(finders.find(name)).read_text() for name in shipped(page, r'css/[^"]+')]
        assert len(styles) > 3
        assert sum(compressed_size(without_reading_aids(style).encode()) for style in styles) <= 12 * 1024


def test_script_of_a_page_is_at_most_30_kb(pages):
    for page in pages:
        scripts = shipped(page, r'[^"]+\.js')
        assert len(scripts) > 3
        assert sum(compressed_size(Path(finders.find(name)).read_bytes()) for name in scripts) <= 30 * 1024


def test_style_without_reading_aids_means_the_same():
    style = "/* why */\n.a > .b,\n.c :hover {\n  margin: 0 calc(1px + 2px);\n}\n@media (width > 2px) { .d { --x: 1; } }"
    assert without_reading_aids(style) == (".a>.b,.c :hover{margin:0 calc(1px + 2px)}@media (width>2px){.d{--x:1}}")


def test_collected_style_is_whole_under_both_names(tmp_path):
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    with (STATIC / "css/base.css").open("rb") as file:
        storage.save("css/base.css", File(file))
    list(storage.post_process({"css/base.css": (storage, "css/base.css")}))

    expected = without_reading_aids((STATIC / "css/base.css").read_text())
    assert {path.read_text() for path in tmp_path.glob("css/base*.css")} == {expected}
    assert len(list(tmp_path.glob("css/base.*.css.gz"))) == 1


def test_every_icon_that_a_template_names_is_drawn():
    named = {icon for template in TEMPLATES for icon in re.findall(r'<use href="[^"#]*#([\w-]+)"', template)}

    assert len(named) > 10
    assert named - ICONS == set()


def test_every_channel_type_and_label_color_has_its_look():
    style = (STATIC / "css/components.css").read_text()

    assert {channel_type.icon for channel_type in ChannelType} - ICONS == set()
    for name in [channel_type.color_class for channel_type in ChannelType] + [
        f"l-{color}" for color in Label.Color.values
    ]:
        assert f".{name} {{" in style


def test_static_file_opened_by_itself_runs_nothing(client, settings, db):
    Path(settings.STATIC_ROOT, "a.svg").write_text("<svg/>")
    response = client.get("/static/a.svg")
    assert b"".join(response.streaming_content) == b"<svg/>"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    response.close()


def test_nothing_is_loaded_from_another_host():
    sources = [path.read_text() for path in STATIC.rglob("*") if path.suffix in {".css", ".js"}] + TEMPLATES

    assert [source for source in sources if re.search(r"(src|href|url|import)\W{1,3}(https?:)?//", source)] == []
