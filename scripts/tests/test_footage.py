"""The committed footage is what the scripts would draw today."""

import sys
import tempfile
import unittest
from pathlib import Path

from needs import drawing

SCRIPTS = Path(__file__).resolve().parents[1]
TESTDATA = SCRIPTS.parent / "testdata"
sys.path.insert(0, str(SCRIPTS))


@drawing
class Footage(unittest.TestCase):
    def test_the_committed_truth_is_what_the_plan_says(self):
        from footage import plan
        from footage.__main__ import passages, write_truth

        rows = [row for make in plan.CLIPS.values() for row in passages(make())]
        with tempfile.TemporaryDirectory() as folder:
            for apart in (None, *plan.APART):
                name = f"truth-{apart}.csv" if apart else "truth.csv"
                path = Path(folder) / name
                write_truth(path, [row for row in rows if (row["lane"] if row["lane"] in plan.APART else None) == apart])
                self.assertEqual(path.read_text(encoding="utf-8"), (TESTDATA / "footage" / name).read_text(encoding="utf-8"), name)

    def test_a_picture_is_drawn_as_the_committed_one(self):
        import cv2
        import numpy as np

        from footage import stills

        (shot,) = (shot for shot in stills.SHOTS if shot[0] == "crop-blue-far.png")
        with tempfile.TemporaryDirectory() as folder:
            stills.write(Path(folder), [shot])
            drawn = cv2.imread(str(Path(folder) / shot[0]))
        kept = cv2.imread(str(TESTDATA / "images" / shot[0]))
        self.assertEqual(drawn.shape, kept.shape)
        # Vector instructions of different processors round differently.
        self.assertLess(np.abs(drawn.astype(int) - kept).max(), 4)

    def test_one_seed_gives_one_clip(self):
        from footage import rollout
        from footage.stage import truth_row

        def told(seed: int) -> list[dict]:
            clip = rollout.random_clip((seed, 0, 2, 720, 10))
            return [truth_row(clip, actor) for actor in clip.actors]

        self.assertEqual(told(5), told(5))
        self.assertNotEqual(told(5), told(6))


if __name__ == "__main__":
    unittest.main()
