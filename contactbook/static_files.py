"""Static files: collected for the web server only when one of them changed, our styles without what is for readers."""

import fcntl
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NEEDLESS = re.compile(r"\s*([{},;>])\s*|(:)\s+")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    @cache  # noqa: B019  # a page asks for some dozens; the storage and what it collected live as long as the process
    def url(self, name: str, force: bool = False) -> str:
        return str(super().url(name, force))

    def _save(self, name: str, content: Any) -> str:
        if Path(name).match("css/*.css"):
            content.seek(0)  # under its second name, with the hash, it was read before
            content = ContentFile(without_reading_aids(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved


def without_reading_aids(style: str) -> str:
    """The same style without comments, indents and line breaks. No string in ours holds two spaces in a row."""
    return _NEEDLESS.sub(r"\1\2", re.sub(r"\s+", " ", _COMMENT.sub("", style))).replace(";}", "}").strip()


def collect_if_changed() -> None:
    """Collect the static files of all apps into STATIC_ROOT, unless they stand there as they are."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    with (settings.STATIC_ROOT / ".collected").open("a+") as stamp:
        fcntl.flock(stamp, fcntl.LOCK_EX)  # one at a time, where two are started at once
        stamp.seek(0)
        fingerprint = _fingerprint()
        if stamp.read() != fingerprint:
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.truncate(0)
            stamp.write(fingerprint)


def _fingerprint() -> str:
    """Another one whenever a static file is added, removed or written, or the way to collect them changed."""
    found = sorted(storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    files = [*found, __file__]
    stats = [(path, Path(path).stat()) for path in files]
    return hashlib.sha256(repr([(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]).encode()).hexdigest()
