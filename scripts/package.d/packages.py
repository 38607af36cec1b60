"""Packages that the trial is given, and those it makes of them."""

import re

from root import run


def field(package, name):
    """What a package says of itself."""
    return run("dpkg-deb", "--field", str(package), name).strip()


def another(package, to, version, schema=None, broken=False):
    """The same package under another version, perhaps for an older schema or with a program that never gets ready."""
    tree = to / version
    run("dpkg-deb", "--raw-extract", str(package), str(tree))
    real = field(package, "Version")
    for name in ("control", "preinst", "postinst"):
        path = tree / "DEBIAN" / name
        text = path.read_text("utf-8").replace(f'"{real}"', f'"{version}"').replace(f"menjin: {real} ", f"menjin: {version} ")
        text = text.replace(f"Version: {real}\n", f"Version: {version}\n")
        if schema is not None:
            text = re.sub(r"Menjin-Schema: \d+", f"Menjin-Schema: {schema}", text)
        path.write_text(text, "utf-8")
    if broken:
        program, kept = tree / "usr/bin/menjin", tree / "usr/lib/menjin/menjin"
        program.rename(kept)
        # It migrates the ledger, as a new version would, and fails then.
        lines = ['#!/bin/sh\n[ "$1" = run ] || exec /usr/lib/menjin/menjin "$@"\n', "/usr/lib/menjin/menjin retention\nexit 1\n"]
        program.write_text("".join(lines))
        program.chmod(0o755)
    out = to / f"menjin_{version}_amd64.deb"
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(out))
    return out
