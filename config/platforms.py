"""platforms.toml: how long a text may be on each platform, who says so, and the voice it is written in there."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from config.errors import SettingsError
from config.model import Model, faults_said

FILE = "platforms.toml"
SHIPPED = Path(__file__).parent / FILE
Form = Literal["weibo", "wechat", "douyin", "xiaohongshu", "x", "press", "sms", "frontline", "internal"]
FORMS: tuple[Form, ...] = ("weibo", "wechat", "douyin", "xiaohongshu", "x", "press", "sms", "frontline", "internal")


class Voice(Model):
    tone: str = Field(min_length=1, description="How it sounds.")
    length: str = Field(min_length=1, description="How long it is.")
    structure: str = Field(min_length=1, description="What comes first, second, last.")
    do: str = Field(min_length=1, description="What to do.")
    dont: str = Field(min_length=1, description="What not to do.")
    sample: str = Field(min_length=1, description="A sentence that sounds right.")


class Platform(Model):
    id: Form = Field(description="Which form of the text this is.")
    title: int = Field(0, ge=0, description="Longest title in characters; 0: it has none.")
    digest: int = Field(0, ge=0, description="Longest digest in characters; 0: it has none.")
    first: int = Field(0, ge=0, description="What is seen before unfolding, in characters; 0: everything.")
    body: int = Field(0, ge=0, description="Longest text in characters; 0: no limit known.")
    words: int = Field(0, ge=0, description="Longest English text in words; 0: counted in characters like Chinese.")
    part: int = Field(0, ge=0, description="Longest part of a thread (x: weighted) or of a message (sms); 0: one part.")
    seconds: tuple[int, int] = Field((0, 0), description="Shortest and longest spoken script in seconds; [0, 0]: none.")
    source: str = Field(min_length=1, description="Who says so.")
    checked_on: date = Field(description="When it was looked up.")
    verified: bool = Field(description="true: the platform's own documentation says so; false: a working rule.")
    zh: Voice = Field(description="The voice in Chinese.")
    en: Voice = Field(description="The voice in English.")


class Platforms(Model):
    """platforms.toml: every form of a text once."""

    platform: tuple[Platform, ...] = Field(description="One per form.")

    @model_validator(mode="after")
    def _each_once(self) -> "Platforms":
        named = sorted(one.id for one in self.platform)
        if named != sorted(FORMS):
            raise ValueError(f"each of these once: {', '.join(FORMS)}")
        return self

    def of(self, id: str) -> Platform:
        """The form with this id; LookupError for another."""
        return next(one for one in self.platform if one.id == id)


def load_platforms(folder: Path = SHIPPED.parent) -> Platforms:
    """Read a folder's platforms.toml, or the shipped one when it has none; SettingsError lists the faults."""
    path = folder / FILE if (folder / FILE).exists() else SHIPPED
    try:
        return Platforms.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError([f"{FILE}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{FILE}: is not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{FILE}: is not TOML: {error}"]) from error
    except ValidationError as error:
        raise SettingsError([f"{FILE}: {fault}" for fault in faults_said(error, "platform", 20).split("; ")]) from error
