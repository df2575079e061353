"""Asks an OpenAI-compatible endpoint one question, within a time limit; nothing of it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpx

from config.errors import InputError

LARGEST = 64_000


@dataclass(frozen=True, slots=True)
class OpinionClient:
    """`url` is the whole address of chat completions; `secret` gives the key, "" for none."""

    url: str
    model: str
    secret: Callable[[], str]
    timeout: timedelta

    def ask(self, messages: Sequence[dict[str, str]]) -> str:
        """The words of the first choice; InputError says why there are none. The key stands in no error."""
        key = self.secret()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        body = {"model": self.model, "messages": list(messages), "temperature": 0, "max_tokens": 200}
        try:
            with httpx.Client(timeout=self.timeout.total_seconds(), follow_redirects=False) as client:
                answer = client.post(self.url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise InputError(f"second opinion: no answer ({type(error).__name__})") from None
        if answer.status_code != httpx.codes.OK or len(answer.content) > LARGEST:
            raise InputError(f"second opinion: answered {answer.status_code}, {len(answer.content)} bytes")
        try:
            said = answer.json()["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise InputError(f"second opinion: not what chat completions answer ({type(error).__name__})") from error
        return str(said)
