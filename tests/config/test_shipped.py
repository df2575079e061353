"""The shipped settings are complete, right, and explain themselves; every fault of a broken set is said at once."""

import re
import shutil

import pytest
from pydantic import BaseModel

from config.calendar import Calendar
from config.errors import SettingsError
from config.load import SHIPPED, load, secret
from config.settings import Service, Team, Watch
from config.taxonomy import load_taxonomy
from config.team import HANDBOOK

FILES = {"service.toml": Service, "watch.toml": Watch, "team.toml": Team}
EXPLAINED = FILES | {"calendar.toml": Calendar}


def keys_of(model: type[BaseModel]) -> set[str]:
    """Every key of a model and of the models inside it."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for inner in re.findall(r"config\.\w+\.(\w+)", str(field.annotation)):
            found |= keys_of(MODELS[inner]) if inner in MODELS else set()
    return found


def _models() -> dict[str, type[BaseModel]]:
    import config.accounts
    import config.calendar
    import config.gateways
    import config.mapping
    import config.settings
    import config.sources
    import config.team
    import config.watch

    places = (
        config.accounts, config.calendar, config.gateways, config.mapping, config.settings, config.sources,
        config.team, config.watch,
    )  # fmt: skip
    return {
        name: one
        for place in places
        for name, one in vars(place).items()
        if isinstance(one, type) and issubclass(one, BaseModel)
    }


MODELS = _models()


@pytest.mark.parametrize("file", EXPLAINED)
def test_every_setting_stands_in_the_shipped_file(file):
    text = (SHIPPED / file).read_text(encoding="utf-8")
    if file == "watch.toml":
        # How a place is described stands in the descriptions that are shipped.
        text += "".join(one.read_text(encoding="utf-8") for one in sorted((SHIPPED / "presets").glob("*.toml")))
    written = set(re.findall(r"^[ \t]*#?[ \t]*(?:\[\[?)?([a-z_.]+)\]?\]?[ \t]*(?:=|$|#)", text, re.M)) | set(
        re.findall(r"[{,]\s*([a-z_]+)\s*=", text)
    )
    written = {part for name in written for part in name.split(".")}
    assert keys_of(EXPLAINED[file]) - written == set()


@pytest.mark.parametrize("file", EXPLAINED)
def test_every_setting_is_described(file):
    def walk(model):
        for name, field in model.model_fields.items():
            inner = [one for one in re.findall(r"config\.\w+\.(\w+)", str(field.annotation)) if one in MODELS]
            for one in inner:
                walk(MODELS[one])
            assert field.description or inner, f"{model.__name__}.{name}"

    walk(EXPLAINED[file])


def test_the_shipped_settings_load(tmp_path):
    settings = load(SHIPPED, {}, tmp_path)
    assert settings.team.spokesperson == "zhao"
    assert settings.team.faults() == []
    assert settings.team.answer == HANDBOOK
    assert len(load_taxonomy().categories) >= 17


@pytest.fixture
def folder(tmp_path):
    for file in FILES:
        shutil.copy(SHIPPED / file, tmp_path / file)
    return tmp_path


def test_three_faults_in_three_files_are_said_at_once(folder):
    change(folder / "service.toml", "port = 8080", "port = 99999")
    change(folder / "watch.toml", "voices = 6", 'voices = 6\nvoicess = "six"')
    change(folder / "team.toml", 'after = "5m"', 'after = "5 minutes"')
    with pytest.raises(SettingsError) as caught:
        load(folder, {}, folder)
    faults = caught.value.faults
    assert len(faults) == 3
    assert any(fault.startswith("service.toml: web.port: ") and "65535" in fault for fault in faults)
    assert "watch.toml: thresholds.voicess: no such key" in faults
    assert any(fault.startswith("team.toml: escalation.steps.2.after: ") and '"5m"' in fault for fault in faults)


def test_broken_toml_and_a_missing_file_name_themselves(folder):
    (folder / "watch.toml").unlink()
    (folder / "team.toml").write_text("spokesperson = zhao", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(folder, {}, folder)
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["watch.toml", "team.toml"]


def test_redis_with_sqlite_is_refused_and_says_what_is_allowed(folder):
    change(folder / "service.toml", 'kind = "threads"', 'kind = "redis"')
    with pytest.raises(SettingsError) as caught:
        load(folder, {}, folder)
    assert any("postgresql://" in fault for fault in caught.value.faults)
    assert any("redis_url" in fault for fault in caught.value.faults)


def test_people_who_do_not_exist_are_named_with_those_who_do(folder):
    change(folder / "team.toml", 'spokesperson = "zhao"', 'spokesperson = "nobody"')
    with pytest.raises(SettingsError, match="nobody is called 'nobody'; allowed: chen, li"):
        load(folder, {}, folder)


def test_a_secret_comes_from_a_file_and_a_missing_one_is_a_fault(folder, tmp_path):
    (tmp_path / "s").write_text("hush\n", encoding="utf-8")
    assert secret("X", {"X_FILE": str(tmp_path / "s"), "X": "other"}) == "hush"
    assert secret("X", {}) == ""
    with pytest.raises(SettingsError, match="X_FILE: the file cannot be read"):
        secret("X", {"X_FILE": str(tmp_path / "none")})
    change(folder / "service.toml", 'user = ""', 'user = "me"')
    with pytest.raises(SettingsError, match="GOLDENHOUR_SMTP_PASSWORD"):
        load(folder, {}, folder)


def test_the_environment_overrides_what_containers_need(folder):
    given = {"GOLDENHOUR_STORE_URL": "postgresql://a@b/c", "GOLDENHOUR_PORT": "9000"}
    service = load(folder, given, folder).service
    assert (service.store.url, service.web.port) == ("postgresql://a@b/c", 9000)


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('after_breach = "15m"', 'after_breach = "0s"', "first_hour.after_breach: "),
        ('cycle = "15m"', 'cycle = "0m"', "escalation.cycle: "),
        ('address = "li@xinghe.example"', 'address = "li at xinghe"', "person.li.endpoint.1: email: "),
    ],
)
def test_what_would_only_fail_at_night_is_refused_at_noon(folder, old, new, said):
    change(folder / "team.toml", old, new)
    with pytest.raises(SettingsError) as caught:
        load(folder, {}, folder)
    assert [fault.startswith(f"team.toml: {said}") for fault in caught.value.faults] == [True]


def test_an_escalation_without_steps_is_refused(folder):
    text = (folder / "team.toml").read_text(encoding="utf-8")
    begin, end = text.index("steps = ["), text.index("]\n\n[first_hour]")
    (folder / "team.toml").write_text(text[:begin] + "steps = []" + text[end + 1 :], encoding="utf-8")
    with pytest.raises(SettingsError, match="team.toml: escalation.steps: "):
        load(folder, {}, folder)
