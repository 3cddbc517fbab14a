"""A database is used at the newest schema, or not at all."""

import hashlib
from pathlib import Path

import pytest

from storage import migrations
from storage.database import Database
from storage.migrations import OtherSchema

# What a database may have gone through is never changed: from now on a change of the schema is a new file, 0002.sql.
LANDED = {"0001.sql": "d0b98448acae3c1aa4c234ef90203ab34d6c44578dcc66e2020c1769c706f01f"}


def test_a_migration_that_has_landed_stays_as_it_is() -> None:
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in migrations.files()}
    assert found == LANDED, "a new migration is entered here when it lands"


async def test_a_database_of_other_migrations_is_refused_though_the_number_is_the_same(tmp_path: Path) -> None:
    made = await Database.open(tmp_path / "istirak.db", None)
    async with made.transaction() as tx:
        await tx.run("PRAGMA application_id = 0")
    await made.close()
    with pytest.raises(OtherSchema):
        await Database.open(tmp_path / "istirak.db", None)
