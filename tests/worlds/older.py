"""Golden Hour as it was: the migrations up to one revision, to make a store of that time with."""

import shutil
from pathlib import Path

from store import migrations


def scripts_until(revision: str, folder: Path) -> Path:
    """The migrations of a version whose newest was `revision`, in a folder of their own below `folder`."""
    scripts = folder / "scripts"
    shutil.copytree(migrations.HERE, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    for path in scripts.joinpath("versions").glob("*.py"):
        if path.name[:4] > revision:
            path.unlink()
    return scripts
