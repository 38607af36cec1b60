"""Every script says what it is for when it is asked, so its imports and its options stand."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

from needs import drawing, needs

SCRIPTS = Path(__file__).resolve().parents[1]
HOLLOW = Path(__file__).with_name("hollow.py")


def entries(folder: str) -> list[Path]:
    """Files below scripts/FOLDER that can be started."""
    files = sorted((SCRIPTS / folder).rglob("*.py"))
    return [file for file in files if re.search(r'^if __name__ == "__main__":', file.read_text(encoding="utf-8"), re.MULTILINE)]


class Entries(unittest.TestCase):
    def asked(self, *command, cwd: Path = SCRIPTS) -> str:
        done = subprocess.run([*map(str, command), "--help"], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, f"{command}: {done.stderr[-2000:]}")
        self.assertIn("usage", (done.stdout + done.stderr).lower())
        return done.stdout

    def test_shell_scripts_tell_their_use(self):
        for name in ("setup", "demo", "soak", "peers", "package"):
            with self.subTest(name):
                self.assertIn(f"scripts/{name}", self.asked_shell(name))

    def asked_shell(self, name: str) -> str:
        done = subprocess.run([SCRIPTS / name, "--help"], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    @needs("gi")
    def test_the_rtsp_server_answers(self):
        self.assertIn("--start-together", self.asked(sys.executable, "rtsp_server.py"))

    def test_the_programs_of_the_package_answer(self):
        for program, option in (("materials", "--commit"), ("try", "--root")):
            self.assertIn(option, self.asked(sys.executable, f"package.d/{program}.py"))

    def test_the_trials_with_cameras_answer(self):
        for program, option in (("video", "--kills"), ("lanes", "--films")):
            self.assertIn(option, self.asked(sys.executable, f"soak.d/{program}.py"))

    @drawing
    def test_footage_answers(self):
        self.assertIn("--truth-only", self.asked(sys.executable, "-m", "footage"))

    @drawing
    def test_the_comparison_with_peers_answers(self):
        self.assertIn("--markdown", self.asked(sys.executable, HOLLOW, "peers.d"))

    @drawing
    def test_every_program_of_the_reader_answers(self):
        programs = entries("train/reader")
        self.assertGreaterEqual(len(programs), 13)
        for program in programs:
            with self.subTest(program.name):
                self.asked(sys.executable, HOLLOW, "-m", f"reader.{program.stem}", cwd=SCRIPTS / "train")

    @drawing
    def test_every_program_of_the_detector_answers(self):
        programs = entries("train/detector")
        self.assertGreaterEqual(len(programs), 5)
        for program in programs:
            with self.subTest(program.name):
                self.asked(sys.executable, HOLLOW, program)


if __name__ == "__main__":
    unittest.main()
