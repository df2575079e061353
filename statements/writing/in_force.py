"""Which template counts now: the newest saved version, the shipped file underneath; read where a text is made."""

from dataclasses import dataclass

from config.errors import TemplateError
from statements.writing.render import load_template, shipped_own
from statements.writing.template_rules import source_in, subject_of
from statements.writing.vocabulary import check_template
from store import versions
from store.database import Tx
from store.nouns import Version, VersionKind


@dataclass(frozen=True, slots=True)
class InForce:
    """The template of one place. `version` None: the file counts; `fault`: why a saved version cannot be used."""

    source: str
    version: Version | None
    fault: str = ""


def in_force(tx: Tx, kind: str, category: str, lang: str) -> InForce:
    """A category's own template before the general one, at each step the saved version before the file."""
    found = _at(tx, kind, category, lang)
    if found.version or category == "general" or shipped_own(kind, category, lang):
        return found
    general = _at(tx, kind, "general", lang)
    return InForce(general.source, general.version, found.fault or general.fault)


def _at(tx: Tx, kind: str, category: str, lang: str) -> InForce:
    shipped = load_template(kind, category, lang)
    version = versions.current(tx, VersionKind.TEMPLATE, subject_of(kind, category, lang))
    source = source_in(version)
    if version is None or source is None:
        return InForce(shipped, None)
    try:
        check_template(source)
    except TemplateError as error:
        return InForce(shipped, None, str(error))
    return InForce(source, version)
