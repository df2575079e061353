"""Every failure the house can name, as one tree; the runner and the screens read `permanent` and the message.

GoldenHourError
├─ SettingsError(faults)      a settings file is wrong: file, key, what is allowed      -> exit 2, all faults printed
├─ InputError                 what a person or a file handed in cannot be used       -> exit 2 / 400
├─ StoreError                 the database is older, newer, locked or in use            -> exit 2
├─ SourceError                a source could not be read; carries an `outcome`       -> retry, or tell ops
├─ DeliveryError              a page was not handed over; carries the code          -> retry, next channel, person
├─ TemplateError              a template or draft uses a word it may not use             -> refused at save
├─ MoveError                  a thing cannot go from this state to that                  -> 409, shown to the person
├─ AccessError                this person may not do that                                -> 403
└─ StaleError                 somebody saved a newer version meanwhile                   -> 409, both are shown
"""

from datetime import datetime


class GoldenHourError(Exception):
    """Base of every error raised on purpose. `permanent` says whether another try can help."""

    def __init__(self, message: str, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.permanent = permanent


class SettingsError(GoldenHourError):
    """All faults of the settings files at once; each is one line `file: key: what is wrong, what is allowed`."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class InputError(GoldenHourError):
    """A file, form or line from outside cannot be used: says what, where and what is allowed."""


class StoreError(GoldenHourError):
    """The store cannot be served: says which store, what is wrong and the command that mends it."""


class SourceError(GoldenHourError):
    """A source could not be read. `outcome` is a store.nouns.Outcome value; transient unless said otherwise.

    `until`: when it makes sense to ask again, None when nobody said.
    """

    def __init__(self, message: str, *, outcome: str, permanent: bool = False, until: datetime | None = None) -> None:
        super().__init__(message, permanent=permanent)
        self.outcome = outcome
        self.until = until


class DeliveryError(GoldenHourError):
    """A page was not accepted. `code` is the provider's own; `ambiguous` means it may have arrived all the same.

    `wait_s`: seconds the provider asked us to wait before the next try, 0 when it did not say.
    """

    def __init__(
        self, message: str, *, code: str, permanent: bool = False, ambiguous: bool = False, wait_s: int = 0
    ) -> None:
        super().__init__(message, permanent=permanent)
        self.code = code
        self.ambiguous = ambiguous
        self.wait_s = wait_s


class TemplateError(GoldenHourError):
    """A template uses an unknown or forbidden word; `line` counts from 1, `word` is what was refused."""

    def __init__(self, message: str, *, line: int = 0, word: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.word = word


class MoveError(GoldenHourError):
    """The asked move is not allowed from the state the thing is in."""


class AccessError(GoldenHourError):
    """The person's role does not allow this; nothing was changed."""


class StaleError(GoldenHourError):
    """The text was changed by somebody else since it was read; nothing was overwritten."""
