"""The words of an HTML e-mail."""

import pytest

from channels.providers.markup import words_of


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>See&nbsp;this:</p><p>Zo&euml; &amp; co</p>", "See this:\nZoë & co"),
        ("one<br>two<BR/>three<br />four", "one\ntwo\nthree\nfour"),
        ("<html><head><title>No</title><style>p {}</style></head><body>Yes</body></html>", "Yes"),
        ("<head><meta charset=utf-8><body>Yes", "Yes"),
        ("<p>a<script>if (1 < 2) alert('<p>')</script>b</p>", "ab"),
        ("a<!-- <p>no</p> -->b<!--[if mso]><style>x</style>no<![endif]-->c", "abc"),
        ("a<!-- never closed <p>no", "a"),
        ("<style>never closed <p>no", ""),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ('<a href="https://example.com/?a=1&amp;b=2">here</a><img src=x onerror=alert(1)>', "here"),
        ("<!DOCTYPE html><?xml version='1.0'?>x", "x"),
        ("<p>\n\n\n\n<p>\n\n<p>x", "x"),
        ("a<", "a<"),
        ("", ""),
    ],
)
def test_words_are_those_that_a_reader_sees(html, words):
    assert words_of(html) == words


@pytest.mark.parametrize("piece", ["<a ", "<a b='", "<!--", "</", "<?", "<![CDATA[", "<", "<style>", "&#", "<p><!-- "])
def test_page_that_is_made_to_take_long_is_read_at_once(piece):
    """`html.parser` takes minutes over some of these."""
    assert len(words_of(piece * 100_000)) <= len(piece) * 100_000
