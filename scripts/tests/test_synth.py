"""Geometry and alphabet of the plates that the networks are trained on."""

import sys
import unittest
from pathlib import Path

from needs import drawing

TRAIN = Path(__file__).resolve().parents[1] / "train"
sys.path[:0] = [str(TRAIN), str(TRAIN / "detector")]


@drawing
class Synth(unittest.TestCase):
    def setUp(self):
        import numpy as np

        self.rng = np.random.default_rng(7)

    def test_a_text_of_every_kind_survives_the_alphabet(self):
        from synth.alphabet import decode, encode
        from synth.kinds import KINDS, random_text

        for kind in KINDS:
            for _ in range(20):
                text = random_text(self.rng, kind)
                self.assertEqual(decode(encode(text)), text, kind)

    def test_the_alphabet_is_that_of_the_manifest(self):
        import tomllib

        from synth.alphabet import ALPHABET, COLORS

        manifest = tomllib.loads((TRAIN.parents[1] / "models" / "manifest.toml").read_text(encoding="utf-8"))
        self.assertEqual(manifest["reader"]["alphabet"], ALPHABET)
        self.assertEqual(tuple(manifest["reader"]["colors"]), COLORS)

    def test_every_character_stands_within_its_plate(self):
        from synth.plates import KINDS, render_plate

        for kind, spec in KINDS.items():
            plate = render_plate(self.rng, kind)
            height, width = plate.image.shape[:2]
            self.assertEqual((width, height), tuple(spec.size), kind)
            self.assertEqual(len(plate.boxes), len(plate.text), kind)
            self.assertTrue((plate.boxes >= 0).all(), kind)
            self.assertTrue((plate.boxes[:, [0, 2]] <= width).all() and (plate.boxes[:, [1, 3]] <= height).all(), kind)
            self.assertTrue((plate.boxes[:, 2:] > plate.boxes[:, :2]).all(), kind)

    def test_the_margin_is_that_of_the_manifest(self):
        import tomllib

        from synth.degrade import HEIGHT, MARGIN_H, MARGIN_W, WIDTH, full_rectangle

        reader = tomllib.loads((TRAIN.parents[1] / "models" / "manifest.toml").read_text(encoding="utf-8"))["reader"]
        self.assertEqual(reader["margin"], {"x": MARGIN_W, "y": MARGIN_H})
        self.assertEqual(reader["input"], {"width": WIDTH, "height": HEIGHT})
        low, high = full_rectangle().min(0) + 0.5, full_rectangle().max(0) + 0.5
        for size, near, far, margin in zip((WIDTH, HEIGHT), low, high, (MARGIN_W, MARGIN_H), strict=True):
            plate = far - near
            self.assertAlmostEqual(near, plate * margin, places=3)
            self.assertAlmostEqual(size - far, plate * margin, places=3)

    def test_a_clean_picture_is_more_legible_than_a_blurred_one(self):
        import cv2
        import numpy as np

        from synth.degrade import HEIGHT, LEGIBLE, WIDTH, full_rectangle, laid_out, legibility
        from synth.plates import render_plate

        plate = render_plate(self.rng, "blue")
        height, width = plate.image.shape[:2]
        edges = np.float32([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5
        clean, boxes = laid_out(plate, cv2.getPerspectiveTransform(edges, full_rectangle()))
        self.assertEqual(clean.shape[:2], (HEIGHT, WIDTH))
        sharp, blurred = (legibility(clean, image, boxes)[0] for image in (clean, cv2.GaussianBlur(clean, (0, 0), 6)))
        self.assertGreater(sharp, LEGIBLE)
        self.assertLess(blurred, sharp)

    def test_a_plate_of_another_shape_keeps_the_middle_and_the_height(self):
        import numpy as np

        from paste import fit_quad, side_lengths

        quad = np.float32([[100, 50], [188, 50], [188, 78], [100, 78]])
        fitted = fit_quad(quad, (440, 140), (440, 220))
        np.testing.assert_allclose(fitted.mean(0), quad.mean(0), atol=0.01)
        np.testing.assert_allclose(side_lengths(quad), (88, 28), atol=0.01)
        self.assertAlmostEqual(side_lengths(fitted)[0] / side_lengths(fitted)[1], 440 / 220, places=3)

    def test_what_hangs_below_a_plate_touches_its_lower_edge_and_is_as_far_away_as_the_gap_says(self):
        import numpy as np

        from paste import beside

        quad = np.float32([[100, 50], [144, 50], [144, 64], [100, 64]])  # 10 mm a pixel
        below = beside(quad, (440, 140), (440, 220), 0)
        np.testing.assert_allclose(below, [[100, 64], [144, 64], [144, 86], [100, 86]], atol=0.01)
        above = beside(quad, (440, 140), (220, 70), -30)
        np.testing.assert_allclose(above, [[111, 40], [133, 40], [133, 47], [111, 47]], atol=0.01)

    def test_the_newer_photos_fall_into_two_halves_and_no_photo_into_both(self):
        import csv
        import tempfile

        import halves

        with tempfile.TemporaryDirectory() as folder:
            with (Path(folder) / "trucks.csv").open("w", encoding="utf-8") as file:
                table = csv.writer(file)
                table.writerow(["file", "group"])
                table.writerows([f"trucks/{i // 2}.jpg", f"group {i}"] for i in range(400))
            rows = {part: halves.rows(folder, "trucks.csv", part) for part in (True, False)}
        files = {part: {row["file"] for row in rows[part]} for part in rows}
        self.assertFalse(files[True] & files[False])
        self.assertEqual(len(rows[True]) + len(rows[False]), 400)
        self.assertFalse(any(halves.is_measured(row["group"]) for row in rows[False]))
        self.assertGreater(len(files[False]), 20)

    def test_growing_a_quad_by_one_changes_nothing(self):
        import numpy as np

        from paste import grow

        quad = np.float32([[10, 20], [60, 25], [58, 45], [9, 40]])
        np.testing.assert_allclose(grow(quad, 1.0, 1.0), quad, atol=1e-4)


if __name__ == "__main__":
    unittest.main()
