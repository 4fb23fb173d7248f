"""Settings, all from the environment (prefix CONTACTBOOK_) or a `.env` file beside manage.py.

Every variable stands in `.env.example` and in docs/configuration.md. A wrong value stops the start with a readable
sentence.
"""

import os
import secrets
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, ValidationError, validate

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(expand_vars=False)
env.read_env(BASE_DIR / ".env", recurse=False)


def kept_secret(path: Path) -> str:
    """The secret in `path`; made and kept for its owner alone on the first call."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all, where web server and worker start at once
        draft.unlink()
    return path.read_text()


def check_link_template(url: str) -> None:
    """Refuse what is no address of a page with {reference}, and nothing else to fill in, after the host."""
    host, _slash, path = url.partition("//")[2].partition("/")
    if url and ("{" in host or path.count("{") != 1 or "{reference}" not in path):
        raise ValidationError("Write it as https://crm.example.com/customers/{reference}.")
    if url:
        is_page(url.replace("{reference}", "1"))


is_page = validate.URL(schemes={"http", "https"}, require_tld=False)
known_time_zone = validate.OneOf(available_timezones(), error="Write it as Europe/Amsterdam.")
at_least_one = validate.Range(min=1)


try:
    # Of `make start` alone: where it listens, and whether an empty book gets demo contacts.
    PORT = env.int("PORT", 8000, validate=validate.Range(1, 65535))
    DEMO = env.bool("DEMO", True)

    with env.prefixed("CONTACTBOOK_"):
        DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data"))).expanduser().resolve()
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

        DEBUG = env.bool("DEBUG", False)
        URL = env.str("URL", f"http://localhost:{PORT}", validate=is_page).rstrip("/")
        SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(DATA_DIR / "secret-key")
        DATABASE = env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'contactbook.sqlite3'}")
        if DATABASE["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
            raise EnvError("CONTACTBOOK_DATABASE_URL is sqlite:///path or postgres://user:password@host/name.")
        TIME_ZONE = env.str("TIME_ZONE", "Europe/Amsterdam", validate=known_time_zone)
        LANGUAGE_CODE = env.str("LANGUAGE", "en", validate=validate.OneOf(["en", "nl"]))
        EMAIL = env.dj_email_url("EMAIL_URL", "console:")
        if "EMAIL_BACKEND" not in EMAIL:
            raise EnvError("CONTACTBOOK_EMAIL_URL is submission://user:password@host:587 or console:.")
        DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "contactbook@localhost")
        REFERENCE_URL = env.str("REFERENCE_URL", "", validate=check_link_template)

        CONVERSATION_SILENCE = timedelta(hours=env.int("CONVERSATION_SILENCE_HOURS", 72, validate=at_least_one))

        IMPORT_MAX_BYTES = env.int("IMPORT_MAX_MB", 250, validate=at_least_one) * 1024 * 1024
        IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", 1_000_000, validate=at_least_one)
        IMPORT_MAX_COLUMNS = env.int("IMPORT_MAX_COLUMNS", 200, validate=at_least_one)
        IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", 30, validate=at_least_one)
        MEDIA_MAX_BYTES = env.int("MEDIA_MAX_MB", 100, validate=at_least_one) * 1024 * 1024
except EnvError as error:
    sys.exit(f"Contact Book cannot start: {error}")
except OSError as error:
    sys.exit(f"Contact Book cannot start: CONTACTBOOK_DATA_DIR cannot be used. {error}")

# --- Who may ask -----------------------------------------------------------------------------------------------------

_url = urlsplit(URL)
_is_local = _url.hostname in {"localhost", "127.0.0.1", "::1"}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if _is_local else [_url.hostname or ""]
CSRF_TRUSTED_ORIGINS = [f"{_url.scheme}://{_url.netloc}"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _url.scheme == "https"
SESSION_COOKIE_NAME = "contactbook_session"
CSRF_COOKIE_NAME = "contactbook_csrf"
LANGUAGE_COOKIE_NAME = "contactbook_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _url.scheme == "https" else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _url.scheme == "https" else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF],
        "media-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}

# --- The application -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
    "channels",
    "contacts",
    "campaigns",
    "contactbook",  # last: its admin takes the place of others'
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "contactbook.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "contactbook.middleware.private_pages",
    "contactbook.middleware.viewer_time_zone",
]

# Messages name contacts: not in a cookie, which would outlive the logout.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ROOT_URLCONF = "contactbook.urls"
WSGI_APPLICATION = "contactbook.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "contactbook.context_processors.page",
            ],
        },
    }
]

# --- Data ------------------------------------------------------------------------------------------------------------

if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    _file = Path(DATABASE["NAME"])
    if _file.parent == DATA_DIR and not _file.exists():
        _file.touch(mode=0o600)  # for its owner alone in any folder; SQLite's other files follow this one
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
DATABASE |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "contactbook_cache",
        # Django's 300 would let anybody push the counters of failed logins out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "inbound", "imports", "bulk", "exports"],
    }
}

MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_HANDLERS = [
    "contactbook.upload_limit.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-root"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "contactbook.static_files.StaticFiles",
        # Unlike uploads, for every web server to read.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_MAX_AGE = 3600

# --- Logging in ------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["contactbook.accounts.LoginBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "contactbook.accounts.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "contacts:contact_list"
ACCOUNT_ADAPTER = "contactbook.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "contactbook.accounts.LoginForm",
    "change_password": "contactbook.accounts.ChangePasswordForm",
    "reset_password": "contactbook.accounts.ResetPasswordForm",
    "reset_password_from_key": "contactbook.accounts.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# An https URL means a proxy in front of us (see SECURE_PROXY_SSL_HEADER): rate limits count who is behind it.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _url.scheme == "https" else 0

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True

# --- Mail ------------------------------------------------------------------------------------------------------------

EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 30

# --- Logging ---------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"contactbook": {"level": "INFO"}, "contacts": {"level": "INFO"}},
}
