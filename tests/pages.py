"""Comparing pages."""

import re


def without_token(html: str) -> str:
    """The page without the CSRF token, which is another one in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
