r"""The mathematics of docstrings, which is written to be read as plain text, as MathML that every browser shows.

A block of formulas is cut into lines, and a line into segments where three blanks or more stand. A segment is a
formula, or words that may name symbols:

    sum_{i, t in T} w_{iks} a_{it}  <=  level * S_{msT}          (the defining row of x_k)

Names keep what is behind their last underline as a subscript where that is one sign or stands in braces.
"""

from __future__ import annotations

import re
from html import escape

_NAME = r"[A-Za-z]+(?:_[A-Za-z]{2,})*'?"
_BRACES = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_SUBSCRIPT = rf"_(?:{_BRACES}|[A-Za-z0-9](?![A-Za-z]))"
_POWER = rf"\^(?:{_BRACES}|[A-Za-z0-9])"
_SYMBOL = re.compile(rf"(?<![\w`]){_NAME}(?:{_SUBSCRIPT}(?:{_POWER})?|{_POWER})")
_TOKEN = re.compile(
    rf"\s*(?:(?P<name>{_NAME})(?P<sub>{_SUBSCRIPT})?(?P<power>{_POWER})?"
    r"|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|(?P<sign><=|>=|==|!=|\+=|->|\.\.\.|\|\||\S))"
)
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "->": "→", "...": "…", "||": "‖", "*": "⋅", "-": "\u2212"}
_OVER = {"sum": "∑", "max": "max", "min": "min", "mean": "mean"}
_WORDS = {"in": "∈"}
_OPERATORS = "<>=+-*/"
_WIDE = 3
_WIDE_BLANK = '<mspace width="1em"/>'
_THIN = '<mspace width="0.2em"/>'
_RELATION = re.compile(r"[<>=]|\bin \{")
_PLAIN = re.compile(r"(?<![\w{])[A-Za-z]{2,}(?![\w^{])")


def block(text: str) -> str:
    """Return a block of formulas as a table, one row a line; a line that only goes on is put behind the last."""
    lines: list[list[str]] = []
    for line in text.splitlines():
        segments = _segments(line.strip())
        goes_on = len(line) - len(line.lstrip()) >= 8 and lines  # noqa: PLR2004 (an indent, not an alignment)
        if goes_on and len(segments) == 1 and not is_formula(lines[-1][-1]):
            lines[-1][-1] += f" {segments[0]}"
        else:
            lines.append(segments)
    rows = ("".join(f"<td>{segment(each)}</td>" for each in line) for line in lines)
    return '<table class="formulas">' + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _segments(line: str) -> list[str]:
    """Return the segments of a line; wide blanks round a relation or behind a comma part nothing."""
    first, *rest = re.split(r"( {2,})", line)
    segments = [first]
    for gap, text in zip(rest[::2], rest[1::2], strict=True):
        goes_on = text[0] in _OPERATORS or segments[-1][-1] in _OPERATORS
        near = len(gap) < _WIDE or (segments[-1][-1] == "," and is_formula(segments[-1]))
        if goes_on or (near and is_formula(text)):
            segments[-1] += gap + text
        else:
            segments.append(text)
    return segments


def is_block(text: str) -> bool:
    """Return whether a paragraph is a block of formulas: indented, or one with a relation in every line."""
    return all(
        line.startswith("  ") or any(is_formula(part) and _RELATION.search(part) for part in _segments(line))
        for line in text.splitlines()
    )


def segment(text: str) -> str:
    """Return a segment as a formula, or as words with their symbols."""
    return formula(text, display=True) if is_formula(text) else words(text)


def is_formula(text: str) -> bool:
    """Return whether a segment is a formula: more symbols than words, or a relation."""
    symbols = len(_SYMBOL.findall(text))
    plain = [word for word in _PLAIN.findall(text) if word not in {*_OVER, *_WORDS}]
    if not symbols and not _RELATION.search(text):
        return False
    return len(plain) <= 2 + symbols


def words(text: str) -> str:
    """Return words as HTML, with the symbols that they name as formulas; what stands in code marks is left alone."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else _symbols(part) for part in parts)


def _symbols(text: str) -> str:
    shown, end = [], 0
    for found in _SYMBOL.finditer(text):
        # in a span, because Markdown would take a line that begins with mathematics for a block
        shown += [_prose(text[end : found.start()]), f"<span>{formula(found[0])}</span>"]
        end = found.end()
    return "".join([*shown, _prose(text[end:])])


def _prose(text: str) -> str:
    for sign in ("<=", ">=", "!="):
        text = text.replace(f" {sign} ", f" {_SIGNS[sign]} ")
    return escape(text.replace(" in {", " ∈ {"), quote=False)


def formula(text: str, *, display: bool = False) -> str:
    """Return a formula as MathML."""
    style = ' displaystyle="true"' if display else ""
    return f"<math{style}>{_row(text)}</math>"


def _row(text: str, *, index: bool = False) -> str:
    """Return the tokens of a formula, or of a subscript, in which letters stand each for itself."""
    shown: list[str] = []
    operand = False
    position = 0
    text = re.sub(r"\bnot in\b", "∉", text.strip())
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            break
        position = token.end()
        name, number, sign = token["name"], token["number"], token["sign"]
        if sign or name in _WORDS:
            shown.append(f"<mo>{escape(_SIGNS.get(sign, sign) if sign else _WORDS[name])}</mo>")
            if sign == "," and text.startswith("  ", position):
                shown.append(_WIDE_BLANK)
            operand = sign in {")", "]"}
            continue
        if operand:
            shown.append(_THIN)
        shown.append(f"<mn>{number}</mn>" if number else _name(token, index=index))
        operand = name not in _OVER
    return "".join(shown)


def _name(token: re.Match[str], *, index: bool) -> str:
    """Return a name with its subscript and its power."""
    name = token["name"]
    sub = _row(_inside(token["sub"]), index=True) if token["sub"] else ""
    if name in _OVER and not index:
        sign = f"<mo>{_OVER[name]}</mo>"
        return f"<munder>{sign}<mrow>{sub}</mrow></munder>" if sub else sign
    letters = index and name.isalpha() and len(name) <= 3 and not name.isupper()  # noqa: PLR2004 (ijt, msT)
    shown = "".join(f"<mi>{letter}</mi>" for letter in name) if letters else f"<mi>{_spelt(name)}</mi>"
    power = f"<mrow>{_row(_inside(token['power']), index=True)}</mrow>" if token["power"] else ""
    match sub, power:
        case "", "":
            return shown
        case _, "":
            return f"<msub>{shown}<mrow>{sub}</mrow></msub>"
        case "", _:
            return f"<msup>{shown}{power}</msup>"
    return f"<msubsup>{shown}<mrow>{sub}</mrow>{power}</msubsup>"


def _spelt(name: str) -> str:
    return name.replace("_", "\u00a0").replace("'", "\u2032")


def _inside(text: str) -> str:
    """Return what a subscript or a power holds."""
    return text[1:].removeprefix("{").removesuffix("}")
