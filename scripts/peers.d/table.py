"""The table, for the terminal, as JSON and as a page."""

import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from score import Row, wilson

HEAD = ["", "n", "found", "exact plate", "without province", "colour", "ms detect", "ms read", "licence", "note"]


def share(hits: int | None, n: int) -> str:
    if hits is None or n == 0:
        return "-"
    low, high = wilson(hits, n)
    return f"{hits / n:.1%} ({low:.1%} to {high:.1%})"


def cells(row: Row) -> list[str]:
    if row.why_not:
        return [row.name, "-", "-", "-", "-", "-", "-", "-", row.licence, f"not run: {row.why_not}"]
    ms = lambda value: "-" if value is None else f"{value:.1f}"
    note = f"fails on {row.failed_on} pictures" if row.failed_on else ""
    return [
        row.name,
        str(row.n),
        share(row.found, row.n),
        share(row.exact, row.n),
        share(row.tail, row.n),
        share(row.color, row.color_n),
        ms(row.detect_ms),
        ms(row.read_ms),
        row.licence,
        note,
    ]


def markdown(rows: list[Row]) -> str:
    lines = [HEAD, ["---"] * len(HEAD), *map(cells, rows)]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in line) + " |" for line in lines) + "\n"


def terminal(title: str, rows: list[Row]) -> str:
    lines = [HEAD, *map(cells, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    return "\n".join([title, *("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines), ""])


def machine() -> str:
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def as_json(tables: dict[str, list[Row]]) -> dict:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"at": now, "machine": machine(), "tables": {k: [asdict(r) for r in v] for k, v in tables.items()}}


def page(tables: dict[str, list[Row]], scored: str) -> str:
    out = [
        "# Beside its peers\n",
        f"Written by `scripts/peers --markdown` on {datetime.now(UTC):%Y-%m-%d}, machine: {machine()}. {scored}\n",
        "Peers are those that an ordinary package registry carries with their networks (PyPI). In brackets: Wilson's 95 % interval.",
        "Times are medians of the thread's CPU time for one picture, one thread, measured in the same run: compare",
        "rows, do not quote them. **Found**: the centre of something found lies on the plate; Menjin counts only plates that it would",
        "tell (`menjin read`). Colour: of the plates found whose colour is known. Of texts, everything but characters, letters",
        "and digits is dropped.\n",
    ]
    for title, rows in tables.items():
        out += [f"## {title}\n", markdown(rows)]
    return "\n".join(out)
