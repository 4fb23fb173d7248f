import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from django.conf import settings

WRONG = {
    "PORT": ["http", "70000"],
    "DEMO": ["perhaps"],
    "CONTACTBOOK_DEBUG": ["maybe"],
    "CONTACTBOOK_URL": ["contacts.example.org", "ftp://contacts.example.org"],
    "CONTACTBOOK_DATABASE_URL": ["contacts.sqlite3", "oracle://somewhere/else", "mysql://localhost/contacts"],
    "CONTACTBOOK_TIME_ZONE": ["Mars/Olympus"],
    "CONTACTBOOK_LANGUAGE": ["xx"],
    "CONTACTBOOK_EMAIL_URL": ["carrier-pigeon://roof"],
    "CONTACTBOOK_DATA_DIR": ["/dev/null/data"],
    "CONTACTBOOK_REFERENCE_URL": [
        "https://crm.example.com/",
        "https://{reference}.example.com/",
        "crm.example.com/{reference}",
        "javascript://x/{reference}",
        "https://crm.example.com/{reference}/{name}",
    ],
    "CONTACTBOOK_IMPORT_MAX_MB": ["much", "0"],
    "CONTACTBOOK_IMPORT_MAX_ROWS": ["-1"],
    "CONTACTBOOK_IMPORT_MAX_COLUMNS": ["0"],
    "CONTACTBOOK_IMPORT_KEEP_DAYS": ["0"],
}


def start(tmp_path, prints: Sequence[str] = ("URL",), **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "CONTACTBOOK_DATA_DIR": str(tmp_path), **variables}
    print_them = f"from django.conf import settings; print(*[getattr(settings, name) for name in {prints}])"
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'contactbook.settings'; {print_them}",
        ],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_settings_wrong_value_stops_the_start_with_a_sentence(tmp_path, name, value):
    result = start(tmp_path, **{name: value})

    assert result.returncode == 1
    assert result.stderr.startswith("Contact Book cannot start: ")
    assert name.removeprefix("CONTACTBOOK_") in result.stderr
    assert "Traceback" not in result.stderr


def test_settings_url_follows_the_port(tmp_path):
    assert start(tmp_path, PORT="8123").stdout == "http://localhost:8123\n"


@pytest.mark.parametrize(
    ("url", "host", "port", "is_started", "is_tls"),
    [
        ("submission://eva:p%40ss@mail.example.com:587", "mail.example.com", 587, True, False),
        ("smtp://eva:p%40ss@mail.example.com:465?ssl=true", "mail.example.com", 465, False, True),
        ("smtp://mail.example.com:25", "mail.example.com", 25, False, False),
    ],
)
def test_settings_mail_goes_the_way_that_its_url_says(tmp_path, url, host, port, is_started, is_tls):
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_HOST_PASSWORD")
    sent = start(tmp_path, names, CONTACTBOOK_EMAIL_URL=url).stdout
    assert sent == f"{host} {port} {is_started} {is_tls} {'p@ss' if '@' in url else None}\n"


def test_settings_data_may_lie_in_the_home_folder(tmp_path):
    """Not every shell knows a ~ behind a =, and no `.env` does."""
    start(tmp_path, CONTACTBOOK_DATA_DIR="~/book", HOME=str(tmp_path))
    assert (tmp_path / "book" / "secret-key").exists()


def test_settings_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    start(tmp_path)
    made = (tmp_path / "secret-key").read_text()
    start(tmp_path)

    assert len(made) >= 50
    assert (tmp_path / "secret-key").read_text() == made
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_database_is_for_its_owner_alone_in_a_folder_that_others_may_read(tmp_path):
    tmp_path.chmod(0o755)
    start(tmp_path)
    assert (tmp_path / "contactbook.sqlite3").stat().st_mode & 0o777 == 0o600
