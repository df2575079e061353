"""Memory of a process that stays: what was loaded at its start is not looked through again and again for garbage."""

import gc
from typing import Final

# How many new objects are waited for. Those of the hot road hold no rings and go by themselves.
PATIENCE: Final = (30_000, 20, 20)


def settle() -> None:
    """To be called once, when everything that lives as long as the process is there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*PATIENCE)
