"""The fault classifier: n-grams of sentences (the scorer's machine) beside the wording rules of the statements wing."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from config.errors import InputError
from desk.fault_model.reading import FaultModel
from statements.rules.wording import Wording, load_wording


def wording_with_reader(warn: Callable[[str], None], *, rules_only: bool = False) -> Wording:
    """The shipped rules with the shipped reader beside them; without usable weights the rules alone, said once."""
    wording = load_wording()
    if rules_only:
        return wording
    try:
        return replace(wording, reader=_shipped())
    except InputError as error:
        warn(f"{error}; the rules alone judge")
        return wording


@cache
def _shipped() -> FaultModel:
    """Read once a process: the weights do not change while it runs."""
    return FaultModel()
