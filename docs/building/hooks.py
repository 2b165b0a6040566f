"""What the site has beside the pages of `docs/`: pages made of the code, the list of decisions, and pages from outside.

MkDocs calls these functions (`hooks` in mkdocs.yml). Links between pages are those that a reader of the repository
follows; those that lead out of `docs/` are turned to where the site has that page.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import api
import commands
import formulation

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DECISIONS = "decisions/index.md"

_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")


def _outside() -> dict[str, str]:
    """Return the pages from outside of `docs/`: the place in the repository by the place in the site."""
    sources = sorted(ROOT.glob("instances/*/SOURCES.md"))
    return {
        "instances/index.md": "instances/README.md",
        **{f"instances/{path.parent.name}.md": str(path.relative_to(ROOT)) for path in sources},
        "facts.md": "facts/README.md",
        "reference-data.md": "models/data/README.md",
        "contributing.md": "CONTRIBUTING.md",
        "changelog.md": "CHANGELOG.md",
    }


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List what is listed by a folder: decisions, and the sources of instances."""
    config.nav = [_listed(entry) for entry in config.nav or []]
    return config


def _listed(entry: str | dict[str, object]) -> str | dict[str, object]:
    match entry:
        case {"Decisions": _}:
            return {"Decisions": [DECISIONS, *(f"decisions/{path.name}" for path in _decisions())]}
        case {"Instances": _}:
            return {"Instances": [place for place in _outside() if place.startswith("instances/")]}
        case _:
            return entry


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made or that lie outside."""
    from mkdocs.structure.files import File

    pages = {
        "api-reference.md": api.page(),
        "commands.md": commands.page(),
        "formulation.md": formulation.page(),
        DECISIONS: list_of_decisions(),
        **{place: (ROOT / source).read_text("utf-8") for place, source in _outside().items()},
    }
    for place, text in pages.items():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the links of a page to where the site has what they lead to."""
    del config, files
    return turned(markdown, page.file.src_uri)


def turned(markdown: str, place: str) -> str:
    """Return a page with links for its place in the site; one that leads nowhere is left for MkDocs to refuse."""
    outside = _outside()
    source = Path(outside.get(place, f"docs/{place}"))
    places = {there: here for here, there in outside.items()}

    def link(found: re.Match[str]) -> str:
        target = os.path.normpath(source.parent / found[1])
        inside = places.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else "")
        if not inside:
            return found[0]
        return f"]({os.path.relpath(inside, Path(place).parent)}{found[2] or ''})"

    return _LINK.sub(link, markdown)


def list_of_decisions() -> str:
    """Return the page that lists every decision with its summary."""
    words = "What was weighed, what was measured and what was chosen, where a reader of the code would ask why."
    entries = [f"# Decisions\n\n{words}"]
    for path in _decisions():
        title, summary, *_ = path.read_text("utf-8").split("\n\n")
        entries.append(f"## [{title.removeprefix('# ')}]({path.name})\n\n{summary.removeprefix('**In short.** ')}")
    return "\n\n".join(entries) + "\n"


def _decisions() -> list[Path]:
    return sorted((DOCS / "decisions").glob("[0-9]*.md"))
