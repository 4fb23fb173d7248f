"""What every page loads: small, ours, and complete."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from channels.types import ChannelType
from contacts.models import Label

STATIC = Path(settings.BASE_DIR, "static")
TEMPLATES = [path.read_text() for path in Path(settings.BASE_DIR, "templates").rglob("*.html")]
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
SHARED_STYLES = ["tokens", "base", "layout", "components"]


def compressed_size(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), compresslevel=9)) for path in paths)


@pytest.mark.parametrize("section", ["contacts", "imports"])
def test_style_of_a_page_is_at_most_12_kb(section):
    assert compressed_size(*(STATIC / f"css/{name}.css" for name in [*SHARED_STYLES, section])) <= 12 * 1024


def test_script_of_any_page_is_at_most_30_kb():
    htmx = Path(finders.find("django_htmx/htmx-2.min.js"))

    assert compressed_size(htmx, *STATIC.glob("js/*.js")) <= 30 * 1024


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
