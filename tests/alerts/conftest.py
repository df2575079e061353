"""A crew around a store and clock of its own; the schema is written once and copied, because migrating costs most."""

import shutil

import pytest

from store import migrations
from store.database import Store
from tests.alerts.crew import Crew


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    path = tmp_path_factory.mktemp("blank") / "test.db"
    blank = Store(f"sqlite:///{path}")
    migrations.migrate(blank)
    blank.close()
    return path


@pytest.fixture
def store(migrated, tmp_path):
    shutil.copy(migrated, tmp_path / "test.db")
    opened = Store(f"sqlite:///{tmp_path}/test.db")
    yield opened
    opened.close()


@pytest.fixture
def crew(store, clock, ids):
    return Crew(store, clock, ids)
