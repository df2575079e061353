"""One file per command; each has `add(parser)` and `run(args) -> exit code`."""

import argparse
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

from config.errors import SettingsError
from config.load import environment, load
from config.settings import Settings
from config.veil import VeiledFormatter, cover, key_file, secret_values

FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
# These name whole addresses, hooks among them, in what they log below WARNING.
TALKATIVE = ("httpx", "httpcore", "apprise", "urllib3")


def say(line: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def log_to_stderr(settings: Settings | None = None, level: int = logging.WARNING) -> None:
    """What a process logs from this level on, traces too, without any secret of these settings.

    Call it once before the settings are read and again when they are known.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(VeiledFormatter(FORM, lambda: secrets_of(settings)))
    handler.setLevel(level)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # What nobody caught would be printed as it is.
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def log_of_environment() -> None:
    """The same for a worker process, which finds its settings where its parent named them."""
    log_to_stderr()
    env = environment()
    try:
        log_to_stderr(load(Path(env.get("GOLDENHOUR_CONFIG") or root() / "config"), env, root()))
    except SettingsError:
        # Whoever needs the settings next says what is wrong with them.
        return


def secrets_of(settings: Settings | None) -> set[str]:
    """Everything that must not be seen: the settings' secrets and the key an embedded house made for itself."""
    found = secret_values(settings, environment())
    url = settings.service.store.url if settings else ""
    if settings and url.startswith("sqlite:///"):
        found |= key_file((settings.root / url.removeprefix("sqlite:///")).with_name("secret.key"))
    return found


def veiled(line: str, settings: Settings | None = None) -> str:
    """A line for people's eyes without secrets."""
    return cover(line, secrets_of(settings))


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("goldenhour").critical("ended by what nobody caught", exc_info=(kind, error, trace))


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def root() -> Path:
    """The checkout's folder; relative paths in the settings start here."""
    return Path(environment().get("GOLDENHOUR_ROOT") or Path.cwd())


def add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, help="folder with service.toml, watch.toml, team.toml (default: config)")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings the person named, or GOLDENHOUR_CONFIG, or the shipped folder."""
    return load(folder_of(args), environment(), root())


def folder_of(args: argparse.Namespace) -> Path:
    """Where those settings lie."""
    return args.config or Path(environment().get("GOLDENHOUR_CONFIG") or root() / "config")
