#!/usr/bin/env python3
"""Inkwell Notes: plain text in plain folders, found again.

    inkwell.py new "What it is about"     begins a note and opens it
    inkwell.py find WORD [WORD ...]       notes that have all the words, best first
    inkwell.py today                      opens the note of the day
    inkwell.py tags                       every #tag, and how often
    inkwell.py links NAME                 notes that name this one as [[NAME]]

Notes are .txt files below ~/Notes, or below $INKWELL. Nothing else is written. Needs Python 3.10 and nothing else.
"""
import collections
import datetime
import os
import pathlib
import re
import subprocess
import sys

HOME = pathlib.Path(os.environ.get("INKWELL", pathlib.Path.home() / "Notes"))


def notes():
    return sorted(HOME.rglob("*.txt"))


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def edit(path, beginning):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(beginning, encoding="utf-8")
    editor = os.environ.get("EDITOR", "nano")
    subprocess.run([*editor.split(), str(path)], check=False)


def new(title):
    name = re.sub(r"[^\w -]", "", title).strip()[:80] or "note"
    day = datetime.date.today()
    edit(HOME / f"{day:%Y}" / f"{name}.txt", f"{title}\n{'=' * len(title)}\n{day}\n\n")


def find(words):
    found = []
    for path in notes():
        text = read(path).lower()
        counts = [text.count(word.lower()) for word in words]
        if all(counts):
            # A word in the name counts like ten in the text.
            named = sum(word.lower() in path.stem.lower() for word in words)
            found.append((sum(counts) + 10 * named, path))
    for score, path in sorted(found, key=lambda pair: (-pair[0], pair[1])):
        line = next(l for l in read(path).splitlines() if words[0].lower() in l.lower()) if score else ""
        print(f"{path.relative_to(HOME)}\n    {line.strip()[:90]}")
    if not found:
        sys.exit(f"No note has {' and '.join(words)}.")


def tags():
    counts = collections.Counter(tag for path in notes() for tag in re.findall(r"(?<!\w)#(\w[\w-]*)", read(path)))
    for tag, count in counts.most_common():
        print(f"{count:5} #{tag}")


def links(name):
    for path in notes():
        if f"[[{name}]]" in read(path):
            print(path.relative_to(HOME))


def main(arguments):
    match arguments:
        case ["new", *title] if title:
            new(" ".join(title))
        case ["find", *words] if words:
            find(words)
        case ["today"]:
            day = datetime.date.today()
            edit(HOME / f"{day:%Y}" / f"{day}.txt", f"{day:%A, %d %B %Y}\n\n")
        case ["tags"]:
            tags()
        case ["links", name]:
            links(name)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
