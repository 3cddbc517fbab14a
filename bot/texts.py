"""The texts of the interface, per language, with plurals, and dates as they are said."""

import html
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

LANGUAGES = ("az", "ru", "en")
FALLBACK = "az"
LOCALES = {"az": Locale("az"), "ru": Locale("ru"), "en": Locale("en", "GB")}
# Explicit patterns: CLDR's skeletons fall back to short forms in Azerbaijani.
DAY_PATTERNS = {"az": "d MMMM, EEEE", "ru": "EEEE, d MMMM", "en": "EEEE, d MMMM"}
FOLDER = Path(__file__).parent.parent / "locales"
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


class Markup(str):
    """HTML of our own making, put into texts as it is."""

    __slots__ = ()


def isolate(value: str) -> str:
    """Escape a person's text for HTML and keep its direction from spilling over (Unicode UAX #9, FSI … PDI)."""
    return f"{FIRST_STRONG_ISOLATE}{html.escape(value)}{POP_ISOLATE}"


class Texts:
    """Every text of `locales/`, loaded once."""

    def __init__(self, tables: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        self._tables = tables

    @classmethod
    @cache
    def load(cls, folder: Path = FOLDER) -> "Texts":
        """Read `az.toml`, `ru.toml` and `en.toml` (go-i18n layout: a table a key, an entry a plural form)."""
        return cls({name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES})

    def get(self, language: str, key: str, count: int | None = None, **values: object) -> str:
        """Return the text as HTML; `count` chooses the plural form (CLDR) and is `{count}`."""
        forms = self._tables[language][key]
        form = "other" if count is None else LOCALES[language].plural_form(count)
        if count is not None:
            values["count"] = count
        shown = {name: show(language, value) for name, value in values.items()}
        return forms.get(form, forms["other"]).format_map(shown)

    def plain(self, language: str, key: str, count: int | None = None) -> str:
        """Return a text without values for places that take no HTML: buttons, toasts, commands."""
        return html.unescape(self.get(language, key, count))


def show(language: str, value: object) -> str:
    """Make a value ready for a text: numbers as the language writes them, people's words escaped and isolated."""
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, int):
        return str(format_decimal(value, locale=LOCALES[language]))
    return isolate(str(value))


def day(language: str, when: date) -> Markup:
    """Say a date: '2 mart, bazar ertəsi', 'понедельник, 2 марта', 'Monday, 2 March'."""
    return Markup(format_date(when, DAY_PATTERNS[language], locale=LOCALES[language]))


def hour(moment: int, zone: str) -> Markup:
    """Say a moment's local hour: '09:30'."""
    return Markup(f"{datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)):%H:%M}")
