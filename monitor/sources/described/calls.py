"""One question to a JSON place and its answer: limits are asked, the key is carried, every refusal gets its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from config.errors import SourceError
from config.mapping import JsonSpec, Limits, Request
from config.sources import JsonSource
from config.veil import cover
from monitor.sources.described.ask import Question, question_of
from monitor.sources.described.errors import answered, refusal, rule_for, used_up
from monitor.sources.described.oauth import Tokens
from monitor.sources.described.text import Parsed, parse_json, text_in
from monitor.sources.tools import Tools
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.fetch import Fetched
from store.nouns import Outcome

_LIMITED = (Outcome.RATE_LIMITED, Outcome.QUOTA_EXHAUSTED)
_NO_FAULT = SourceError("", outcome=Outcome.OK)
# Tokens are memory of the process: whoever reads next shares them, nobody writes them down.
TOKENS = Tokens()


@dataclass(frozen=True, slots=True)
class Answer:
    """`empty`: an error rule says that this error means nothing was found."""

    document: Any
    headers: Mapping[str, str]
    url: str
    repaired: bool = False
    empty: bool = False


@dataclass(slots=True)
class Caller:
    """Asks on behalf of one read of one source. No message of its errors holds the key."""

    source: JsonSource
    spec: JsonSpec
    request: Request
    limits: Limits
    tools: Tools
    _secrets: list[str] = field(default_factory=list, repr=False)
    _new_token: bool = False
    asked: int = 0

    def ask(self, names: Mapping[str, str], link: str = "") -> Answer:
        """The answer to the request with `names` in it; SourceError with its outcome and `until` when there is none."""
        try:
            return self._with_token(names, link)
        except SourceError as error:
            said = cover(str(error), self._secrets)
            raise SourceError(said, outcome=error.outcome, permanent=error.permanent, until=error.until) from None

    def _with_token(self, names: Mapping[str, str], link: str) -> Answer:
        try:
            return self._once(names, link)
        except SourceError as error:
            old = self.request.auth.type == "oauth2" and not self._new_token
            if error.outcome != Outcome.AUTH_FAILED or not old:
                raise
        # The token was taken back before its time; a new one may be good.
        TOKENS.forget(self.request.auth, self._secret())
        return self._once(names, link)

    def _once(self, names: Mapping[str, str], link: str) -> Answer:
        secret = self._secret()
        self.tools.limiter.ask(self.source.account, self.limits)
        self.asked += 1
        question = question_of(self.request, names, self._key(secret), link)
        try:
            return self._answer(question)
        except SourceError as error:
            if error.outcome in _LIMITED and error.until:
                self.tools.limiter.stop(self.source.account, error.until, cover(str(error), self._secrets))
            raise

    def _answer(self, question: Question) -> Answer:
        try:
            fetched = self.tools.fetch.fetch(question.url, headers=question.headers, body=question.body)
        except ErrorAnswer as error:
            return self._refused(error)
        text = text_in(fetched.body, fetched.content_type, ZoneInfo(self.source.zone))
        parsed, fault = self._parsed(text)
        rule = rule_for(self.spec, text, parsed.document if parsed else None)
        if rule and rule.outcome == Outcome.EMPTY:
            return self._empty(fetched)
        if rule:
            document = parsed.document if parsed else None
            raise _of_host(fetched.host, refusal(rule, document, fetched.headers, self.limits, self.tools.now))
        if parsed is None:
            raise _of_host(fetched.host, fault)
        until = used_up(fetched.headers, self.tools.now)
        if until:
            self.tools.limiter.stop(self.source.account, until, f"{fetched.host}: the allowance is used up")
        return Answer(parsed.document, fetched.headers, fetched.final_url, parsed.repaired)

    def _refused(self, error: ErrorAnswer) -> Answer:
        """What a 4xx or 5xx means: by the rules first, else by its status."""
        text = text_in(error.body, error.headers.get("content-type", ""), ZoneInfo(self.source.zone))
        parsed, _ = self._parsed(text)
        document = parsed.document if parsed else None
        rule = rule_for(self.spec, text, document, error.status) if error.outcome != Outcome.BLOCKED else None
        if rule is None:
            raise answered(error, self.limits, self.tools.now)
        if rule.outcome == Outcome.EMPTY:
            return Answer(None, error.headers, "", empty=True)
        host = str(error).partition(":")[0]
        raise _of_host(host, refusal(rule, document, error.headers, self.limits, self.tools.now))

    def _parsed(self, text: str) -> tuple[Parsed | None, SourceError]:
        try:
            return parse_json(text, jsonp=self.spec.shape == "jsonp"), _NO_FAULT
        except SourceError as error:
            return None, error

    def _empty(self, fetched: Fetched) -> Answer:
        return Answer(None, fetched.headers, fetched.final_url, empty=True)

    def _secret(self) -> str:
        name = self.source.secret_name
        if not name:
            return ""
        secret = self.tools.secret(name)
        if not secret:
            host = urlsplit(self.request.url).hostname
            raise SourceError(f"{host}: {name} is not in the environment", outcome=Outcome.AUTH_FAILED)
        self._hide(secret, *secret.split(":", 1))
        return secret

    def _key(self, secret: str) -> str:
        if self.request.auth.type != "oauth2":
            return secret
        token = TOKENS.kept(self.request.auth, secret, self.tools.now)
        if not token:
            self._new_token = True
            token = TOKENS.ask(self.request, secret, self.tools.fetch, self.tools.now)
        self._hide(token)
        return token

    def _hide(self, *values: str) -> None:
        self._secrets += [value for value in values if value and value not in self._secrets]


def _of_host(host: str, error: SourceError) -> SourceError:
    return SourceError(f"{host}: {error}", outcome=error.outcome, permanent=error.permanent, until=error.until)
