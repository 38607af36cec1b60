"""Decoding under the plate grammar: the best text that some template allows. For scoring; the product has its own."""

import numpy as np

from synth.alphabet import DIGITS, INDEX, LETTERS, PROVINCES, SERIAL_LETTERS, SERVICES, decode


def _of(chars: str) -> list[int]:
    return [INDEX[c] for c in chars]


P, L, D = _of(PROVINCES), _of(LETTERS), _of(DIGITS)
A, S = _of(SERIAL_LETTERS), _of(DIGITS + SERIAL_LETTERS)
ENERGY, END, BLANK = _of("ABCDEFGHJK"), _of("挂学警港澳领"), [0]


def _text(word: str) -> list[list[int]]:
    return [_of(c) for c in word]


# (slots, positions that share the two-letter limit)
TEMPLATES = [
    ([P, L, S, S, S, S, S, BLANK], (2, 3, 4, 5, 6)),
    ([P, L, S, S, S, S, END, BLANK], (2, 3, 4, 5)),
    ([P, L, ENERGY, S, D, D, D, D], ()),
    ([P, L, D, D, D, D, D, ENERGY], ()),
    ([*_text("使"), D, D, D, D, D, D, BLANK], ()),
    ([D, D, D, D, D, D, *_text("使"), BLANK], ()),
    ([A, L, D, D, D, D, D, BLANK], ()),
    ([_of(SERVICES), L, D, D, D, D, D, BLANK], ()),
    ([*_text("WJ"), P, D, D, D, D, S], ()),
    ([*_text("WJ"), D, D, D, D, S, BLANK], ()),
    ([P, L, D, D, D, D, *_text("应急")], ()),
    ([P, D, D, D, D, D, D, D], ()),
    ([*_text("民航"), A, D, D, D, D, BLANK], ()),
]
_LETTER_SET = set(A)


def best_text(chars: np.ndarray) -> tuple[str, np.ndarray]:
    """chars: (8, 88) log-probabilities. Returns (text, probability of each slot's class)."""
    best, best_score = None, -np.inf
    for slots, limited in TEMPLATES:
        codes = [allowed[int(np.argmax(chars[i, allowed]))] for i, allowed in enumerate(slots)]
        letters = [i for i in limited if codes[i] in _LETTER_SET]
        if len(letters) > 2:
            digit = {i: D[int(np.argmax(chars[i, D]))] for i in letters}
            letters.sort(key=lambda i: chars[i, digit[i]] - chars[i, codes[i]])
            for i in letters[2:]:
                codes[i] = digit[i]
        score = sum(chars[i, c] for i, c in enumerate(codes))
        if score > best_score:
            best, best_score = codes, score
    return decode(best), np.exp(chars[np.arange(8), best])
