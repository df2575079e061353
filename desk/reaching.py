"""What the channels may use, from the settings and the environment: the one way the service and its tests share."""

from collections.abc import Callable, Mapping
from functools import partial

from alerts.channels import Reach
from config.clock import Clock
from config.load import secret
from config.settings import Settings


def reach_of(settings: Settings, env: Mapping[str, str], clock: Clock) -> Reach:
    """Accounts, the time for signatures, secrets by name, and the secret's name per address."""
    return reach_from(settings, partial(secret, env=env), clock)


def reach_from(settings: Settings, find: Callable[[str], str], clock: Clock) -> Reach:
    """The same with secrets found by `find`."""
    names = {one.address: one.secret_env for person in settings.team.person for one in person.endpoint}
    return Reach(settings.service.mail, find, names, settings.service.gateways, clock)
