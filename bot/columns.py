"""What the columns of a roster mean, by their headings, in whatever order and in whichever of the three languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import table
from bot.table import EMPTY, Cell, Page, Row, Table, Unreadable
from forms import folding
from forms.model import Form

LOOKED_AT = 20  # rows, in which the headings are looked for
DEEPEST = 3  # rows over which headings may reach, merged
FIRST, LAST = "first name", "surname"
FIELDS = ("name", FIRST, LAST, "region", "group", "age", "phone", "language", "consent")
# What is said where the form asks for more than the columns hold.
MISSING = {
    "name": "no name column",
    "region": "no region column",
    "group": "no group column",
    "age": "no age column",
    "phone": "no phone column",
}
ASIDE = "aside"  # columns that are known, and of no use here: the number of the row

# Headings as people write them; what they are folded to is compared (forms/folding.py).
HEADINGS: Mapping[str, str] = {
    "name": "Ad, soyad · Ad soyad · Soyad, ad · Ad və soyad · Adı, soyadı · Soyadı, adı · Adı və soyadı · S.A.A. · SAA"
    " · Ad, soyad, ata adı · Soyadı, adı, atasının adı · Soyad, ad, ata adı"
    " · Adı, soyadı, atasının adı · Ad, soyad, atasının adı · Soyad, ad, atasının adı"
    " · Adı, soyadı, ata adı · Soyadı, adı, ata adı · Adı, soyadı və atasının adı · Soyadı, adı və atasının adı"
    " · İştirakçı · İştirakçının adı · A.S.A."
    " · Tam adı · Tam ad · ФИО · Ф.И.О. · Имя и фамилия · Фамилия и имя · Имя, фамилия · Фамилия, имя · Участница · Имя"
    " · Фамилия имя отчество · Полное имя · Name · Full name · Name and surname · First name and surname · Participant"
    " · Surname and name · Ad",
    FIRST: "Ad · Adı · Имя · First name · Given name · Forename",
    LAST: "Soyad · Soyadı · Фамилия · Surname · Last name · Family name",
    "region": "Region · Bölgə · Rayon · Şəhər · Rayon / şəhər · Şəhər/rayon · Təlim yeri · Регион · Район · Город"
    " · City · Район, город · District · Town · Area",
    "group": "Qrup · İcma qrupu · Qrupu · Qurum · Təşkilat · İcma · Группа · Организация · Group · Community"
    " · Organisation · Kind of group · Community group",
    "age": "Yaş · Yaşı · Yaş qrupu · Возраст · Возрастная группа · Age · Age band · Age group · Doğum tarixi"
    " · Дата рождения · Date of birth · Birthday · Doğum ili · Təvəllüdü · Год рождения · Year of birth",
    "phone": "Telefon · Telefonu · Telefon nömrəsi · Əlaqə nömrəsi · Mobil · Mobil nömrə · Mobil telefon · Nömrə · Tel"
    " · Əlaqə · Əlaqə telefonu · WhatsApp · Телефон · Номер телефона · Мобильный · Моб. телефон · Контакт · Номер"
    " · Phone · Phone number · Mobile · Mobile phone · Telephone · Contact · Contact number · Tel. nömrəsi",
    "language": "Dil · Dili · Danışdığı dil · Язык · Language",
    "consent": "Razılıq · Razıdır · Razılıq verib · Yazılı razılıq · Согласие · Согласна · Consent · Agreed · Agrees",
    ASIDE: "№ · No · N · S/S · Sıra · Sıra nömrəsi · Sıra № · Sıra sayı · п/п · № п/п · Number · Row · Qeydiyyat tarixi"
    " · Qeyd · Qeydlər · İmza · Дата регистрации · Примечание · Подпись · Note · Notes · Registered on · Signature"
    " · Can be written to · Ona yazmaq olur · Можно написать"
    " · İcazələr · Разрешения · Permissions",
}
# Of the phone, or of the row where a phone stands elsewhere.
LOOSE = {folding.fold(each) for each in ("Nömrə", "Номер")}
FOLDED = {field: {folding.fold(each) for each in said.split(" · ")} - {""} for field, said in HEADINGS.items()}


@dataclass(frozen=True)
class Layout:
    """Where what stands on a page."""

    page: Page
    top: Row  # the headings
    places: Mapping[str, int]  # field → column, from 0
    unknown: tuple[int, ...]  # columns with a heading that means nothing to us
    aside: tuple[int, ...]  # columns that are of no use here
    others: tuple[str, ...]  # names of further pages that look like rosters

    def heading(self, column: int) -> str:
        """Return the heading of a column as it stands there."""
        return self.top.at(column).text.strip()

    def cell(self, row: Row, field: str) -> Cell:
        """Return what a row says of a field; an empty cell where there is no column for it."""
        column = self.places.get(field)
        return EMPTY if column is None else row.at(column)

    @property
    def rows(self) -> list[Row]:
        """The rows below the headings; what is only numbered, for names to come, is none."""
        return [row for row in self.page.rows if row.number > self.top.number and not self._is_blank(row)]

    def _is_blank(self, row: Row) -> bool:
        return all(cell.empty or column in self.aside for column, cell in enumerate(row.cells))


def find(found: Table, form: Form) -> Layout:
    """Return where what stands, on the first page that has headings. Raises Unreadable with what is missing."""
    if not any(page.rows for page in found.pages):
        raise Unreadable("hidden pages" if found.hidden else "empty")
    known = [(page, row) for page in found.pages if (row := top_of(page, form))]
    if not known:
        raise Unreadable("no headings")
    page, top = known[0]
    meant = _meant(top, form)
    places = _places(meant)
    unknown = tuple(column for column, field in meant.items() if field is None)
    aside = tuple(column for column, field in meant.items() if field == ASIDE)
    layout = Layout(page, top, places, unknown, aside, tuple(other.name for other, _ in known[1:]))
    for question in form.questions:
        there = question.key in places or (question.key == "name" and FIRST in places)
        if question.required and question.key in MISSING and not there:
            raise Unreadable(MISSING[question.key])
    if not layout.rows:
        raise Unreadable("only headings")
    return layout


def top_of(page: Page, form: Form) -> Row | None:
    """Return the row of a page's headings: the first with a name and one more column that we know."""
    for row in (_whole(page, row) for row in page.rows[:LOOKED_AT]):
        meant = {meaning(cell.text, form) for cell in row.cells if cell.kind == "text" and not cell.empty} - {None}
        if meant & {"name", FIRST} and len(meant - {ASIDE}) > 1:
            return row
    return None


