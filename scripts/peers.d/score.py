"""Counts, the same for everybody."""

import re
import statistics
from dataclasses import dataclass, field

from adapters import Found
from truth import Truth

Z_95 = 1.959964


@dataclass
class Row:
    """One line of the table."""

    name: str
    licence: str
    n: int = 0
    found: int | None = None  # None for crops: there is nothing to find
    exact: int = 0
    tail: int = 0  # right but for the province
    color: int | None = None  # None where a peer tells none
    color_n: int = 0
    detect_ms: float | None = None
    read_ms: float | None = None
    failed_on: int = 0  # pictures on which it raised an exception
    why_not: str = ""  # it did not run at all
    errors: list[str] = field(default_factory=list)

    def count(self, truths: list[Truth], found: list[Found]) -> None:
        """Adds one picture."""
        for truth in truths:
            here = [f for f in found if truth.crop or truth.shows(*f.center)]
            text = plain("".join(f.text for f in sorted(here, key=lambda f: f.center[1])))
            if len(here) > 1 and (whole := [f for f in here if plain(f.text) == truth.plate]):
                text = plain(whole[0].text)
            self.n += 1
            if self.found is not None:
                self.found += bool(here)
            self.exact += text == truth.plate
            self.tail += text[1:] == truth.plate[1:]
            if text != truth.plate:
                self.errors.append(f"{truth.file}: {truth.plate}, read {text or '-'}")
            if self.color is not None and truth.color and here:
                self.color_n += 1
                self.color += here[0].color == truth.color


def plain(text: str) -> str:
    """Only what stands on plates: characters, letters, digits; no dot, no space."""
    return re.sub(r"[^\u4e00-\u9fff0-9A-Z]", "", text.upper())


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a counted share (E. B. Wilson, JASA 22, 1927)."""
    if n == 0:
        return 0.0, 1.0
    p, z2 = hits / n, Z_95 * Z_95
    middle, half = p + z2 / (2 * n), Z_95 * (p * (1 - p) / n + z2 / (4 * n * n)) ** 0.5
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def median_ms(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000 if seconds else 0.0
