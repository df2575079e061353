"""Lives of brands that many tests of the detector go on from: built once, kept as text."""

import pytest

from tests.monitor import lives


@pytest.fixture(scope="session")
def noon() -> str:
    return lives.noon()


@pytest.fixture(scope="session")
def silent() -> str:
    return lives.silent()
