#!/usr/bin/env python3
"""Sextant: renames photographs by when they were taken.

    sextant.py FOLDER            shows what it would do
    sextant.py FOLDER --do       does it, and writes an undo list
    sextant.py FOLDER --undo     takes the last renaming back

The time is read from the photograph itself (Exif's DateTimeOriginal of a JPEG), else it is the file's. Two that
were taken in the same second get a letter. Needs Python 3.9 and nothing else.
"""
import argparse
import datetime
import json
import pathlib
import struct
import sys

KINDS = {".jpg", ".jpeg", ".png", ".heic", ".raw", ".dng", ".mp4", ".mov"}
UNDO = "sextant-undo.json"


def exif_time(path):
    """DateTimeOriginal of a JPEG, or None."""
    data = path.read_bytes()[: 1 << 18]
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind, size = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if kind == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            return from_tiff(data[at + 10 : at + 2 + size])
        if kind == 0xDA:
            return None
        at += 2 + size
    return None


def from_tiff(tiff):
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None

    def entries(start):
        try:
            count = struct.unpack(order + "H", tiff[start : start + 2])[0]
            for number in range(count):
                yield struct.unpack(order + "HHII", tiff[start + 2 + 12 * number : start + 14 + 12 * number])
        except struct.error:
            return

    try:
        first = struct.unpack(order + "I", tiff[4:8])[0]
    except struct.error:
        return None
    for tag, _, _, value in entries(first):
        if tag != 0x8769:
            continue
        for inner, _, count, place in entries(value):
            if inner == 0x9003:
                text = tiff[place : place + count].rstrip(b"\0 ").decode("ascii", "replace")
                try:
                    return datetime.datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
                except ValueError:
                    return None
    return None


def plan(folder, pattern):
    taken, moves = set(), []
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in KINDS):
        when = exif_time(path) or datetime.datetime.fromtimestamp(path.stat().st_mtime)
        stem = when.strftime(pattern)
        for letter in ["", *"abcdefghijklmnopqrstuvwxyz"]:
            name = f"{stem}{letter}{path.suffix.lower()}"
            if name not in taken:
                break
        else:
            sys.exit(f"More than 27 photographs in the second of {path.name}.")
        taken.add(name)
        if name != path.name:
            moves.append((path.name, name))
    return moves


def rename(folder, moves):
    # By way of names that nobody has, so that two may change places.
    for number, (old, _) in enumerate(moves):
        (folder / old).rename(folder / f".sextant-{number}")
    for number, (_, new) in enumerate(moves):
        if (folder / new).exists():
            sys.exit(f"{new} is there already; the rest waits as .sextant-*.")
        (folder / f".sextant-{number}").rename(folder / new)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--do", action="store_true")
    parser.add_argument("--undo", action="store_true")
    parser.add_argument("--pattern", default="%Y-%m-%d %H.%M.%S")
    options = parser.parse_args()
    if options.undo:
        moves = json.loads((options.folder / UNDO).read_text())
        rename(options.folder, [(new, old) for old, new in moves])
        (options.folder / UNDO).unlink()
        return print(f"{len(moves)} have their old names.")
    moves = plan(options.folder, options.pattern)
    for old, new in moves:
        print(f"{old}  ->  {new}")
    if options.do and moves:
        (options.folder / UNDO).write_text(json.dumps(moves))
        rename(options.folder, moves)
    print(f"{len(moves)} {'renamed' if options.do else 'would be renamed; say --do'}.")


if __name__ == "__main__":
    main()
