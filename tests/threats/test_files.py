"""Files that women send are not asked for: none is fetched, opened or kept, whatever it says of itself (row 15).

Rosters, which organisers send, are fetched: tests/bot/test_fetcher.py, test_worker.py and test_spreadsheet.py.
"""

import io
import zipfile
from typing import Any

import pytest

from sandbox import samples
from tests.bot import crew
from tests.bot.women import Woman
from tests.conftest import House

pytestmark = pytest.mark.attack

MB = 2**20


def bomb() -> bytes:
    """A small archive that becomes 10 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../bot/app.py", b"\0" * 10 * MB)
    return content.getvalue()


def document(**said: Any) -> dict[str, Any]:
    return {
        "document": {"file_id": "F", "file_unique_id": "U", "file_name": "a.pdf", "mime_type": "application/pdf"} | said
    }


LYING: dict[str, dict[str, Any]] = {
    "a type that is none": document(mime_type="application/x-msdownload", file_name="foto.exe"),
    "a size that is a lie": document(file_size=1),
    "no size at all": document(),
    "20 MB and a byte": document(file_size=20 * MB + 1),
    "a name that climbs": document(file_name="../../../bot/app.py"),
    "an absolute name": document(file_name="/etc/cron.d/x"),
    "a name with a zero": document(file_name="a\x00.py"),
    "a name of 4096 signs": document(file_name="a" * 4096),
    "a picture of 10 GB": {
        "photo": [{"file_id": "P", "file_unique_id": "P", "width": 9, "height": 9, "file_size": 10**10}]
    },
}


async def test_no_file_is_fetched_opened_or_kept(house: House) -> None:
    woman = await Woman(house, "az").reach("name")
    there = set(house.folder.rglob("*"))
    where = await woman.where()
    for number, (case, message) in enumerate(LYING.items(), start=1):
        before = len(woman.phone.received)
        woman.inject(**message)
        await house.settle()
        assert len(woman.phone.received) == before + 1, case
        assert number == len(LYING) or await woman.where() == where, case
    for kind in sorted(samples.FILES):
        await woman.phone.send(kind, content=bomb())
    await house.settle()
    assert {call.method for call in house.sandbox.calls} & {"getFile"} == set()
    assert set(house.folder.rglob("*")) == there
    assert await woman.where() == where
    assert await crew.rows(house, "SELECT kind, route, error FROM failures") == []
    [(held,)] = await crew.rows(house, "SELECT count(*) FROM answers WHERE value LIKE '%file%' OR value LIKE '%.py%'")
    assert held == 0
