"""docker-compose.yml and the Dockerfile say nothing the command line and the settings do not know."""

from pathlib import Path

import yaml

from config.load import OVERRIDES
from desk.cli import COMMANDS

ROOT = Path(__file__).parents[2]
OURS = {"goldenhour": None, "migrate": "many", "serve": "many", "work": "many"}
KNOWN = set(OVERRIDES) | {"GOLDENHOUR_CONFIG", "GOLDENHOUR_SECRET"}


def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_every_service_of_ours_starts_a_command_that_exists():
    services = compose()["services"]
    assert set(services) == {*OURS, "postgres", "redis"}
    for name, profile in OURS.items():
        assert services[name]["command"][0] in COMMANDS
        assert services[name].get("profiles") == ([profile] if profile else None)
        assert set(services[name]["environment"]) <= KNOWN


def test_the_default_is_one_container_with_a_volume_and_a_health_check():
    services = compose()["services"]
    assert [name for name, one in services.items() if "profiles" not in one] == ["goldenhour"]
    assert "data:/app/data" in services["goldenhour"]["volumes"]
    assert "/health" in services["goldenhour"]["healthcheck"]["test"][-1]


def test_many_processes_share_postgres_redis_with_aof_and_wait_for_the_schema():
    services = compose()["services"]
    for name in ("migrate", "serve", "work"):
        assert services[name]["environment"]["GOLDENHOUR_STORE_URL"].startswith("postgresql://")
        assert services[name]["environment"]["GOLDENHOUR_RUNNER"] == "redis"
    assert services["redis"]["command"] == ["redis-server", "--appendonly", "yes"]
    for name in ("serve", "work"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_image_uses_the_lock_and_is_not_root():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert any("uv sync --frozen" in line for line in lines)
    assert "USER goldenhour" in lines
    assert 'ENTRYPOINT ["python", "-m", "desk"]' in lines
