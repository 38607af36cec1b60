"""Menjin's row in the table of its peers, with a program that stands for it."""

import stat
import sys
import tempfile
import unittest
from pathlib import Path

from needs import needs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peers.d"))

# Reads every file but broken.jpg; the bench ends at that one, as the real one does.
PROGRAM = """#!{python}
import json, sys
files = [a for a in sys.argv if a.endswith(".jpg")]
if sys.argv[1] == "read":
    for file in files:
        if "broken" in file:
            print(f"menjin: {{file}}: no picture", file=sys.stderr)
        else:
            print(json.dumps({{"file": file, "plate": "豫H96UW7", "color": "blue", "corners": [[0, 0], [4, 0], [4, 2], [0, 2]]}}))
    sys.exit(any("broken" in file for file in files))
table = open(sys.argv[sys.argv.index("--truth") + 1], encoding="utf-8").read()
if "broken.jpg" in table:
    print(f"menjin: {{sys.argv[3]}}/broken.jpg: no picture", file=sys.stderr)
    sys.exit(1)
print(json.dumps({{"latency_ms": {{"detect": {{"p50": 11}}, "read": {{"p50": 2}}}}}}))
"""


@needs("cv2", "numpy")
class Peers(unittest.TestCase):
    def test_a_file_that_cannot_be_read_is_left_out_and_the_others_are_scored(self):
        import ours
        from truth import Truth

        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            program = data / "menjin"
            program.write_text(PROGRAM.format(python=sys.executable), encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            names = ("a.jpg", "broken.jpg", "b.jpg")
            truths = [Truth(name, False, "豫H96UW7", "blue", None, {"file": name, "plate": "豫H96UW7"}) for name in names]
            found = ours.read(program, data, truths, crop=False)
            self.assertEqual(set(found), {"a.jpg", "b.jpg"})
            self.assertEqual(ours.times_ms(program, data, truths), (11, 2, 1))


if __name__ == "__main__":
    unittest.main()
