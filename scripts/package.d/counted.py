"""What stands in the ledger of the system that is tried."""

import sqlite3

from root import DATA

LEDGER = f"{DATA}/ledger.sqlite3"
# Tables whose rows go again.
PASSING = {"open_passages", "open_alarms", "unfinished_removals", "sessions"}


def rows(root, path=LEDGER):
    """Rows of each table, but for those that say what is so just now, and the version of the schema."""
    base = sqlite3.connect(f"file:{root.at(path)}?mode=ro", uri=True)
    with base:
        version = base.execute("PRAGMA user_version").fetchone()[0]
        known = {name for (name,) in base.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        tables = sorted(name for name in known - PASSING if not name.startswith(("sqlite_", "plate_parts")))
        counts = {table: base.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}
    base.close()
    return counts, version


def told(root, sql, *values):
    """What the ledger answers."""
    base = sqlite3.connect(f"file:{root.at(LEDGER)}?mode=ro", uri=True)
    with base:
        found = base.execute(sql, values).fetchall()
    base.close()
    return found


def none_fewer(before, after):
    return all(after.get(table, 0) >= count for table, count in before.items())
