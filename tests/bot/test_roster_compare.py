"""A roster is held against many women without holding anybody up: each name is heard once, beside the event loop."""

import asyncio
import threading
from collections import Counter
from typing import Any

import pytest

from bot import roster, table
from forms import load, names
from forms.model import Choice, Form, Text
from forms.names import Heard
from storage.rosters import Known
from tests.bot import crew, sheets
from tests.conftest import House

LIKE = (
    ("Aygün Məmmədova", "Айгюн Мамедова"),
    ("Aygün Əli qızı", "Aygün Məmmədova Əli qızı"),
    ("Məmmədova Aygün Əli qızı", "Aygün Məmmədova"),
    ("A. Məmmədova", "Aygün Məmmədova"),
    ("Həsənova Könül", "Кенуль Гасанова"),
    ("Sevda xanım Quliyeva", "Кулиева Севда"),
)


def asked() -> Form:
    """The registration, with one region."""
    return load.shipped("registration").with_choices("regions", (Choice("quba", Text("Quba")),))


def body(count: int) -> str:
    return asyncio.run(table.read(sheets.xlsx([sheets.HEADINGS, *map(sheets.woman, range(count))])))


def known(count: int, region: str = "quba") -> list[Known]:
    """Women who are on no sheet."""
    women = (sheets.woman(number + 5000) for number in range(count))
    return [
        Known(n, "registered", name, region, "", "", f"+99451{n:07}", "az", 1) for n, (name, *_) in enumerate(women)
    ]


def test_each_name_is_heard_once_and_those_of_other_regions_never(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: Counter[str] = Counter()

    hear = names.heard

    def counted(name: str) -> Heard:
        heard[name] += 1
        return hear(name)

    monkeypatch.setattr(names, "heard", counted)
    plan = roster.plan(body(20), asked(), [], [*known(200), *known(7, "lankaran")])
    assert len(plan.new) == 20
    assert (len(heard), max(heard.values())) == (220, 1)


@pytest.mark.parametrize(("one", "other"), LIKE)
def test_like_names_have_initials_in_common(one: str, other: str) -> None:
    assert names.alike(one, other) >= names.LIKE
    assert roster.initials(one) & roster.initials(other)


async def test_the_event_loop_is_free_meanwhile(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    organiser, plan = await crew.member(house, "organiser"), roster.plan
    seen: list[threading.Thread] = []

    def watched(*given: Any) -> roster.Plan:
        seen.append(threading.current_thread())
        return plan(*given)

    monkeypatch.setattr(roster, "plan", watched)
    await sheets.send(house, organiser, sheets.xlsx([sheets.HEADINGS, sheets.woman(1)]))
    assert "Cədvəldə 1 sətir var." in "".join(message.text for message in organiser.received)
    assert seen and threading.main_thread() not in seen
