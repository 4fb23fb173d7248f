"""Comparing pages."""

import re


def without_token(html: str) -> str:
    """The page without the tokens of its forms, which are others in every answer."""
    return re.sub(r'name="(csrfmiddlewaretoken|token)" value="\w+"', "", html)
