"""Why a whole file is refused: the codes, and the sentence each of them says to the administrator."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Every sentence says what is wrong and how to mend it; `explain` puts the line before it.
SENTENCES: dict[str, str | Promise] = {
    "empty": _(
        "The file is empty. Choose a file with column titles on its first line and one contact on each line below."
    ),
    "header_only": _("The file holds column titles but no contacts. Add one line for each contact below the titles."),
    "no_identifier_column": _(
        "No column says which contact a row is about. Put the phone number, e-mail address or handle in the first "
        "column, under a title such as phoneNumber."
    ),
    "blank_column_title": _(
        "Column %(column)s has no title. Every column needs one: type a title in its first cell, or delete the column."
    ),
    "duplicate_column_title": _(
        "Columns %(first)s and %(column)s are both called “%(title)s”. Rename one of them, or delete it."
    ),
    "unclosed_quote": _(
        'A quotation mark (") opens a cell here and is not closed, so the lines below would become part of that '
        'cell. Close it at the end of the cell, or write "" where the quotation mark is part of the text.'
    ),
    "bad_quote": _(
        'Text follows a closing quotation mark ("). Put the delimiter right after it, or write "" where the quotation '
        "mark is part of the text."
    ),
    "undecodable": _(
        "This line is not valid %(encoding)s text. Choose the encoding in which the file was saved, or save it again "
        "as “CSV UTF-8”."
    ),
    "too_large": _(
        "The file is %(bytes)s, and an import takes up to %(limit_bytes)s. Split it into smaller files, each with the "
        "column titles on its first line."
    ),
    "too_many_rows": _(
        "The file goes on past %(limit)s contacts, the most that one import takes. Split it into smaller files, each "
        "with the column titles on its first line."
    ),
    "too_many_columns": _(
        "The file has %(columns)s columns, and an import takes up to %(limit)s. Delete the columns you do not need."
    ),
    "line_too_long": _(
        "The line goes on past %(limit)s characters, the most that one line may hold. Shorten its cells; if the whole "
        "file is one line, save it again as CSV."
    ),
    "check_failed": _(
        "The check of this file stopped at an unexpected error, which stands in the server's log. Nothing was imported."
    ),
    "outdated_plan": _(
        "A custom field that this file brings was made by somebody else after the review. So the file was checked "
        "again, and rows that were removed are back: review it once more."
    ),
    "unexpected": _(
        "The import stopped at an unexpected error, which stands in the server's log. What was imported before it "
        "stays."
    ),
    "not_allowed": _(
        "The import was stopped: its channel takes no writes any more, or whoever confirmed it may not import into "
        "it any more. What was imported before that stays."
    ),
    "labels_not_allowed": _(
        "The import was stopped: it brings labels that are not there, and whoever confirmed it may not make labels. "
        "What was imported before that stays. Upload the file again: labels that you may not make are left out then."
    ),
    "no_target": _(
        "Nothing was imported: the list that the contacts were to land on takes none any more, or you may not put "
        "contacts on it. Change the settings, and choose another one."
    ),
    "target_gone": _(
        "The import was stopped: the list that the contacts were to land on takes none any more, or whoever confirmed "
        "the import may not put contacts on it. What was imported before that stays."
    ),
    "undo_failed": _(
        "The undo stopped at an unexpected error, which stands in the server's log. What went back before it stays so; "
        "undo the import again to go on."
    ),
    "undo_not_allowed": _(
        "The undo was stopped: the channel takes no writes any more, or whoever began it may not undo imports there "
        "any more. What went back before that stays so; whoever may can undo the rest."
    ),
    "wrong_delimiter": _(
        "The columns of this file are separated by %(found)s, not by %(chosen)s. Choose %(found)s as the delimiter."
    ),
}

# Two of them in other words, by their param "about".
ABOUT: dict[tuple[str, str | int], str | Promise] = {
    ("no_identifier_column", "first_line"): _(
        "The first line holds a contact instead of column titles. Put a line of titles above it, with a title such as "
        "phoneNumber for the first column."
    ),
    ("too_many_rows", "blank_lines"): _("The file has more than %(limit)s blank lines. Delete them."),
}

# `wrong_delimiter` where the file uses a character that nobody can choose.
UNKNOWN_DELIMITER = _(
    "The columns of this file are separated by “%(found)s”, which cannot be read. Save it again with commas, "
    "semicolons or tabs between the columns."
)

DELIMITER_NAMES: dict[str | int, str | Promise] = {
    "comma": _("commas"),
    "semicolon": _("semicolons"),
    "tab": _("tabs"),
}

ENCODING_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252"}

# `not_csv`, by its param "kind".
NOT_CSV: dict[str | int, str | Promise] = {
    "excel": _(
        "This is an Excel workbook, not a CSV file. Open it in Excel, choose File > Save As and the file type "
        "“CSV UTF-8 (Comma delimited)”, and upload the saved file."
    ),
    "opendocument": _(
        "This is an OpenDocument spreadsheet, not a CSV file. Open it in LibreOffice, choose File > Save As and the "
        "file type “Text CSV”, and upload the saved file."
    ),
    "numbers": _(
        "This is a Numbers spreadsheet, not a CSV file. Open it in Numbers, choose File > Export To > CSV, and upload "
        "the exported file."
    ),
    "word": _(
        "This is a text document, not a CSV file. Save its table in a spreadsheet program as CSV, and upload that."
    ),
    "zip": _("This is a ZIP archive, not a CSV file. Unpack it, and upload the CSV file that is inside."),
    "gzip": _(
        "This is a file compressed with gzip, not a CSV file. Unpack it, and upload the CSV file that is inside."
    ),
    "archive": _("This is a compressed archive, not a CSV file. Unpack it, and upload the CSV file that is inside."),
    "pdf": _("This is a PDF document, not a CSV file. Ask for the same list as CSV, or export it again as CSV."),
    "image": _("This is a picture, not a CSV file. Choose the file that holds the contacts as text."),
    "html": _(
        "This is a web page, not a CSV file. Download the list again as CSV; a saved page often means that the login "
        "there had run out."
    ),
    "xml": _("This is an XML file, not a CSV file. Export the contacts again as CSV."),
    "json": _("This is a JSON file, not a CSV file. Export the contacts again as CSV."),
    "vcard": _(
        "This is a vCard file, not a CSV file. Export the contacts again as CSV (Google Contacts: Export > Google CSV)."
    ),
    "binary": _("This file holds data that is not text, so it is not a CSV file. Export the contacts again as CSV."),
}


# What another encoding, delimiter or choice of columns may mend.
MENDED_BY_COLUMNS = (
    "no_identifier_column", "blank_column_title", "duplicate_column_title", "undecodable", "wrong_delimiter",
    "bad_quote", "unclosed_quote", "too_many_columns",
)  # fmt: skip


class UnreadableFile(Exception):
    """The whole file is refused, before any of its rows is judged.

    `code` is one of the refusal codes (a key of SENTENCES, or "not_csv"), `line` the line of the file where the trouble
    starts (the first line is 1), None where it is about the file as a whole. `params` can be stored as JSON, so that
    `explain` gives the sentence again later.
    """

    def __init__(self, code: str, line: int | None = None, **params: str | int) -> None:
        super().__init__(code, line, params)
        self.code = code
        self.line = line
        self.params = params

    @property
    def message(self) -> str:
        """What is wrong, where, and how to mend it, in the language that is active now."""
        return explain(self.code, self.line, self.params)

    def __str__(self) -> str:
        return self.message


def stored(code: str, line: int | None = None, params: Mapping[str, str | int] | None = None) -> dict[str, Any]:
    """A refusal as `ContactImport.refusal` keeps it."""
    return {"code": code, "line": line, "params": params or {}}


def explain(code: str, line: int | None, params: Mapping[str, str | int]) -> str:
    """The sentence of a refusal, in the language that is active now.

    Takes what UnreadableFile carried, as `stored`. Raises KeyError for a code, or a kind of file, that does not exist.
    """
    if code == "not_csv":
        sentence = NOT_CSV[params["kind"]]
    elif code == "wrong_delimiter" and params["found"] not in DELIMITER_NAMES:
        sentence = UNKNOWN_DELIMITER
    elif "about" in params:
        sentence = ABOUT[code, params["about"]]
    else:
        sentence = SENTENCES[code]
    text = str(sentence) % {name: _shown(name, value) for name, value in params.items()}
    if line is None:
        return text
    return gettext("Line %(line)s: %(text)s") % {"line": line, "text": text}


def _shown(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return filesizeformat(value) if name.endswith("bytes") else number_format(value, force_grouping=True)
    if name == "encoding":
        return ENCODING_NAMES.get(value, value)
    return str(DELIMITER_NAMES.get(value, value)) if name in ("chosen", "found") else value
