"""The database: one writing connection, one read-only connection, both encrypted, each behind aiosqlite's thread."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiosqlite
from sqlcipher3 import dbapi2

from storage import migrations

Row = tuple[Any, ...]
Connector = Callable[[Path, bytes | None, bool], Any]

# Everything the driver raises: its exceptions are not subclasses of sqlite3's, so they are imported from here only.
DatabaseError = dbapi2.DatabaseError

# Result codes (sqlite.org/rescode.html) that are the machine's fault and not the statement's: try again later.
BUSY = 5
TROUBLE = {BUSY, 6, 7, 8, 10, 11, 13, 14, 26}  # LOCKED NOMEM READONLY IOERR CORRUPT FULL CANTOPEN NOTADB

PATIENCE = "PRAGMA busy_timeout = 5000"  # ms; of who reads, and while the schema is brought up to date
NO_PATIENCE = "PRAGMA busy_timeout = 0"
PRAGMAS = (
    "PRAGMA synchronous = FULL",  # a confirmed update has its effects on disk, also after a power cut
    "PRAGMA secure_delete = ON",  # what a person erased is overwritten (THREATS.md, 'Erasing')
    "PRAGMA foreign_keys = ON",
    PATIENCE,
    "PRAGMA temp_store = MEMORY",  # a temporary file would lie unencrypted on the disk
)


def is_trouble(error: BaseException) -> bool:
    """Tell whether the disk or the machine is to blame (full, failing, locked, read-only), not what was asked of it."""
    return isinstance(error, OSError) or _code(error) in TROUBLE


def _code(error: BaseException) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


class WrongKey(Exception):
    """The key does not open this database: it belongs to another one, or the file is damaged."""


def connect(path: Path, key: bytes | None, read_only: bool) -> Any:
    """Open `path` with the raw 32-byte `key` (None: not encrypted) and the pragmas that the promises rest on."""
    mode = "ro" if read_only else "rwc"
    connection = dbapi2.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        if key is not None:
            connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is said in our own words
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master")
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("PRAGMA query_only = ON" if read_only else "PRAGMA journal_mode = WAL")
    except dbapi2.DatabaseError as error:
        connection.close()
        if "not a database" in str(error):
            raise WrongKey(str(path)) from None
        raise
    return connection


class Transaction:
    """A writing transaction under way; its statements run in the event loop, one after the other.

    A hop to the connection's thread would cost more than most of them. The thread is for what waits for the disk or
    for other processes: the COMMIT of what was written, and a BEGIN while another process writes.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self.wakes_sender = False  # set when a message was put into the outbox
        self.kept: dict[Any, Any] = {}  # of tables that hardly ever change, for the updates of one batch; see `forget`

    async def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None

    async def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Return every row."""
        return self._driver.execute(sql, parameters).fetchall()

    async def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Execute a statement and return how many rows it changed."""
        return self._driver.execute(sql, parameters).rowcount

    async def insert(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Execute an INSERT and return the id of the new row."""
        return self._driver.execute(sql, parameters).lastrowid or 0

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each of `rows`."""
        self._driver.executemany(sql, rows)

    def forget(self) -> None:
        """Forget what is `kept`: whoever changes a table of which something is kept calls this."""
        self.kept.clear()

    @property
    def _driver(self) -> sqlite3.Connection:
        """The driver's own connection, private of aiosqlite: its version is pinned (docs/decisions/003)."""
        return self._connection._conn

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what the block did, and only that, when it raises."""
        await self.run("SAVEPOINT step")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # a full disk has undone the whole transaction already
                await self.run("ROLLBACK TO step")
                await self.run("RELEASE step")
                self.forget()
            raise
        await self.run("RELEASE step")


class Reading(Transaction):
    """A view of one moment. What is read for reports may take long, so each statement is a hop to the thread."""

    async def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Return every row."""
        return list(await self._connection.execute_fetchall(sql, parameters))  # type: ignore[arg-type]


class Database:
    """The only owner of connections. Writers queue for whole transactions, in the order of their asking."""

    def __init__(self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self.path = path
        self._writer, self._reader = writer, reader
        self._writing, self._reading = asyncio.Lock(), asyncio.Lock()
        self.patience = PATIENCE  # with another process that writes
        self._wake: Callable[[], None] = lambda: None

    @classmethod
    async def open(cls, path: Path, key: bytes | None, connector: Connector = connect) -> Self:
        """Open or create the database at `path`, at the newest schema. Raises WrongKey."""
        create_private(path)
        writer = await begin(lambda: connector(path, key, False))
        try:
            await migrations.apply(writer)
            await writer.execute(NO_PATIENCE)
            reader = await begin(lambda: connector(path, key, True))
        except BaseException:
            await writer.close()
            raise
        return cls(path, writer, reader)

    def on_message(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each commit that put a message into the outbox."""
        self._wake = wake

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """BEGIN IMMEDIATE … COMMIT; rolled back when the block raises. One at a time."""
        async with self._writing:
            tx = Transaction(self._writer)
            try:
                await self._begin()
                changes = self._writer.total_changes
                yield tx
            except BaseException:
                await _to_the_end(self._roll_back())
                raise
            if self._writer.total_changes == changes:
                self._writer._conn.execute("COMMIT")  # nothing was written: nothing waits for the disk
            else:
                await _to_the_end(self._commit())
        if tx.wakes_sender:
            self._wake()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """One consistent view of the last commit, on the read-only connection."""
        async with self._reading:
            self._reader._conn.execute("BEGIN")  # it takes no lock
            try:
                yield Reading(self._reader)
            except BaseException:
                # A statement that was cancelled may still run in the thread: let it end first.
                await _to_the_end(self._end_reading())
                raise
            self._reader._conn.execute("ROLLBACK")

    async def checkpoint(self) -> bool:
        """Copy the WAL into the file and empty it; False when a reader was in the way and it must be tried again."""
        async with self._writing, self._reading:
            # Without patience, as always: it does not keep the writers waiting for a reader.
            rows = list(await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)"))
        return not rows[0][0]

    async def close(self) -> None:
        """Close both connections once what is queued for them has run."""
        async with self._writing, self._reading:
            await self._reader.close()
            await self._writer.close()

    async def _begin(self) -> None:
        """Begin where we are; only if another process writes, wait for it in the thread."""
        try:
            self._writer._conn.execute("BEGIN IMMEDIATE")
            return
        except DatabaseError as error:
            if _code(error) != BUSY:
                raise
        await self._writer.execute(self.patience)
        try:
            await self._writer.execute("BEGIN IMMEDIATE")
        finally:
            await _to_the_end(self._lose_patience())

    async def _lose_patience(self) -> None:
        await self._writer.execute(NO_PATIENCE)

    async def _end_reading(self) -> None:
        await self._reader.execute("ROLLBACK")

    async def _commit(self) -> None:
        try:
            await self._writer.execute("COMMIT")
        except DatabaseError:  # a full disk: nothing of this transaction may stay open for the next one
            await self._roll_back()
            raise

    async def _roll_back(self) -> None:
        # Who was cancelled while it began has left its BEGIN in the thread's queue: let it run first.
        await self._writer.execute("SELECT 1")
        # Some errors (disk full, I/O) have already rolled back by themselves; then there is nothing left to do.
        if self._writer.in_transaction:
            await self._writer.execute("ROLLBACK")


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Let what was given to the thread end before the connection goes to the next, also when we are cancelled."""
    task, cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    if cancelled:
        raise asyncio.CancelledError


async def begin(connector: Callable[[], Any]) -> aiosqlite.Connection:
    """Return a connection on a thread of its own; when it cannot be opened the thread has ended with the error."""
    connection = aiosqlite.Connection(connector, 64)
    try:
        return await connection
    except BaseException:
        # aiosqlite tells its thread to end and does not wait for it: it would outlive the event loop. Private of
        # aiosqlite, as `_conn` is: its version is pinned (docs/decisions/003).
        await asyncio.to_thread(connection._thread.join)
        raise


def create_private(path: Path) -> None:
    """Make the file, if it is new, and its folder, readable by their owner only; SQLite's WAL files follow its mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
