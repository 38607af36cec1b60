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

    def test_a_photo_drives_up_to_the_line_and_is_gone_in_the_end(self):
        import numpy as np

        from footage import photos

        view = photos.View(640, 360)
        folder = TESTDATA / "images"
        roll, drives, total = photos.clip(folder, folder / "truth.csv", 2, 3, 5, view)
        frames = list(photos.frames(roll, drives, total, 3))
        self.assertEqual((len(drives), len(frames)), (2, total))
        one = drives[0]
        near = [one.near(k) for k in range(one.frames)]
        self.assertEqual(near, sorted(near))
        stopped = frames[one.first + one.come]
        empty = frames[one.first - 1]
        x, y = view.line.astype(int)
        self.assertGreater(np.abs(stopped[y - 4 : y + 4, x - 8 : x + 8].astype(int) - empty[y - 4 : y + 4, x - 8 : x + 8]).mean(), 15)
        last = frames[one.first + one.frames - 1]
        self.assertLess(np.abs(last.astype(int) - empty).mean(), 6, "only the grain differs")
        told = one.truth("photos.mp4", 5)
        self.assertEqual(told["leave_ms"], (one.first + one.frames) * 200)
        self.assertEqual(told["note"], one.row["file"])

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
