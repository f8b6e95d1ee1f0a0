#!/usr/bin/env python3
"""Cartwheel Backup: copies a folder to several places, and reads the copies back.

    cartwheel.py copy   FOLDER PLACE [PLACE ...]
    cartwheel.py check  PLACE [PLACE ...]
    cartwheel.py show   PLACE

A copy is a folder with the day in its name. Files that have not changed since the last copy are links to it, so
that ten copies take little more room than one. Each copy has a list of its files with their SHA-256, and `check`
reads every file again and compares. Needs Python 3.9 and nothing else.
"""
import argparse
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import sys

LIST = "cartwheel.json"


def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            sha.update(block)
    return sha.hexdigest()


def copies(place):
    """The finished copies in a place, oldest first: a broken one has no list."""
    return sorted(p.parent for p in pathlib.Path(place).glob("copy-*/" + LIST))


def files_of(folder):
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in {".cache", "__pycache__", "node_modules"})
        for name in sorted(names):
            path = pathlib.Path(root) / name
            if path.is_file() and not path.is_symlink():
                yield path


def copy(folder, place, now):
    folder, place = pathlib.Path(folder).resolve(), pathlib.Path(place).resolve()
    if place == folder or folder in place.parents:
        sys.exit(f"{place} is inside of {folder}: a copy of a copy of a copy would follow.")
    place.mkdir(parents=True, exist_ok=True)
    before = copies(place)
    old = json.loads((before[-1] / LIST).read_text()) if before else {}
    target = place / f"copy-{now:%Y-%m-%d-%H%M%S}"
    target.mkdir()
    entries, copied, linked = {}, 0, 0
    for path in files_of(folder):
        name, stat = path.relative_to(folder).as_posix(), path.stat()
        to = target / name
        to.parent.mkdir(parents=True, exist_ok=True)
        known = old.get(name)
        if known and known["size"] == stat.st_size and known["time"] == stat.st_mtime_ns:
            try:
                os.link(before[-1] / name, to)
                entries[name], linked = known, linked + 1
                continue
            except OSError:
                pass  # This disk has no links: copy.
        shutil.copy2(path, to)
        entries[name] = {"size": stat.st_size, "time": stat.st_mtime_ns, "sha256": digest(to)}
        copied += 1
    # The list comes last: without it the copy does not count.
    (target / LIST).write_text(json.dumps(entries, indent=1))
    print(f"{target}: {copied} copied, {linked} as before.")


def check(place):
    bad = 0
    for one in copies(place)[-3:]:
        for name, entry in json.loads((one / LIST).read_text()).items():
            path = one / name
            if not path.exists():
                print(f"missing: {path}")
            elif digest(path) != entry["sha256"]:
                print(f"changed: {path}")
            else:
                continue
            bad += 1
        print(f"{one.name}: read back.")
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["copy", "check", "show"])
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    if options.what == "copy":
        if len(options.paths) < 2:
            sys.exit("Say the folder, and at least one place for its copy.")
        for place in options.paths[1:]:
            copy(options.paths[0], place, datetime.datetime.now())
    elif options.what == "check":
        bad = sum(check(place) for place in options.paths)
        sys.exit(f"{bad} files are not what they were." if bad else 0)
    else:
        for one in copies(options.paths[0]):
            print(one.name, len(json.loads((one / LIST).read_text())), "files")


if __name__ == "__main__":
    main()
