"""Other spellings of one mobile number, where a numbering plan changed and both spellings are still in use.

Brazil: Anatel put a 9 before all eight-digit mobile numbers from 2012 to 2016 (Resolução 553/2010), while the ids of
older WhatsApp accounts go without. Mobile numbers began with 6 to 9 then; with 2 to 5 the shorter number is somebody's
landline.
Argentina and Mexico: WhatsApp Help Center, "About international phone number format"
(faq.whatsapp.com/1294841057948784): Argentine numbers have a 9 between country and area code, Mexican ones a 1, which
the Mexican numbering plan itself dropped in 2019.
"""

import re

_RESPELLINGS = [
    (re.compile(r"55(\d\d)9([6-9]\d{7})"), r"55\g<1>\g<2>"),
    (re.compile(r"55(\d\d)([6-9]\d{7})"), r"55\g<1>9\g<2>"),
    (re.compile(r"549([1-3]\d{9})"), r"54\g<1>"),
    (re.compile(r"54([1-3]\d{9})"), r"549\g<1>"),
    (re.compile(r"521([2-9]\d{9})"), r"52\g<1>"),
    (re.compile(r"52([2-9]\d{9})"), r"521\g<1>"),
]
_COUNTRIES = ("52", "54", "55")  # nearly every number of an import starts otherwise


def variants(identifier: str) -> list[str]:
    """The other spellings under which the owner of a phone number may already be a contact; mostly none.

    Takes and gives digits of international numbers without "+". Only for phone channels: a provider's id may look like
    a Brazilian number too.
    """
    if not identifier.startswith(_COUNTRIES):
        return []
    return [
        match.expand(respelling) for pattern, respelling in _RESPELLINGS if (match := pattern.fullmatch(identifier))
    ]
