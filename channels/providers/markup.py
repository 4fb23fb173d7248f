"""The words of an HTML page that a stranger sent. The time it takes grows with the page and no faster, whatever stands
in it; `html.parser` takes hours over some."""

import re
from html import unescape

_TAG = re.compile(r"(<!--|-->|<[a-zA-Z/!?][^<>]*>)")
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_HIDDEN = frozenset({"script", "style", "head", "title", "template"})
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol", "pre"})


def words_of(html: str) -> str:
    """The text that a reader would see, a line for each block."""
    words: list[str] = []
    end = ""  # of the part that nobody sees
    for piece in _TAG.split(html):
        tag = _NAME.match(piece)
        name, is_closing = (tag[2].lower(), bool(tag[1])) if tag else ("", False)
        if end:
            is_over = piece.endswith("-->") if end == "-->" else name == end or (end == "head" and name == "body")
            end = "" if is_over else end
        elif piece == "<!--":
            end = "-->"
        elif name in _HIDDEN and not is_closing:
            end = name
        elif name in _BLOCKS and not is_closing:
            words.append("\n")
        elif not _TAG.fullmatch(piece):
            words.append(piece)
    lines = [" ".join(line.split()) for line in unescape("".join(words)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
