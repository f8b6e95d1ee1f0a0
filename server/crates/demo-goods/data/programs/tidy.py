#!/usr/bin/env python3
"""Tidy Downloads: moves what has lain about for a week into folders by kind and month.

    tidy.py FOLDER           shows what it would do
    tidy.py FOLDER --do      does it

Nothing is deleted. A file whose twin is there already (same bytes) goes to "Twice". Needs Python 3.9.
"""
import argparse
import datetime
import hashlib
import pathlib
import shutil

KINDS = {
    "Pictures": ".jpg .jpeg .png .gif .webp .svg .heic",
    "Papers": ".pdf .doc .docx .odt .txt .md .epub",
    "Tables": ".csv .xls .xlsx .ods .json",
    "Sound and film": ".mp3 .wav .flac .ogg .mp4 .mov .mkv",
    "Archives": ".zip .gz .xz .tar .7z .dmg .iso",
    "Programs": ".exe .msi .deb .rpm .appimage .pkg .sh .py",
}
FOLDERS = {ending: name for name, endings in KINDS.items() for ending in endings.split()}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def target(folder, path, seen):
    content = digest(path)
    if content in seen:
        return folder / "Twice" / path.name
    seen.add(content)
    month = datetime.datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m")
    return folder / FOLDERS.get(path.suffix.lower(), "Other") / month / path.name


def free(path):
    number, to = 2, path
    while to.exists():
        to = path.with_stem(f"{path.stem} {number}")
        number += 1
    return to


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--do", action="store_true")
    parser.add_argument("--days", type=int, default=7)
    options = parser.parse_args()
    before = datetime.datetime.now().timestamp() - options.days * 86400
    seen, count = set(), 0
    for path in sorted(p for p in options.folder.iterdir() if p.is_file() and not p.name.startswith(".")):
        if path.stat().st_mtime > before:
            continue
        to = free(target(options.folder, path, seen))
        print(f"{path.name}  ->  {to.relative_to(options.folder)}")
        count += 1
        if options.do:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, to)
    print(f"{count} {'moved' if options.do else 'would move; say --do'}.")


if __name__ == "__main__":
    main()
