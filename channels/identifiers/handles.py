"""Instagram and Telegram handles, from "@Name" or the address of a profile."""

import re
import unicodedata

from channels.identifiers.errors import IdentifierError
from channels.identifiers.text import visible_text

# What may stand around a handle in a text.
_AROUND = " @.,;:!?()[]<>\"'/"

# The rules of Instagram's sign-up form: 1 to 30 letters, digits, underscores and periods, no period at either end,
# no two in a row.
_INSTAGRAM_HANDLE = re.compile(r"(?!.*\.\.)(?!\.)[a-z0-9_.]{1,30}(?<!\.)")
_INSTAGRAM_PROFILE = re.compile(r"(?:https?://)?(?:www\.|m\.)?instagram\.com/([^/?#]+)/?(?:[?#].*)?")

# core.telegram.org/method/account.updateUsername: 5 to 32 letters, digits and underscores. Collectible ones are shorter
# (telegram.org/faq, "Collectible Usernames"); fragment.com sells them from 4 on. Telegram's own library (tdlib,
# td/telegram/misc.cpp, is_valid_username) adds: a letter first, no underscore last, no two in a row.
_TELEGRAM_HANDLE = re.compile(r"(?!.*__)[a-z][a-z0-9_]{3,31}(?<!_)")
_TELEGRAM_PROFILE = re.compile(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/([^/?#]+)/?(?:[?#].*)?")


def read_instagram_handle(raw: str) -> str:
    """The handle in lower case, without "@" and address. Raises `IdentifierError`, with a suggestion where it can."""
    return _read_handle(raw, _INSTAGRAM_HANDLE, _INSTAGRAM_PROFILE, "invalid_instagram_handle")


def read_telegram_handle(raw: str) -> str:
    """The handle in lower case, without "@" and address. Raises `IdentifierError`, with a suggestion where it can."""
    return _read_handle(raw, _TELEGRAM_HANDLE, _TELEGRAM_PROFILE, "invalid_telegram_handle")


def _read_handle(raw: str, handle: re.Pattern[str], profile: re.Pattern[str], reason: str) -> str:
    # NFKC makes plain letters of the full-width ones that East Asian keyboards type. Both platforms ignore case.
    text = unicodedata.normalize("NFKC", visible_text(raw)).lower()
    if address := profile.fullmatch(text):
        text = address[1]
    text = text.removeprefix("@")
    if handle.fullmatch(text):
        return text
    meant = text.strip(_AROUND)
    raise IdentifierError("invalid_handle", {"reason": reason}, meant if handle.fullmatch(meant) else None)
