"""The reader's fixed class order. Index 0 is the blank (absent character)."""

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
DIGITS = "0123456789"
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # no I; O only in retired government plates
SPECIAL = "使领警学挂港澳应急民航"
SERVICES = "军海空北沈兰济南广成"  # first characters of military plates until 2013
ALPHABET = PROVINCES + DIGITS + LETTERS + SPECIAL + SERVICES
CLASSES = 1 + len(ALPHABET)  # 88
SLOTS = 8

SERIAL_LETTERS = LETTERS.replace("O", "")
COLORS = ("blue", "yellow", "green", "yellow_green", "white", "black", "other")
LAYOUTS = ("single", "double")

INDEX = {char: i + 1 for i, char in enumerate(ALPHABET)}


def encode(text: str) -> list[int]:
    """Text to 8 class indices, blank-padded. Unknown characters become -100 (ignored by the loss)."""
    codes = [INDEX.get(char, -100) for char in text[:SLOTS]]
    return codes + [0] * (SLOTS - len(codes))


def decode(codes) -> str:
    return "".join(ALPHABET[c - 1] for c in codes if c > 0)
