"""A house with its desk, as every test of the screens needs it."""

import pytest

from tests.desk.house import House


@pytest.fixture
def house(store, clock, ids):
    return House(store, clock, ids)
