"""The same stories on both houses: SQLite + inline, and PostgreSQL + Redis + RQ worker processes."""

import pytest

from tests.worlds.company import Company


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
