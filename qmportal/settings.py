"""Settings of the portal; every variable of the environment that it knows is listed in docs/betrieb.md."""

from __future__ import annotations

import secrets
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from qmportal.origins import origins

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

env = environ.FileAwareEnv()
DEMO = env.bool("DEMO", default=False)
# A real office may run from the same checkout: neither the demo nor the tests may ever reach its database.
if not DEMO and not TESTING:
    environ.Env.read_env(BASE_DIR / ".env")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# The office's data is real unless somebody says otherwise, but a first try on a laptop must need no variable.
DEBUG = env.bool("DEBUG", default=True)


def local_secret() -> str:
    """Return the secret of this checkout, made at the first start, readable by its owner alone."""
    path = VAR_DIR / "secret.key"
    VAR_DIR.mkdir(exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


if not DEBUG and not DEMO:
    missing = [name for name in ("SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS") if not env.str(name, default="")]
    if missing:
        names = ", ".join(missing)
        message = f"DEBUG=0 needs {names} in the environment (or {missing[0]}_FILE). See docs/betrieb.md."
        raise ImproperlyConfigured(message)

SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
HTTPS = urlsplit(SITE_URL).scheme == "https"
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])
# The first key signs links to bookings, all of them verify: a key is changed by putting a new one in front.
LINK_KEYS: list[str] = env.list("LINK_KEYS", default=[]) or [
    sha256(f"link:{key}".encode()).hexdigest() for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)
]

INSTALLED_APPS = [
    "qmportal",
    "qmportal.accounts",
    "qmportal.website",
    "booking",
    "booking.staff",
    "schedule",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "qmportal.health.HealthMiddleware",
    "qmportal.proxies.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "qmportal.headers.RefusedEncodingsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "qmportal.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "qmportal.headers.HeadersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qmportal.uploads.BodyLimitMiddleware",
    "booking.staff.doors.AdmissionMiddleware",
    "qmportal.accounts.second_factor.SecondFactorMiddleware",
    "qmportal.website.redirects.RedirectMiddleware",
]

ROOT_URLCONF = "qmportal.urls"
WSGI_APPLICATION = "qmportal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "booking.context.office",
            ],
        },
    }
]

# --- Database ---


def database() -> dict[str, Any]:
    """Return the one database, set up so that parallel bookings queue up instead of failing."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
    test_name = env.str("QM_TEST_DB", default="default")
    if config["ENGINE"].endswith("sqlite3"):
        VAR_DIR.mkdir(exist_ok=True)
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
        config["TEST"] = {"NAME": str(VAR_DIR / f"test-{test_name}.sqlite3")}
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        config["OPTIONS"] = {"connect_timeout": 5, **config.get("OPTIONS", {})}
        config["TEST"] = {"NAME": f"test_qmportal_{test_name}"}
    return config


DATABASES = {"default": database()}

# --- Redis is the doorbell of the outbox only: no page waits for it ---

REDIS_URL: str = env.str("REDIS_URL", default="")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Mail ---

EMAIL_URL: str = env.str("EMAIL_URL", default="")
EMAIL_FILE_PATH = VAR_DIR / "mail"
# The wait for the relay's answer after the mail; a shorter one means copies (RFC 5321, 4.5.3.2.6).
EMAIL_ANSWER_SECONDS: int = env.int("EMAIL_ANSWER_SECONDS", default=120)
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default=f"buero@{SITE_HOST}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_BACKEND = "booking.relay.RelayBackend"

# --- Video ---

# The class that makes rooms; docs/betrieb.md says how a city adds its own.
VIDEO_PROVIDER: str = env.str("VIDEO_PROVIDER", default="booking.video.Jitsi")

# --- The website around the product ---

# PeerTube servers whose videos may be played inside a page, once a visitor agrees.
VIDEO_HOSTS: list[str] = env.list("VIDEO_HOSTS", default=[])

# The class that gives the product its events and partners: booking/website.py.
WEBSITE = "qmportal.website.door.Door"
# What those who write the website may do with its own kinds of things, beyond pages, pictures and documents.
WEBSITE_PERMISSIONS = (
    "website.add_video",
    "website.change_video",
    "website.delete_video",
    "website.view_video",
)

# Websites that may show the free times in a frame: the city's own, the carrier's.
EMBED_ORIGINS: list[str] = origins(env.str("EMBED_ORIGINS", default=""))

# --- Languages and time ---

LANGUAGE_CODE = "de"
FORMAT_MODULE_PATH = "qmportal.formats"
# Each by its own name. Leichte Sprache is called so only where its readers have tested it.
LANGUAGES = [
    ("de", "Deutsch"),
    ("de-simple", "Einfache Sprache"),
    ("en", "English"),
    ("tr", "Türkçe"),
    ("ar", "العربية"),
    ("uk", "Українська"),
    ("ru", "Русский"),
    ("pl", "Polski"),
    ("fa", "فارسی"),
]
# Those whose texts somebody has read who grew up with the language; the others say so on every page. TRANSLATIONS.md
REVIEWED_LANGUAGES = ("de",)
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = USE_TZ = True

# --- Files ---

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [path for path in [BASE_DIR / "static" / "build"] if path.exists()]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
if DEBUG or TESTING:
    STATICFILES_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
else:
    STATICFILES_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_STORAGE},
}

# A checkout serves its files as they lie there; only production and the demo collect them first.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING

# --- Login ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["qmportal.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/verwaltung/"
ACCOUNT_ADAPTER = "qmportal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Else anybody could have us write to a stranger.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_ADAPTER = "qmportal.accounts.factor_forms.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "activate_totp": "qmportal.accounts.factor_forms.NewAppForm",
    "add_webauthn": "qmportal.accounts.factor_forms.NewPasskeyForm",
    "edit_webauthn": "qmportal.accounts.factor_forms.PasskeyForm",
}
# On a laptop without https, where browsers allow passkeys for "localhost" alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# An administrator enters the addresses of the office's people; nobody else does.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Quartiersmanagement"
# Everybody who enters the back end; only the demo, whose password is public, goes without.
SECOND_FACTOR_REQUIRED = not DEMO
PASSWORD_RESET_TIMEOUT = 48 * 3600
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False

# --- Security ---

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "qmportal.errors.csrf_failure"
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# The policy's frame-ancestors does what X-Frame-Options did.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Wagtail ---

WAGTAIL_DATE_FORMAT, WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y", "%d.%m.%Y %H:%M"
WAGTAIL_SITE_NAME = "Quartiersmanagement"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("de", "Deutsch"), ("en", "English")]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_WORKFLOW_ENABLED = False
# "fuer-alle", not "für-alle", which chats and printers turn into "f%C3%BCr-alle".
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# Pages and documents are for everybody or for logins: nobody counts the tries at a shared password.
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILIMAGES_IMAGE_FORM_BASE = "qmportal.website.staff.editor.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "qmportal.website.staff.editor.DocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
# What a phone's camera makes; more would need more memory than a small server has.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_AVIF_QUALITY = 40
WAGTAILIMAGES_WEBP_QUALITY = 75
# Times of events are typed as the clock on the wall shows them.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- Log ---

LOG_FORMAT: str = env.str("LOG_FORMAT", default="console")
LOGGING_CONFIG = "qmportal.logs.configure"
LOGGING: dict[str, Any] = {"format": LOG_FORMAT, "level": env.str("LOG_LEVEL", default="INFO")}

OFFICE_NAME_FALLBACK = _("Neighbourhood office")
