"""Puts what an operator's file says into that operator's page."""

from html import escape
from types import SimpleNamespace

from jinja2 import Environment, StrictUndefined, TemplateError
from mkdocs.exceptions import BuildError
from mkdocs.structure.pages import Page

from checker import operators
from checker.operators import Operator, Tls
from checker.tls_version import TlsVersion
from scripts.hooks import words

TABLE = "<!-- operator-facts -->"

_NO_RETRY = "PT0S"


def render(markdown: str, page: Page, language: str) -> str:
    """Fill in the expressions and the table on a page that names an operator."""
    name = page.meta.get("operator")
    if name is None:
        return markdown
    try:
        operator = operators.load(name)
        text = (
            _environment(language).from_string(markdown).render(operator=_view(operator, language))
        )
    except (TemplateError, operators.UnknownOperatorError, operators.OperatorFileError) as error:
        message = f"{page.file.src_uri}: {type(error).__name__}: {error}"
        raise BuildError(message) from error
    return text.replace(TABLE, _table(operator, language)) + "\n"


def display_name(operator: Operator, language: str) -> str:
    """The operator inside a sentence; the careful sender has no name of its own."""
    if operator.name == operators.DEFAULT:
        return words.look_up(language, "operator_other_name")
    return operator.title


def cases(operator: Operator, language: str) -> dict[str, str]:
    """The operator in sentences that address it: ``plain``, ``sender`` (told) and ``asked``.

    German has cases; where no sender is chosen, ``sender`` and ``asked`` speak of "the sender".
    """
    if operator.name != operators.DEFAULT:
        return dict.fromkeys(("plain", "sender", "asked"), operator.title)
    return {
        "plain": words.look_up(language, "operator_other_plain"),
        "sender": words.look_up(language, "sender_unnamed", "told"),
        "asked": words.look_up(language, "sender_unnamed", "asked"),
    }


def versions(tls: Tls, language: str) -> str:
    """The spoken versions, such as "TLS 1.2 and TLS 1.3"."""
    spoken = [f"TLS {version}" for version in TlsVersion if tls.minimum <= version <= tls.maximum]
    conjunction = words.look_up(language, "site", "and")
    return f" {conjunction} ".join(filter(None, [", ".join(spoken[:-1]), spoken[-1]]))


def duration(value: str, language: str) -> str:
    """How long, as after "for"; one attempt has no length."""
    if value == _NO_RETRY:
        return words.look_up(language, "fact_values", f"delivery.retry_for={value}")
    return words.look_up(language, "durations_accusative", value)


def _environment(language: str) -> Environment:
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - the result is Markdown, and the values are our own files'
        # "{#" begins the id of a heading.
        comment_start_string="{##",
        comment_end_string="##}",
        keep_trailing_newline=True,
    )
    environment.filters["versions"] = lambda tls: versions(tls, language)
    environment.filters["duration"] = lambda value: duration(value, language)
    return environment


def support(operator: Operator, topic: str, language: str) -> str:
    """What the operator's support says on the topic, with its date, or that it says nothing."""
    said = operator.support.get(language, {}).get(topic)
    if said is None:
        return words.look_up(language, "support", "not_stated").format(
            operator=display_name(operator, language)
        )
    return f"{said.text} {words.look_up(language, 'support', 'as_of').format(date=said.as_of)}"


def silent(operator: Operator, language: str) -> list[str]:
    """The topics that the operator's support says nothing about."""
    said = operator.support.get(language, {})
    return [topic for topic in operators.SUPPORT_TOPICS if topic not in said]


def unsaid(operator: Operator, language: str) -> str:
    """Everything that the operator's support says nothing about, once; empty where it says all."""
    missing = silent(operator, language)
    if not missing:
        return ""
    topics = ", ".join(words.look_up(language, "support", "topics", topic) for topic in missing)
    return (
        f"**{topics[0].upper()}{topics[1:]}:** {support(operator, missing[0], language)} "
        + words.look_up(language, "support", "in_general")
    )


def _view(operator: Operator, language: str) -> SimpleNamespace:
    said = operator.support.get(language, {})
    topics = {
        topic: support(operator, topic, language) if topic in said else ""
        for topic in operators.SUPPORT_TOPICS
    }
    return SimpleNamespace(
        name=operator.title,
        home=operator.home,
        audience=operator.audience,
        tls=operator.tls,
        delivery=operator.delivery,
        support=SimpleNamespace(unsaid=unsaid(operator, language), **topics),
    )


def _table(operator: Operator, language: str) -> str:
    labels = words.load(language)["facts"]
    head = "".join(
        f'<th scope="col">{escape(labels[column])}</th>'
        for column in ("column_fact", "column_value", "column_source")
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        f"<td>{escape(_value(operator, key, language))}</td>"
        f"<td>{escape(_source(operator, key, language))}</td></tr>"
        for key, label in labels.items()
        if "." in key
    )
    caption = escape(labels["heading"].format(operator=display_name(operator, language)))
    return (
        f'<div class="facts"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _raw(operator: Operator, key: str) -> object:
    table, name = key.split(".")
    return getattr(getattr(operator, table), name)


def _value(operator: Operator, key: str, language: str) -> str:
    value = _raw(operator, key)
    if isinstance(value, bool):
        return words.look_up(language, "fact_values", "yes" if value else "no")
    if isinstance(value, TlsVersion):
        return f"TLS {value}"
    if key == "delivery.retry_for":
        return duration(str(value), language)
    if isinstance(value, int):
        return str(value)
    return words.look_up(language, "fact_values", f"{key}={value}")


def _source(operator: Operator, key: str, language: str) -> str:
    if _raw(operator, key) == "not-stated":
        return "–"  # noqa: RUF001 - a dash that people read
    if ids := operator.stated_for.get(key):
        problems = ", ".join(words.look_up(language, "problem", id_) for id_ in ids)
        return words.look_up(language, "facts", "stated_for").format(problems=problems)
    known = "assumption" if key in operator.assumed else "stated"
    return words.look_up(language, "facts", known)
