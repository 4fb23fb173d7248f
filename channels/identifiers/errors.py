"""Why a text is no identifier: a code and parameters that can be stored, and the sentence made from them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SENTENCES: dict[str, Promise] = {
    "missing_identifier": _("Nothing is filled in. Enter what identifies the contact on this channel."),
    "control_character": _("This contains a line break or an invisible control character. Type it again without it."),
    "not_a_number": _("This is not a phone number. Enter one number in international format, such as 31612345678."),
    "mixed_digits": _("This number mixes digits of several scripts. Type it again with the digits 0 to 9."),
    "scientific_notation": _(
        "A spreadsheet turned this into scientific notation and its last digits are lost. "
        "Format the column as text and export the file again."
    ),
    "decimal_point": _("A spreadsheet put decimals behind this number. Remove them, or format the column as text."),
    "letters": _("This phone number contains letters. Enter digits only, such as 31612345678."),
    "extension": _("This number has an extension, which messages cannot reach. Enter a number without one."),
    "too_short": _("This is too short for a mobile number with country code %(calling_code)s. Add what is missing."),
    "too_long": _("This is too long for a mobile number with country code %(calling_code)s. Remove what is too much."),
    "no_country_code": _(
        "This number does not start with a country code. Enter it in international format, such as 31612345678."
    ),
    "invalid_number": _("There are no numbers like this with country code %(calling_code)s. Check every digit."),
    "not_mobile": _(
        "This is not a mobile number of country code %(calling_code)s. This channel only reaches mobile numbers."
    ),
    "invalid_email": _("This is not an e-mail address. Enter one address, such as name@example.com."),
    "mistyped_domain": _(
        "Did you mean %(domain)s? That is where most people have such an address. Use it or leave it."
    ),
    "invalid_handle": _("This is not a handle. Enter the name that follows the @."),
    "invalid_instagram_handle": _(
        "This is not an Instagram handle. It has up to 30 letters, digits, underscores and single periods in between."
    ),
    "invalid_telegram_handle": _(
        "This is not a Telegram handle. It has 4 to 32 letters, digits and single underscores, a letter first."
    ),
    "invalid_opaque_id": _("This is not an ID of this channel. It has up to 254 characters and no spaces."),
}


class IdentifierError(ValueError):
    """A text that is no identifier.

    `code` and `params` are small and JSON-able: kept with a row, they give the sentence again through `explain`.
    `suggestion` is the identifier that was probably meant, to be taken only with somebody's consent, or None.
    """

    def __init__(self, code: str, params: Mapping[str, str] | None = None, suggestion: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})
        self.suggestion = suggestion

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in the language that is active now."""
        return explain(self.code, self.params)


def explain(code: str, params: Mapping[str, str]) -> str:
    """The sentence for the code and parameters of an `IdentifierError`, in the language that is active now.

    `params["reason"]`, where given, picks a more precise sentence than the code alone. Raises `KeyError` for a code
    that is not one of ours.
    """
    return str(_SENTENCES[params.get("reason", code)]) % params
