"""A PagerDuty that keeps its rules: routing keys, size, 120 a minute, and one alert per key with its state."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
OTHER_KEY = "a" * 32
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"
SAYS: dict[int, dict[str, Any]] = {
    400: {"status": "invalid event", "message": "Event object is invalid", "errors": ["Invalid routing key"]},
    429: {
        "status": "throttle exceeded",
        "message": "Requests for this service are arriving too quickly.  Please retry later.",
    },
}
SEVERITIES = ("critical", "error", "warning", "info")


@dataclass
class Alert:
    """One alert; `told` are the payloads that were applied to it, `rang` how often somebody's phone rang."""

    state: str = "triggered"
    told: list[dict[str, Any]] = field(default_factory=list)
    rang: int = 1


class Pagerduty(Receiver):
    """`alerts` are kept by (routing key, dedup key); a resolved one makes room for a new one and goes to `closed`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.base = self.url.removesuffix("/chat")
        self.alerts: dict[tuple[str, str], Alert] = {}
        self.closed: list[Alert] = []
        self.turns: list[tuple[str, datetime]] = []
        self.instead: Answer | None = None

    def refuse(self, status: int, wait: str = "") -> None:
        """Every event is answered with this status in PagerDuty's own words."""
        self.headers = {"Retry-After": wait} if wait else {}
        self.instead = status, json.dumps(SAYS.get(status, {"status": "error", "message": "no"})).encode()

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        if came.path != "/v2/enqueue":
            return 404, HTML
        if len(came.body) > 512_000:
            return 413, b"<html><head><title>413 Request Entity Too Large</title></head></html>"
        said = json.loads(came.body.decode("utf-8", "strict"))
        faults = _faults(said)
        if faults:
            return 400, json.dumps({**SAYS[400], "errors": faults}).encode()
        if self._hurried(said["routing_key"]):
            return 429, json.dumps(SAYS[429]).encode()
        self._apply(said)
        yes = {"status": "success", "message": "Event processed", "dedup_key": said["dedup_key"]}
        return 202, json.dumps(yes).encode()

    def _apply(self, said: dict[str, Any]) -> None:
        name = said["routing_key"], said["dedup_key"]
        known = self.alerts.get(name)
        if said["event_action"] == "trigger":
            # On an open alert, also an acknowledged one, this is one more line and rings nobody.
            self.alerts.setdefault(name, Alert()).told.append(said)
        elif known and said["event_action"] == "acknowledge":
            known.state = "acknowledged"
        elif known:
            known.state = "resolved"
            self.closed.append(self.alerts.pop(name))

    def _hurried(self, key: str) -> bool:
        now = self.clock()
        self.turns = [(one, at) for one, at in self.turns if now - at < timedelta(minutes=1)]
        if sum(one == key for one, _ in self.turns) >= 120:
            return True
        self.turns.append((key, now))
        return False


def _faults(said: dict[str, Any]) -> list[str]:
    key, dedup = said.get("routing_key", ""), said.get("dedup_key", "")
    faults = []
    if len(key) != 32:
        faults.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    elif key not in (KEY, OTHER_KEY):
        faults.append("Invalid routing key")
    if not 0 < len(dedup) <= 255:
        faults.append("Length of 'dedup_key' is incorrect")
    if said.get("event_action") not in ("trigger", "acknowledge", "resolve"):
        faults.append("'event_action' is invalid")
    if said.get("event_action") == "trigger":
        faults += _payload_faults(said.get("payload", {}))
        faults += [f"'links' needs href {one}" for one in said.get("links", []) if not one.get("href")]
    return faults


def _payload_faults(payload: dict[str, Any]) -> list[str]:
    faults = [f"'payload.{name}' is missing or blank" for name in ("summary", "source") if not payload.get(name)]
    if len(payload.get("summary", "")) > 1024:
        faults.append("'payload.summary' is longer than 1024 characters")
    if payload.get("severity") not in SEVERITIES:
        faults.append("'payload.severity' is invalid (must be one of the following: 'critical', 'warning' …)")
    return faults
