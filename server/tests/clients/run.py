#!/usr/bin/env python3
"""Drives client libraries that nobody here wrote against a running Amazon Payments.

    server/tests/clients/run.py [PROGRAM]

PROGRAM is the built `digitaldownload` (default: target/debug/digitaldownload). The libraries come from
PyPI into a virtual environment that lives as long as the run; nothing else is installed. Ends with a
line of totals. Exit status: 0 all passed, 1 something failed, 69 SKIPPED.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LIBRARIES = ["boto==2.49.0"]
SKIPPED = 69


def skip(reason):
    print(f"SKIPPED: real client libraries were not run: {reason}")
    sys.exit(SKIPPED)


def environment(folder):
    """A virtual environment with the libraries; the path of its Python."""
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=60)
    except (subprocess.SubprocessError, OSError) as error:
        skip(f"no virtual environment can be made ({error})")
    python = pathlib.Path(folder) / "bin" / "python"
    print(f"installing {', '.join(LIBRARIES)} from PyPI into a temporary virtual environment")
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", *LIBRARIES]
    try:
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=60)
    except subprocess.CalledProcessError as error:
        skip(f"pip cannot install them: {(error.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    except (subprocess.TimeoutExpired, OSError) as error:
        skip(f"pip cannot install them ({error})")
    return python


def start(program, data):
    """The running program and the URLs of its sites."""
    server = subprocess.Popen(
        [
            program, "serve", "--data-dir", data,
            "--shop-addr", "127.0.0.1:0", "--payments-addr", "127.0.0.1:0",
        ],
        env={"DD_PROCESSOR_DELAY_MS": "0", "RUST_LOG": "warn"},
        stdout=subprocess.PIPE,
        text=True,
    )
    urls = {}
    for line in server.stdout:
        if line.strip() == "ready":
            return server, urls
        name, _, url = line.strip().partition(" ")
        urls[name] = url
    sys.exit("the program ended before it was ready")


def main():
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/debug/digitaldownload")
    if not program.exists():
        sys.exit(f"{program} is not there; build it with: cargo build -p server")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as environment_folder, tempfile.TemporaryDirectory() as data:
        python = environment(environment_folder)
        server, urls = start(program, data)
        try:
            tests = subprocess.run([python, HERE / "boto_fps.py", urls["payments"], urls["shop"]], timeout=300)
        finally:
            server.terminate()
            server.wait(timeout=15)
    print(f"real clients took {time.monotonic() - started:.0f} s")
    sys.exit(1 if tests.returncode else 0)


if __name__ == "__main__":
    main()
