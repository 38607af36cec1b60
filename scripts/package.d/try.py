"""Installs a package in a bare Debian 12, sets a gate up as its page does, records, upgrades, goes back,
removes and purges it. Ends with 0 only if nothing was lost.

  try.py PACKAGE [--root TAR] [--before PACKAGE] [--ledger DIR]
      as root; TAR is a bare Debian 12 that is there already, DIR a full ledger (`menjin bench ledger --folder DIR`,
      by the program of the package before) on which the gate goes on before it is upgraded

The system has its own systemd, so the service runs as its unit says. Unless one is given, the package before is
made of the same files under a lower version, and says that it knows the ledger's schema only up to the one before.
"""

import argparse
import os
import re
import sqlite3
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from camera import NEXT, STANDS, STANDS_FOR_S, Camera
from counted import LEDGER, none_fewer, rows, told
from devices import reads_a_serial_line, speaks
from packages import another, field
from page import Page, health
from root import CONFIGURATION, DATA, READY_WITHIN_S, Failed, Root, check, run, say, until

PROJECT = Path(__file__).resolve().parents[2]
INSTALLER = {"name": "installer", "password": "korrekt-pferd-7"}


class Trial:
    def __init__(self, root, package, work, before, ledger):
        self.root = root
        self.work = work
        self.ledger = ledger
        self.package = package
        self.schema = int(field(package, "Menjin-Schema"))
        self.version = field(package, "Version")
        self.before = before or another(package, work, "0.0.1", self.schema - 1)
        self.version_before = field(self.before, "Version")
        self.schema_before = int(field(self.before, "Menjin-Schema"))
        check(self.schema_before < self.schema, f"{self.before} has schema {self.schema_before} as well: nothing would be migrated")
        self.broken = another(package, work, "99.0", broken=True)
        self.camera = None

    def installs_without_systemd(self):
        say("a bare Debian 12: apt-get install ./menjin_….deb")
        self.root.do("apt-get", "update", "--quiet")
        self.root.install(self.before)
        check(self.root.version() == [self.version_before, "ii"], f"installed: {self.root.version()}")
        for path, mode in (("/etc/menjin", 0o750), ("/etc/menjin/secrets", 0o700), (DATA, 0o750), ("/etc/menjin/console.key", 0o600)):
            found = self.root.at(path).stat()
            check(found.st_mode & 0o777 == mode and found.st_uid > 0, f"{path}: {oct(found.st_mode)}, owner {found.st_uid}")
        check(self.root.at("/etc/systemd/system/multi-user.target.wants/menjin.service").is_symlink(), "it is not enabled")
        said = self.root.do("menjin", "check", "--offline", code=1)
        check("还没有车道" in said and "1 " in said, f"check says: {said}")

    def starts_by_itself(self):
        say("booted with its own systemd: the service runs as its unit says")
        self.root.equip()
        self.root.boot()
        until("the service", READY_WITHIN_S, self.root.is_active)
        told = until("/healthz", 20, health)
        check(told["reasons"][0]["status"] == "no_lane", f"health: {told}")
        said = self.root.do("journalctl", "-u", "menjin", "-o", "cat", "--no-pager")
        check(re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", said), f"no code is printed: {said}")
        by_priority = lambda priority: self.root.do("journalctl", "-u", "menjin", "-o", "cat", "--no-pager", "-p", priority)
        check(" INFO " in by_priority("info"), "the journal has no events")
        check(" INFO " not in by_priority("warning"), "the journal does not know which events are no warnings")

    def goes_back_by_itself(self):
        say("an upgrade that does not become ready goes back, with the ledger of before its migration")
        self.root.do("systemctl", "stop", "menjin")
        ledger = self.root.at(LEDGER)
        aside = self.root.folder / "ledger.sqlite3"
        ledger.rename(aside)
        dump = PROJECT / f"crates/ledger/src/tests/dumps/v{self.schema_before}.sql"
        old = sqlite3.connect(ledger)
        old.executescript(dump.read_text("utf-8"))
        old.close()
        owner = self.root.at(DATA).stat()
        os.chown(ledger, owner.st_uid, owner.st_gid)
        had, schema = rows(self.root)
        check(schema == self.schema_before and had["passages"] > 0, f"the ledger of before: {had}, schema {schema}")
        said = self.root.install(self.broken)
        check("going back" in said, f"apt says: {said}")
        until("going back", 180, lambda: self.root.version() == [self.version_before, "ii"])
        until("the service", READY_WITHIN_S, self.root.is_active)
        says = lambda: self.root.do("journalctl", "-u", "menjin-rollback", "-o", "cat", "--no-pager")
        said = until("its last word", 60, lambda: f"{self.version_before} is installed again" in says() and says())
        check(str(self.schema_before) in said, f"it says: {said}")
        has, _ = rows(self.root)
        check(none_fewer(had, has), f"rows before {had}, after {has}")
        kept = sorted(path.name for path in self.root.at(f"{DATA}/before-migration").iterdir())
        check(any(name.startswith(f"schema-{self.schema_before}-") for name in kept), f"copies: {kept}")
        self.root.do("systemctl", "stop", "menjin")
        for path in self.root.at(DATA).glob("ledger.sqlite3*"):
            path.unlink()
        aside.rename(ledger)
        self.root.do("systemctl", "start", "menjin")
        until("the service", READY_WITHIN_S, self.root.is_active)

    def is_set_up_on_its_page(self):
        say("set up on its page: first account, enterprise, a camera that becomes a lane")
        self.camera = Camera(self.work)
        page = Page()
        page.must("POST", "/api/setup", INSTALLER)
        page.must("PUT", "/api/identity", {"name": "试装钢铁厂", "code": "T1"})
        stream = {"url": self.camera.url, "user": None, "password": None}
        lane = {"name": "north-in", "entrance": "A", "barrier": "01", "direction": "in", "sees_rear": False, "stream": stream}
        page.must("POST", "/api/cameras", lane)
        page.must("POST", "/api/restart")
        begun = time.monotonic()
        until("all is well", READY_WITHIN_S, lambda: (health() or {}).get("healthy"))
        until("a first passage", 180, lambda: rows(self.root)[0]["passages"] > 0)
        say(f"the first passage stands in the ledger {time.monotonic() - begun:.0f} s after that")
        check("试装钢铁厂" in self.root.at(CONFIGURATION).read_text("utf-8"), "the configuration has no name")

    def is_served_at_443(self):
        say("the page at port 443, by the one right that the service has")
        path = self.root.at(CONFIGURATION)
        text = path.read_text("utf-8")
        path.write_text(text.replace(":8443", ":443"), "utf-8")
        self.root.do("systemctl", "restart", "menjin")
        session = Page(port=443).must("GET", "/api/session")
        check(session["site"]["name"] == "试装钢铁厂", f"the page says: {session}")
        path.write_text(text, "utf-8")
        self.root.do("systemctl", "restart", "menjin")

    def tells_an_engineer_without_plates(self):
        say("menjin doctor")
        self.root.do("menjin", "doctor", "--to", "/root/doctor.zip")
        base = sqlite3.connect(f"file:{self.root.at(LEDGER)}?mode=ro", uri=True)
        plates = {plate for (plate,) in base.execute("SELECT DISTINCT plate FROM readings") if plate}
        base.close()
        check(plates, "the ledger has no plate to look for")
        with zipfile.ZipFile(self.root.at("/root/doctor.zip")) as bundle:
            files = {name: bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist()}
        for name in ("daemon/healthz", "system/service.txt", "cameras/north-in.json", "status.json"):
            check(files.get(name) and "not answered" not in files[name], f"{name}: {files.get(name)}")
        for name, text in files.items():
            found = [plate for plate in plates if plate in text]
            check(not found, f"{name} holds {found}")

    def goes_on_with_a_full_ledger(self):
        self.root.do("systemctl", "stop", "menjin")
        data = self.root.at(DATA)
        owner = data.stat()
        for path in data.glob("ledger.sqlite3*"):
            path.unlink()
        target = data / "ledger.sqlite3"
        run("cp", str(self.ledger / "ledger.sqlite3"), str(target))
        os.chown(target, owner.st_uid, owner.st_gid)
        self.root.do("systemctl", "start", "menjin")
        until("all is well", READY_WITHIN_S, lambda: (health() or {}).get("healthy"))
        had, _ = rows(self.root)
        until("a passage more", 180, lambda: rows(self.root)[0]["passages"] > had["passages"])
        say(f"it goes on with a ledger of {had['passages']} passages, {target.stat().st_size / 1e6:.0f} MB")

    def waits_for_a_truck_before_the_arm(self):
        """The passage of one that has just stopped there; it is decided and has not ended."""
        here = "SELECT o.passage_id FROM open_passages o JOIN readings r ON r.passage_id = o.passage_id WHERE plate = ?"
        until("the arm to be free", 2 * STANDS_FOR_S, lambda: not told(self.root, here, STANDS))
        return until("the truck before the arm", 2 * STANDS_FOR_S, lambda: told(self.root, here, STANDS))[0][0]

    def has_counted_that_truck_once(self, truck, back_ms):
        plates = "SELECT p.id, plate, outcome, at_ms FROM passages p JOIN readings r ON r.passage_id = p.id AND stage = 'decided' "
        plates += "LEFT JOIN passage_outcomes o ON o.passage_id = p.id WHERE p.id >= ? ORDER BY p.id"
        since = lambda: told(self.root, plates, truck)
        found = until("the vehicle behind it", 2 * STANDS_FOR_S, lambda: [row for row in since() if row[1] == NEXT] and since())
        check([row[1] for row in found[:2]] == [STANDS, NEXT], f"the truck before the arm and who came behind it: {found}")
        _, _, outcome, ended_ms = found[0]
        check(outcome == "passed" and ended_ms > back_ms, f"the truck before the arm: {found[0]}, back at {back_ms}")
        say(f"the truck that stood before the arm is one passage, which ended {(ended_ms - back_ms) / 1000:.0f} s after the upgrade")

    def has_kept_the_ledger_of_before(self, had, schema):
        copies = sorted(self.root.at(f"{DATA}/before-migration").glob(f"schema-{schema}-*"))
        check(copies, f"there is no copy of the ledger of schema {schema}")
        kept, schema_kept = rows(self.root, f"{DATA}/before-migration/{copies[-1].name}")
        check(schema_kept == schema and none_fewer(had, kept), f"rows before {had}, in the copy {kept}")
        say(f"its ledger went from schema {schema} to {self.schema}; before that it was copied, {copies[-1].stat().st_size / 1e6:.0f} MB")

    def says_how_long_nothing_was_recognised(self, since_ms):
        told_it = lambda: told(self.root, "SELECT detail FROM alarms WHERE kind = 'unwatched' AND raised_at_ms > ?", since_ms)
        seconds = [int(detail) for (detail,) in until("the gap in the ledger", 60, told_it)]
        say(f"nothing was recognised for {max(seconds)} s, says the ledger")
        check(max(seconds) < READY_WITHIN_S, f"the gap is {seconds} s")

    def is_upgraded_beside_a_running_gate(self):
        if self.ledger:
            self.goes_on_with_a_full_ledger()
        say(f"upgraded to {self.version} while a truck stands before the arm")
        truck = self.waits_for_a_truck_before_the_arm()
        had, schema_before = rows(self.root)
        last = told(self.root, "SELECT max(id) FROM passages")[0][0]
        whole = "SELECT count(*), sum(id), count(DISTINCT key) FROM passages WHERE id <= ?"
        were, begun_ms = told(self.root, whole, last), int(time.time() * 1000)
        configuration = self.root.at(CONFIGURATION).read_bytes()
        said = self.root.install(self.package)
        for line in said.splitlines():
            if line.startswith("menjin:"):
                say(line)
        check(self.root.version() == [self.version, "ii"], f"installed: {self.root.version()}")
        check(self.root.is_active(), "the service does not run")
        check(configuration == self.root.at(CONFIGURATION).read_bytes(), "the configuration was changed")
        until("all is well", READY_WITHIN_S, lambda: (health() or {}).get("healthy"))
        back_ms = int(time.time() * 1000)
        self.has_counted_that_truck_once(truck, back_ms)
        has, schema = rows(self.root)
        check(schema == self.schema, f"the ledger's schema is {schema}")
        if schema_before < schema:
            self.has_kept_the_ledger_of_before(had, schema_before)
        check(none_fewer(had, has), f"rows before {had}, after {has}")
        check(told(self.root, whole, last) == were, "a passage of before is another one")
        say(f"{len(had)} tables have {sum(had.values())} rows as before, and {sum(has.values()) - sum(had.values())} more")
        self.says_how_long_nothing_was_recognised(begun_ms)
        # The photos of a ledger that was filled are not here.
        self.root.do("menjin", "verify", *(("--rows-only",) if self.ledger else ()))
        say("by hand: the ledger has grown under its schema, so going back touches nothing of it")
        self.root.do("systemctl", "stop", "menjin")
        had, _ = rows(self.root)
        said = self.root.do("menjin-rollback", code=None)
        has, schema = rows(self.root)
        check(has == had and schema == self.schema and "stays" in said, f"{said} {had} {has}")
        check(self.root.version() == [self.version, "ii"], "another version is installed")

    def leaves_without_taking_anything(self):
        say("removed, purged without a word, purged with it")
        self.root.do("systemctl", "stop", "menjin")
        had, _ = rows(self.root)
        self.root.do("apt-get", "remove", "--yes", "menjin")
        check(self.root.at(CONFIGURATION).exists() and rows(self.root)[0] == had, "removal took something")
        self.root.do("apt-get", "purge", "--yes", "menjin")
        check(not self.root.at("/etc/menjin").exists(), "the configuration is left")
        check(rows(self.root)[0] == had, "the purge took rows")
        self.root.install(self.package)
        self.root.do("sh", "-c", "echo menjin menjin/remove-data boolean true | debconf-set-selections")
        self.root.do("apt-get", "purge", "--yes", "menjin")
        check(not self.root.at(DATA).exists(), "the ledger was asked away and is there")

    def run(self):
        begun = time.monotonic()
        try:
            self.installs_without_systemd()
            self.starts_by_itself()
            self.goes_back_by_itself()
            self.is_set_up_on_its_page()
            self.is_served_at_443()
            reads_a_serial_line(self.root)
            speaks(self.root)
            self.tells_an_engineer_without_plates()
            self.is_upgraded_beside_a_running_gate()
            self.leaves_without_taking_anything()
        finally:
            if self.camera:
                self.camera.stop()
        say(f"all of it holds, after {time.monotonic() - begun:.0f} s")


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("package", type=Path)
    asked.add_argument("--root", type=Path)
    asked.add_argument("--before", type=Path)
    asked.add_argument("--ledger", type=Path)
    asked = asked.parse_args()
    if os.geteuid() != 0:
        sys.exit("A system of its own can only be made and booted by root")
    with tempfile.TemporaryDirectory(prefix="menjin-try-") as work, Root(asked.root) as root:
        try:
            Trial(root, asked.package, Path(work), asked.before, asked.ledger).run()
        except (Failed, AssertionError) as error:
            if root.leader:
                print(root.do("journalctl", "-u", "menjin*", "-n", "60", "--no-pager", code=None))
            sys.exit(f"try: {error}")


if __name__ == "__main__":
    main()
