from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.template import Context, Template, TemplateSyntaxError, engines
from django.template.base import FilterExpression, Lexer, Node, Token, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode


class Msgid(NamedTuple):
    """Name one text of the source: its context, its singular and, where it is counted, its plural."""

    context: str
    text: str
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Give what gettext looks a text up by; the plural is no part of it."""
        return self.context, self.text


class UnreadableTemplate(Exception):
    """Say which template Django's parser refuses, and why."""


# How many leading arguments each function of gettext reads: context, text, plural.
_PLAIN, _COUNTED, _IN_CONTEXT, _COUNTED_IN_CONTEXT = (1,), (1, 2), (0, 1), (0, 1, 2)
_ROLES = {
    "gettext": _PLAIN,
    "gettext_noop": _PLAIN,
    "gettext_lazy": _PLAIN,
    "_": _PLAIN,
    "ngettext": _COUNTED,
    "ngettext_lazy": _COUNTED,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _COUNTED_IN_CONTEXT,
    "npgettext_lazy": _COUNTED_IN_CONTEXT,
}
_CONSTANT = re.compile(r"""_\((?:"([^"]*)"|'([^']*)')\)""")


def in_python(source: str) -> set[Msgid]:
    """Collect the texts that Python code passes to gettext as literals, under any name it is imported by."""
    tree = ast.parse(source)
    roles = dict(_ROLES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            roles |= {a.asname: _ROLES[a.name] for a in node.names if a.asname and a.name in _ROLES}
    found: set[Msgid] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            role = roles.get(_name(node.func))
            texts = role and _literals(node.args[: len(role)])
            if role and texts and len(texts) == len(role):
                found.add(_msgid(role, texts))
    return found


def in_template(source: str, name: str) -> set[Msgid]:
    """Collect the texts of one Django template; raise UnreadableTemplate where Django cannot parse it."""
    try:
        template: Template = engines["django"].engine.from_string(source)  # type: ignore[attr-defined]
    except TemplateSyntaxError as error:
        message = f"{name}: {error}"
        raise UnreadableTemplate(message) from error
    found: set[Msgid] = set()
    for node in template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            found |= set(_translated(node))
        elif isinstance(node, BlockTranslateNode):
            found.add(_block(node))
    found |= set(_constants(Lexer(source).tokenize()))
    return found


def in_folders(folders: Iterable[Path], without: tuple[str, ...] = ()) -> set[Msgid]:
    """Collect the texts of every module and template below the folders, but for paths that begin like `without`."""
    found: set[Msgid] = set()
    for folder in folders:
        for path in _own(folder, ".py", without):
            found |= in_python(path.read_text(encoding="utf-8"))
        for path in (*_own(folder, ".html", without), *_own(folder, ".txt", without)):
            if "templates" in path.parts:
                found |= in_template(path.read_text(encoding="utf-8"), str(path))
    return found


def _own(folder: Path, suffix: str, without: tuple[str, ...]) -> list[Path]:
    paths = folder.rglob(f"*{suffix}")
    return sorted(
        path for path in paths if "node_modules" not in path.parts and not str(path).startswith(without)
    )


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _literals(arguments: list[ast.expr]) -> list[str]:
    return [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def _msgid(role: tuple[int, ...], texts: list[str]) -> Msgid:
    fields = ["", "", ""]
    for position, text in zip(role, texts, strict=True):
        fields[position] = text
    return Msgid(*fields)


def _translated(node: TranslateNode) -> Iterator[Msgid]:
    text = node.filter_expression.var.literal
    # A variable has no literal: its text is found where it is written. Percent signs are doubled as
    # Django doubles them when it looks a text of a template up.
    if isinstance(text, str):
        yield Msgid(_context(node.message_context), text.replace("%", "%%"))


def _block(node: BlockTranslateNode) -> Msgid:
    singular, _ = node.render_token_list(node.singular)
    plural, _ = node.render_token_list(node.plural) if node.plural else ("", [])
    return Msgid(_context(node.message_context), singular, plural)


def _context(expression: FilterExpression | None) -> str:
    return str(expression.resolve(Context())) if expression else ""


def _constants(tokens: list[Token]) -> Iterator[Msgid]:
    for token in tokens:
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for double, single in _CONSTANT.findall(token.contents):
                yield Msgid("", (double or single).replace("%", "%%"))
