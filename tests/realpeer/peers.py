"""Starts the real programs a person installed beside this checkout, on loopback, and stops exactly what it started."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import httpx
import pytest

from config.clock import rest, stopwatch

STARTS_WITHIN = 90.0
STOPS_WITHIN = 10.0


def package(variable: str, name: str) -> Path:
    """The folder of the npm package `name` under the folder that `variable` names.

    Skips when the variable is not set: a peer is never asked of anybody, GOLDENHOUR_NO_SKIP included. Fails when it
    is set and the package is not there: whoever set it meant to run these tests.
    """
    named = os.environ.get(variable, "")
    if not named:
        pytest.skip(f"{variable} names no folder with {name} in it: this real program is not here")
    found = Path(named).resolve() / "node_modules" / name
    if not (found / "package.json").is_file():
        pytest.fail(f"{variable}: no node_modules/{name} in the folder it names")
    return found


def node(*majors: int) -> str:
    """The `node` on PATH; skips when there is none or none of these major versions."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("no node on PATH: real programs of npm cannot run")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout.strip()
    if majors and int(said.lstrip("v").partition(".")[0]) not in majors:
        wanted = " or ".join(map(str, majors))
        pytest.skip(f"node {said} is on PATH and this program needs {wanted}; put a newer one first")
    return found


def program(folder: Path, name: str) -> Path:
    """The script a package of npm names as its command `name`."""
    return folder / str(json.loads((folder / "package.json").read_text(encoding="utf-8"))["bin"][name])


@contextmanager
def running(words: Sequence[str | Path], *, ready: str, folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """The program, from when `ready` answers 200 until the block ends. Its words go to a file in `folder`."""
    said = folder / "said.txt"
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder), **settings}
    with said.open("wb") as log:
        process = subprocess.Popen(
            [str(word) for word in words],
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait(process, ready, said)
        yield
    finally:
        _stop(process)


def _wait(process: "subprocess.Popen[bytes]", ready: str, said: Path) -> None:
    began = stopwatch()
    with httpx.Client(trust_env=False, timeout=2) as client:
        while stopwatch() - began < STARTS_WITHIN:
            if process.poll() is not None:
                break
            try:
                if client.get(ready).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            rest(timedelta(milliseconds=100), Event())
    tail = said.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise AssertionError(f"{ready} did not answer within {STARTS_WITHIN:g} s (exit {process.poll()}):\n{tail}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOPS_WITHIN)
