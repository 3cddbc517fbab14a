"""Prints how many whole registrations, or sent reminders, the encrypted database of a measured bot holds."""

import os

from bench import place
from storage.database import connect

REGISTRATIONS = (
    "SELECT count(*) FROM people WHERE state = 'registered' AND name LIKE 'Aysel%' AND phone LIKE '+994%'"
    " AND region IS NOT NULL AND group_key <> ''"
)
REMINDERS = "SELECT count(*) FROM reminders r JOIN outbox o ON o.key = r.key WHERE o.state = 'sent'"

if __name__ == "__main__":
    config = place.configuration()
    connection = connect(config.storage.database, config.database_key, True)
    print(connection.execute(REMINDERS if os.environ.get("MODE") == "fan" else REGISTRATIONS).fetchone()[0])
