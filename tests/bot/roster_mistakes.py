"""The mistakes that people make in a sheet of women, written down before they are looked for; all are invented."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from forms import load
from forms.model import Choice, Form, Question, Text
from storage.rosters import Known
from tests.bot import sheets

HEADINGS = ("№", "Soyad, ad", "Rayon", "Qrup", "Yaş", "Mobil", "Dil", "Razılıq")
NUMBER, NAME, REGION, GROUP, AGE, PHONE, LANGUAGE, CONSENT = "ABCDEFGH"
LONG = "Aygün " * 90
# (column, what stands there, what is said of it)
CELLS: list[tuple[str, Any, str]] = [
    (NAME, "", "no name"),
    (NAME, "   ", "no name"),
    (NAME, "—", "no name"),
    (NAME, "\u200b\u2060", "no name"),
    (NAME, "12345", "name number"),
    (NAME, 17, "name number"),
    (NAME, "Aygün 2", "name digits"),
    (NAME, "Aygün Nümunəli 0501112233", "name phone"),
    (NAME, "Ə", "name short"),
    (NAME, "Aygün " * 20, "name long"),
    (NAME, LONG, "long"),
    (NAME, "=HYPERLINK(1)", "name formula"),
    (NAME, "@SUM(A1)", "name formula"),
    (NAME, "==CONCATENATE(A1,B1)", "formula"),
    (NAME, "#REF!", "error"),
    (NAME, "#N/A", "error"),
    (NAME, date(1990, 5, 1), "name date"),
    (NAME, "aygun@example.org", "name mail"),
    (NAME, "https://example.org/aygun", "name link"),
    (NAME, "yoxdur", "name nobody"),
    (NAME, "Test", "name nobody"),
    (NAME, "Aygün Nümunəli, Sevda Nümunəli", "two names"),
    (NAME, "Aygün Nümunəli və Sevda Nümunəli", "two names"),
    (NAME, "C?mil? ?liyeva", "letters lost"),
    (NAME, "Cəmi: 34", "total"),
    (NAME, "Итого", "total"),
    (REGION, "", "no region"),
    (REGION, "Marsda", "unknown region"),
    (REGION, "Qubadlı", "other region"),
    (REGION, "Qusar", "other region"),
    (REGION, "Губадлы", "other region"),
    (REGION, "Şəki", "closed region"),
    (REGION, "Quba, Lənkəran", "two regions"),
    (REGION, 2, "region number"),
    (REGION, "1", "region number"),
    (REGION, date(2027, 3, 2), "region number"),
    (GROUP, "", "no group"),
    (GROUP, "Futbol klubu", "unknown group"),
    (GROUP, "3", "group number"),
    (GROUP, "Qadın icması; Qadın sahibkarlar", "two groups"),
    (AGE, "", "no age"),
    (AGE, "gənc", "unknown age"),
    (AGE, "212", "age odd"),
    (AGE, 12, "unknown age"),
    (AGE, date(1990, 5, 1), "age date"),
    (AGE, "01.05.1990", "age date"),
    (PHONE, "050 123 45", "phone short"),
    (PHONE, "123 45 76", "phone code missing"),
    (PHONE, "050 123 45 67 89", "phone long"),
    (PHONE, "042 123 45 67", "phone code"),
    (PHONE, "+1 234", "phone foreign"),
    (PHONE, "+7 999 12", "phone foreign"),
    (PHONE, "000000000", "phone invented"),
    (PHONE, "1234567890", "phone invented"),
    (PHONE, "ərinin nömrəsi", "phone letters"),
    (PHONE, "050 765 43 21 / 055 765 43 22", "two phones"),
    (PHONE, "050 765 43 23, 055 765 43 24", "two phones"),
    (PHONE, "9.94501E+11", "phone rounded"),
    (PHONE, "9,9E+11", "phone rounded"),
    (PHONE, date(2050, 1, 12), "phone date"),
    (PHONE, "—", "phone signs"),
    (PHONE, "#DIV/0!", "error"),
    (LANGUAGE, "fransızca", "unknown language"),
    (CONSENT, "", "no consent"),
    (CONSENT, "xeyr", "consent refused"),
    (CONSENT, "bəlkə", "unknown consent"),
]
# What looks odd and is understood all the same: (column, what stands there, what is made of it)
UNDERSTOOD: list[tuple[str, Any, str]] = [
    (PHONE, 994507650001.0, "+994507650001"),
    (PHONE, "994507650002.0", "+994507650002"),
    (PHONE, 507650003, "+994507650003"),
    (PHONE, "507650004", "+994507650004"),
    (PHONE, "00994507650005", "+994507650005"),
    (PHONE, "(050) 765-00-06", "+994507650006"),
    (PHONE, "+7 916 123 45 67", "+79161234567"),
    (PHONE, "", ""),
    (REGION, "QUBA", "quba"),
    (REGION, "guba", "quba"),
    (REGION, "Губа", "quba"),
    (REGION, "Lenkeran", "lankaran"),
    (REGION, "Ленкорань", "lankaran"),
    (REGION, " zaqatala ", "zaqatala"),
    (GROUP, "QADIN ICMASI", "community"),
    (GROUP, "Женское сообщество", "community"),
    (NAME, "Nümunəli, Aygün", "Nümunəli, Aygün"),
    (NAME, "Ə.   Nümunəli\n", "Ə. Nümunəli"),
    (NAME, "Фатима Нумунели", "Фатима Нумунели"),
    (AGE, "34", "middle"),
    (AGE, 34.0, "middle"),
    (AGE, "61 yaş", "old"),
    (AGE, "18–29", "young"),
    (LANGUAGE, "rus dili", "ru"),
    (LANGUAGE, "Азербайджанский", "az"),
    (LANGUAGE, "", ""),
]
CLOSED = (Choice("shaki", Text("Şəki", "Шеки", "Sheki")),)
LEFT = Known(1, "withdrawn", "Könül Nümunəli", "quba", "ngo", "", "+994505550001", "az", 1)
OTHERS = tuple(
    Known(100 + n, "registered", "Zəhra Nümunəli", "quba", "ngo", "", f"+994505551{n:03d}", "az", 1) for n in range(20)
)


def form() -> Form:
    """The registration with the regions of the sample, and age bands whatever it asks by now."""
    names = {"lankaran": ("Lənkəran", "Ленкорань"), "quba": ("Quba", "Губа"), "zaqatala": ("Zaqatala", "Закаталы")}
    shipped = load.shipped("registration").with_choices(
        "regions", [Choice(key, Text(az, ru)) for key, (az, ru) in names.items()]
    )
    bands = (("young", "18–29"), ("middle", "30–59"), ("old", "60+"))
    age = Question("age", "choice", Text("Yaşınız?"), Text("Yaş"), choices=tuple(Choice(k, Text(t)) for k, t in bands))
    others = [question for question in shipped.questions if question.key != "age"]
    return replace(shipped, questions=(*others[:-1], age, others[-1]))


def good(number: int) -> list[Any]:
    """A row without a mistake."""
    name, region, group, phone, years = sheets.woman(number)
    return [number, name, region, group, years, phone, "", "bəli"]


Expected = set[tuple[int, str, str]]  # row, column ('' for the whole row), what is said


def sheet(length: int = 1000) -> tuple[list[list[Any]], Expected]:
    """A sheet of so many rows, every other one wrong in the next way of the table, and all that is to be said of it."""
    rows: list[list[Any]] = [["İştirakçıların siyahısı"], [], list(HEADINGS)]
    expected: Expected = set()
    ways = list(_ways())
    for number in range(length):
        row, at = good(number), len(rows) + 1
        if number % 2 and (number // 2) < 6 * len(ways):
            column, value, key = ways[number // 2 % len(ways)]
            place = "ABCDEFGH".index(column or "A")
            if column:
                row[place] = value(rows, at) if callable(value) else value
            else:
                row[1:] = rows[at - 2][1:]
            expected.add((at, column, key))
        rows.append(row)
    return rows, expected


def _ways() -> Iterator[tuple[str, Any, str]]:
    yield from CELLS
    yield PHONE, lambda rows, at: rows[at - 2][5], "phone twice"
    numbers = iter(OTHERS)
    yield PHONE, lambda rows, at: next(numbers).phone, "phone of another"
    yield "", None, "row twice"