def _whole(page: Page, row: Row) -> Row:
    """Return a row and those into which its cells reach down, merged, as one: of a column the lowest text counts."""
    bottoms = [last for first, left, last, _ in page.merged if first == row.number and not row.at(left).empty]
    bottom = min(max([row.number, *bottoms]), row.number + DEEPEST - 1)
    said = dict(enumerate(row.cells))
    for lower in page.rows:
        if row.number < lower.number <= bottom:
            said |= {column: cell for column, cell in enumerate(lower.cells) if not cell.empty}
    return Row(bottom, [said.get(column, EMPTY) for column in range(max(said, default=-1) + 1)])


def _meant(top: Row, form: Form) -> dict[int, str | None]:
    """Return the field that each heading means."""
    meant = {column: meaning(cell.text, form) for column, cell in enumerate(top.cells) if not cell.empty}
    phones = [column for column, field in meant.items() if field == "phone"]
    loose = [column for column in phones if folding.fold(top.at(column).text) in LOOSE]
    return meant | dict.fromkeys(loose if len(phones) > len(loose) else (), ASIDE)


def meaning(heading: str, form: Form) -> str | None:
    """Return the field that a heading means, or ASIDE; None for one that we do not know."""
    folded = folding.fold(heading)
    if "№" in heading and folded in ("", "p p", "sira"):
        return ASIDE
    for field in (FIRST, LAST, *FIELDS, ASIDE):
        question = form.question(field)
        labels = {folding.fold(label) for label in question.label.every().values()} if question else set()
        if folded in FOLDED[field] | labels:
            return field
    return None


def _places(meant: Mapping[int, str | None]) -> dict[str, int]:
    """Return the column of each field. Raises Unreadable where two mean the same."""
    places: dict[str, int] = {}
    for column, field in meant.items():
        if field in places and field != ASIDE:
            raise Unreadable("two columns", f"{table.letters(places[field])}, {table.letters(column)}")
        if field is not None and field != ASIDE:
            places[field] = column
    if FIRST in places and LAST not in places and "name" not in places:
        places["name"] = places.pop(FIRST)  # 'Ad' by itself is the whole name
    return places
