"""Where the data lie that measurements and training read and the project does not ship."""

from pathlib import Path

from config.errors import InputError

HERE = Path(__file__).parents[1]
FOLDER = HERE.parent / "shared" / "bench"


def folder(name: str) -> Path:
    """`../shared/bench/NAME` beside the checkout; InputError says that it is not there."""
    found = FOLDER / name
    if not found.is_dir():
        raise InputError(f"bench: ../shared/bench/{name} is not beside this checkout; these figures need its data")
    return found


def crises(name: str) -> Path:
    """`../shared/bench/spike/data/NAME/dev`; InputError says that it is not there."""
    found = folder("spike") / "data" / name / "dev"
    if not found.is_dir():
        raise InputError(f"bench: ../shared/bench/spike/data/{name}/dev is not there; these figures need its data")
    return found
