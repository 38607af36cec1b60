"""What the package holds and how its service runs, as far as that can be told without building it."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGING = PROJECT / "packaging"
UNIT = PACKAGING / "menjin.service"
# Tenths: 2.0 is the most.
MOST_EXPOSED = 20


def exposure(unit):
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", str(unit)]
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Unit(unittest.TestCase):
    def test_the_service_is_hardened_to_two_at_most(self):
        said = exposure(UNIT)
        self.assertEqual(said.returncode, 0, said.stdout[-600:])

    def test_a_service_that_is_not_hardened_would_be_found(self):
        with tempfile.TemporaryDirectory() as folder:
            loose = Path(folder) / "menjin.service"
            kept = [line for line in UNIT.read_text("utf-8").splitlines() if not line.startswith(("Protect", "SystemCall", "Capability"))]
            loose.write_text("\n".join(kept), "utf-8")
            self.assertNotEqual(exposure(loose).returncode, 0)

    def test_the_devices_and_rights_that_a_gate_needs_are_left(self):
        text = UNIT.read_text("utf-8")
        for wanted in ("char-ttyS", "char-ttyUSB", "char-alsa", "CAP_NET_BIND_SERVICE", "dialout audio", "WatchdogSec", "-/etc/menjin"):
            self.assertIn(wanted, text)
        # Each of these would take one of them away.
        for unwanted in ("PrivateDevices=yes", "PrivateUsers=yes", "PrivateNetwork=yes"):
            self.assertNotIn(unwanted, text)


class Package(unittest.TestCase):
    def test_what_its_scripts_and_units_name_is_installed(self):
        script = (PROJECT / "scripts/package").read_text("utf-8")
        named = set()
        for path in PACKAGING.iterdir():
            named |= set(re.findall(r"/usr/(?:bin|sbin|share/menjin)/[\w.-]+", path.read_text("utf-8")))
        ours = {path for path in named if "menjin" in path}
        self.assertGreater(len(ours), 2)
        for path in ours:
            self.assertIn(path.lstrip("/"), script)

    def test_no_file_of_a_site_belongs_to_the_package(self):
        script = (PROJECT / "scripts/package").read_text("utf-8")
        for place in ("etc/menjin", "var/lib/menjin", "conffiles"):
            self.assertNotIn(f'"{place}', script)
            self.assertNotIn(f" {place}", script)

    @unittest.skipUnless(shutil.which("cargo"), "no cargo here")
    def test_the_bill_names_every_crate_of_the_program_with_its_hash_and_licence(self):
        spec = importlib.util.spec_from_file_location("materials", PROJECT / "scripts/package.d/materials.py")
        materials = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(materials)
        crates = materials.crates()
        names = {crate["name"] for crate in crates}
        self.assertTrue({"menjin", "ledger", "tokio", "rusqlite", "libsqlite3-sys", "retina"} <= names)
        self.assertFalse(names & {"proptest", "criterion"})
        for crate in crates:
            self.assertTrue(crate["licence"], crate["name"])
            self.assertTrue(crate["sha256"] or "registry" not in str(crate["folder"]), crate["name"])


if __name__ == "__main__":
    unittest.main()
