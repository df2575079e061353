"""A crew around the test's own store and clock."""

import pytest

from tests.alerts.crew import Crew


@pytest.fixture
def crew(store, clock, ids):
    return Crew(store, clock, ids)
