"""What a package of Menjin is made of: a bill of materials (CycloneDX 1.5), the licence texts of everything
in it, and Debian's copyright file.

Crates are those that end in the program, by `cargo metadata` for its platform; of the page, what
`package-lock.json` does not call development; beside them ONNX Runtime, the networks, and what Debian
provides. The same commit gives the same bytes.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
import tomllib
import uuid
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
WEB = PROJECT / "crates/console/web"
PLATFORM = "x86_64-unknown-linux-gnu"
# How a file with a licence or a notice is called.
LICENCE_NAMES = ("license", "licence", "copying", "notice", "copyright", "unlicense")
# Built by Debian and installed by it: named, not shipped.
FROM_DEBIAN = (
    ("FFmpeg (libavcodec, libavformat, libavutil, libswscale)", "GPL-2.0-or-later"),
    ("OpenCV (libopencv-core, libopencv-imgproc)", "Apache-2.0"),
    ("WenQuanYi Micro Hei (fonts-wqy-microhei)", "GPL-3.0-only WITH Font-exception-2.0 OR Apache-2.0"),
)


def crates():
    """Packages of the registry that end in the program, and our own, each with its checksum if it has one."""
    command = ["cargo", "metadata", "--format-version=1", "--locked", f"--filter-platform={PLATFORM}"]
    told = json.loads(subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in told["packages"]}
    nodes = {node["id"]: node for node in told["resolve"]["nodes"]}
    root = next(id for id, package in packages.items() if package["name"] == "menjin")
    reached, ahead = set(), [root]
    while ahead:
        at = ahead.pop()
        if at in reached:
            continue
        reached.add(at)
        for dep in nodes[at]["deps"]:
            # What only builds or tests is in no program.
            if any(kind["kind"] is None for kind in dep["dep_kinds"]):
                ahead.append(dep["pkg"])
    lock = tomllib.loads((PROJECT / "Cargo.lock").read_text("utf-8"))
    sums = {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}
    found = []
    for id in reached:
        package = packages[id]
        name, version = package["name"], package["version"]
        found.append(
            {
                "name": name,
                "version": version,
                "licence": package["license"] or "",
                "sha256": sums.get((name, version)),
                "purl": f"pkg:cargo/{name}@{version}",
                "folder": Path(package["manifest_path"]).parent,
                "ours": package["source"] is None and "vendor" not in package["manifest_path"],
                "authors": package["authors"],
            }
        )
    return sorted(found, key=lambda crate: (crate["name"], crate["version"]))


def page():
    """What the console's page carries of others."""
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    found = []
    for path, package in lock["packages"].items():
        if not path or package.get("dev") or package.get("optional") or package.get("peer"):
            continue
        name = path.rsplit("node_modules/", 1)[1]
        folder = WEB / path
        licence = package.get("license", "")
        found.append(
            {
                "name": name,
                "version": package["version"],
                "licence": licence,
                "sha256": None,
                "purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
                "folder": folder,
                "ours": False,
                "authors": [],
            }
        )
    # The same version may stand in several folders.
    once = {package["purl"]: package for package in found}
    return [once[purl] for purl in sorted(once)]


def files():
    """Networks and ONNX Runtime, each file with its hash."""
    setup = (PROJECT / "scripts/setup").read_text("utf-8")
    version = setup.split("onnxruntime_version=", 1)[1].split("\n", 1)[0]
    runtime = PROJECT / ".runtime/onnxruntime"
    found = [("onnxruntime", version, "MIT", runtime / "libonnxruntime.so", f"pkg:pypi/onnxruntime@{version}")]
    for path in sorted((PROJECT / "models").glob("*.onnx")):
        found.append((path.name, "", "MIT OR Apache-2.0", path, None))
    return [
        {"name": name, "version": version, "licence": licence, "sha256": sha256(path), "purl": purl}
        for name, version, licence, path, purl in found
    ]


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def component(part, kind="library"):
    entry = {"type": kind, "name": part["name"]}
    if part["version"]:
        entry["version"] = part["version"]
    if part["sha256"]:
        entry["hashes"] = [{"alg": "SHA-256", "content": part["sha256"]}]
    if part["licence"]:
        # Cargo's older form of "or".
        entry["licenses"] = [{"expression": part["licence"].replace("/", " OR ")}]
    if part["purl"]:
        entry["purl"] = part["purl"]
        entry["bom-ref"] = part["purl"]
    return entry


