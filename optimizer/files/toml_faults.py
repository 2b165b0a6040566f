"""What is wrong with TOML text, in plain words where the reader's own words say little."""

from __future__ import annotations

import re

_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_TWICE = re.compile(r"Cannot (?:declare|overwrite|mutate)\b.*")
_HEADING = re.compile(r"\s*\[(?P<two>\[?)(?P<name>[^\[\]]*)\]")
_VALUE = re.compile(r"\s*(?P<key>[^=#\s][^=#]*?)\s*=\s*(?P<value>[^#]*?)\s*(?:#.*)?")
_LONGEST = 500
"""Signs of a line that is looked at: of a longer one nobody could read what is said about it."""
_TRUTH = {"true": "true", "yes": "true", "false": "false", "no": "false"}


def toml_fault(message: str, text: str) -> tuple[str, int | None]:
    """Return what a reader's message means for the line that it speaks of, and the number of that line.

    >>> toml_fault("Invalid value (at line 1, column 8)", "hard = True")
    ('True is not TOML; write true (column 8)', 1)
    """
    found = _AT.fullmatch(message)
    if found is None:
        return f"is not TOML: {message}", None
    said = found[1]
    if found[2] is None:
        return f"is not TOML: {said[:1].lower()}{said[1:]} at the end", None
    number = int(found[2])
    lines = text.replace("\r\n", "\n").split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    line = line if len(line) <= _LONGEST else ""
    why = _of_heading(line, said) or _of_value(line, said) or f"is not TOML: {said[:1].lower()}{said[1:]}"
    return f"{why} (column {found[3]})", number


def _of_heading(line: str, said: str) -> str | None:
    heading = _HEADING.match(line)
    if heading is None:
        return None
    name = heading["name"].strip()
    parts = name.split(".")
    if _TWICE.match(said):
        if parts[0] == "limits" and len(parts) > 1:
            return f"the limit {name.partition('.')[2]} stands above already; give each limit its own name"
        if name == "periods" and heading["two"]:
            return "periods stands above in another form; write [[periods]] with two brackets every time"
        return f"[{name}] stands above already; keep one"
    if parts[0] in {"limits", "blocs"} and len(parts) > 1 and '"' not in name and "'" not in name:
        quoted = f'{parts[0]}."{".".join(parts[1:])}"'
        return f"a name with spaces or other signs needs quotes; write [{quoted}]"
    return None


def _of_value(line: str, said: str) -> str | None:
    if _TWICE.match(said):
        key = line.partition("=")[0].strip()
        return f"{key} stands above already; keep one" if "=" in line else None
    pair = _VALUE.fullmatch(line)
    if pair is None:
        return None
    key, value = pair["key"], pair["value"]
    if said.startswith("Expected '=' after a key") and re.fullmatch(r"\w+(?: \w+)+", key):
        return f"{key} is not a key; write it without spaces, such as {key.replace(' ', '_')}"
    if said.startswith("Invalid date"):
        return f"{value} is not a date; write one such as 2026-01-31"
    if said.startswith(("Invalid value", "Expected newline or end of document")):
        return _unreadable(key, value)
    return None


def _unreadable(key: str, value: str) -> str | None:
    if value.startswith("="):
        return f"{key} has two signs = behind it; keep one"
    if not value:
        return f"{key} has no value; write one after the = or remove the line"
    if value.lower() in _TRUTH:
        return f"{value} is not TOML; write {_TRUTH[value.lower()]}"
    if re.fullmatch(r"[\d ,.]*\d", value):
        return f"{value} is not a number; write one such as 1234.5, with a point and without thousands separators"
    if not re.search(r"[\"'\[\]{}]", value):
        return f'{value} is text and needs quotes; write "{value}"'
    return None
