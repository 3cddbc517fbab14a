"""What Telegram does to texts, by TDLib's rules."""

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import html, texts

Json = dict[str, Any]


def entity(kind: str, offset: int, length: int, **more: Any) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    "written, plain, entities",
    [
        ("<b>Salam</b>", "Salam", [entity("bold", 0, 5)]),
        ("🌸<i>ə</i>", "🌸ə", [entity("italic", 2, 1)]),
        ("<b><i>x</i> y</b>", "x y", [entity("bold", 0, 3), entity("italic", 0, 1)]),
        ("<B>x</b><u></u>", "x", [entity("bold", 0, 1)]),
        ("&lt;b&gt; &amp; &quot;&#601;&#x259;", '<b> & "əə', []),
        ("&nbsp; & &auml; &lt", "&nbsp; & &auml; <", []),
        ('<a href="https://a.az/?x=1&amp;y">x</a>', "x", [entity("text_link", 0, 1, url="https://a.az/?x=1&y")]),
        ("<a href='nowhere'>x</a>", "x", []),
        ("<a>www.a.az</a>", "www.a.az", [entity("text_link", 0, 8, url="http://www.a.az")]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [entity("pre", 0, 1, language="py")]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        (
            '<tg-time unix="1772517600" format="wDT">x</tg-time>',
            "x",
            [entity("date_time", 0, 1, unix_time=1772517600, date_time_format="wDT")],
        ),
        ('<tg-emoji emoji-id="42">x</tg-emoji>', "x", [entity("custom_emoji", 0, 1, custom_emoji_id="42")]),
        ("<b>x</>", "x", [entity("bold", 0, 1)]),
    ],
)
def test_html_becomes_text_and_entities(written: str, plain: str, entities: list[Json]) -> None:
    assert html.parse(written) == (plain, entities)


@pytest.mark.parametrize(
    "written, fault",
    [
        ("<3 Aygün", 'Unsupported start tag "3" at byte offset 0'),
        ("ə <p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
        ("x<", "Unclosed start tag at byte offset 1"),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a", "Unclosed end tag at byte offset 9"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x!>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id='x'>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("<tg-time unix='now'>x</tg-time>", "Invalid Unix time specified"),
        ("<tg-time unix='1' format='Q'>x</tg-time>", "Invalid date-time format specified"),
    ],
)
def test_faults_are_named_with_their_byte(written: str, fault: str) -> None:
    with pytest.raises(html.Malformed) as raised:
        html.parse(written)
    assert str(raised.value) == fault


@given(st.text())
def test_what_is_escaped_comes_out_letter_for_letter(text: str) -> None:
    assert html.parse(escape(text)) == (text, [])


@given(st.text(alphabet="<>/ab=\"'& ;#x1ə🌸\n"))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        plain, entities = html.parse(text)
    except html.Malformed:
        return
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= texts.units(plain) for e in entities)


@pytest.mark.parametrize(
    "raw, shown",
    [
        ("a\tb\x07c", "a b c"),
        ("a\r\nb", "a\nb"),
        ("a\u202eb\u2028c", "abc"),
        ("\u2068a\u2069\u200b", "\u2068a\u2069\u200b"),
        ("Şəhər İştirak", "Şəhər İştirak"),
    ],
)
def test_control_characters_and_overrides_go(raw: str, shown: str) -> None:
    assert texts.cleaned(raw) == shown


def test_entities_move_with_what_is_cleaned_and_trimmed() -> None:
    raw, entities = html.parse(" \r\n<b>a\r🌸</b> \u202e<i> </i>")
    shown = texts.trimmed(*texts.cleaned_with(raw, entities))
    assert shown == ("a🌸", [entity("bold", 0, 3)])


def test_what_telegram_finds_by_itself() -> None:
    text = "🌸 /start@istirak_bot https://a.az/x, #şəhər @aygun_x a@b.az"
    kinds = {(found["type"], texts.cut(text, found["offset"], found["length"])) for found in texts.found(text, [])}
    assert kinds == {
        ("bot_command", "/start@istirak_bot"),
        ("url", "https://a.az/x"),
        ("hashtag", "#şəhər"),
        ("mention", "@aygun_x"),
        ("email", "a@b.az"),
    }
    assert texts.found("/start", [entity("code", 0, 6)]) == [entity("code", 0, 6)]
    assert texts.found("1/2 və a/b", []) == []


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u2800", "\u00a0\ufeff"])
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert texts.blank(text)
    assert not texts.blank(text + "ə")