def bill(version, commit, parts):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"])))
    components = [component(part) for part in parts["crates"] + parts["page"]]
    components += [component(part, "file" if not part["purl"] else "library") for part in parts["files"]]
    for name, licence in FROM_DEBIAN:
        components.append({"type": "library", "name": name, "licenses": [{"expression": licence}], "scope": "excluded"})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'menjin:{version}:{commit}')}",
        "version": 1,
        "metadata": {
            "timestamp": at,
            "component": {
                "type": "application",
                "name": "menjin",
                "version": version,
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
                "properties": [{"name": "commit", "value": commit}],
            },
        },
        "components": components,
    }


def texts_of(folder):
    """The licence texts beside a package, in the order of their names."""
    if not folder.is_dir():
        return []
    named = [path for path in folder.iterdir() if path.name.lower().startswith(LICENCE_NAMES)]
    texts = []
    for path in sorted(named):
        if path.is_file() and path.stat().st_size < 1_000_000:
            texts.append(path.read_text("utf-8", errors="replace").strip())
    return texts


def licences(parts):
    """Each text once, with everything that it stands beside."""
    holders, order, without = {}, [], []
    others = [part for part in parts["crates"] + parts["page"] if not part["ours"]]
    for part in others:
        title = f"{part['name']} {part['version']} ({part['licence']})"
        found = texts_of(part["folder"])
        if not found:
            by = ", ".join(part["authors"])
            without.append(f"{title}{f', by {by}' if by else ''}")
        for text in found:
            if text not in holders:
                holders[text] = []
                order.append(text)
            holders[text].append(title)
    runtime = PROJECT / ".runtime/onnxruntime"
    for name in ("LICENSE", "ThirdPartyNotices.txt"):
        text = (runtime / name).read_text("utf-8", errors="replace").strip()
        order.append(text)
        holders[text] = [f"ONNX Runtime, {name}"]
    line = "=" * 100
    out = ["Licences and notices of what is in this package.", ""]
    out += ["Without a text beside their sources, under the licences named:", *(f"  {one}" for one in without), ""]
    for text in order:
        out += [line, *holders[text], line, "", text, ""]
    return "\n".join(out) + "\n"


def copyright_text():
    """Debian's form, short: where all of it stands."""
    own = {name: (PROJECT / name).read_text("utf-8") for name in ("LICENSE-MIT", "LICENSE-APACHE")}

    def indented(text):
        return "\n".join(f" {line}" if line.strip() else " ." for line in text.strip().splitlines())

    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: menjin
Comment: The program holds crates and packages of others, ONNX Runtime and its notices lie beside it:
 licences.txt.gz has every text, menjin.cdx.json.gz names every part. licences.md tells what follows from
 Debian's FFmpeg, a GPL build, for whoever passes the program on.

Files: *
Copyright: The Menjin authors
License: Expat or Apache-2.0

Files: usr/lib/menjin/libonnxruntime.so
Copyright: Microsoft Corporation
License: Expat

License: Expat
{indented(own["LICENSE-MIT"])}

License: Apache-2.0
 On Debian systems the whole text is in /usr/share/common-licenses/Apache-2.0.
"""


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--version", required=True)
    asked.add_argument("--commit", required=True)
    asked.add_argument("--doc", type=Path, required=True)
    asked = asked.parse_args()
    parts = {"crates": crates(), "page": page(), "files": files()}
    if len(parts["crates"]) < 100 or not parts["page"]:
        sys.exit("The parts of the program were not found")
    asked.doc.mkdir(parents=True, exist_ok=True)
    whole = json.dumps(bill(asked.version, asked.commit, parts), ensure_ascii=False, indent=1)
    (asked.doc / "menjin.cdx.json").write_text(whole + "\n", "utf-8")
    (asked.doc / "licences.txt").write_text(licences(parts), "utf-8")
    (asked.doc / "copyright").write_text(copyright_text(), "utf-8")


if __name__ == "__main__":
    main()
