"""Check a built site: every link leads to a page and a heading that are there, and nothing is fetched from elsewhere.

    python docs/building/check_site.py site

MkDocs checks the links that stand in Markdown; this reads the pages as a browser would, menus and mathematics too.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "link": "href"}
_URL_IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//")


class _Page(HTMLParser):
    """What a page links to, what it fetches, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        self.anchors: set[str] = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        if _FETCHED.get(tag) in given and given.get("rel") != "canonical":
            self.fetched.add(given[_FETCHED[tag]])


def faults(site: Path) -> list[str]:
    """Return what is wrong with a site, a line each."""
    html = [path for path in sorted(site.rglob("*.html")) if path.name != "404.html"]  # a server shows it at any place
    pages = {path.resolve(): _Page(path.read_text("utf-8")) for path in html}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        found += [f"{name}: fetches {url}" for url in sorted(page.fetched) if urlsplit(url).netloc]
        found += [
            f"{name}: {url} leads nowhere" for url in sorted(page.links | page.fetched) if not _leads(url, path, pages)
        ]
    for path in sorted(site.rglob("*.css")):
        if _URL_IN_STYLE.search(path.read_text("utf-8")):
            found.append(f"{path.relative_to(site)}: fetches something from elsewhere")
    return found


def _leads(url: str, path: Path, pages: dict[Path, _Page]) -> bool:
    """Return whether a link leads to a file of the site, and to a place in it; other sites are not asked."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    if target in pages:
        return unquote(parts.fragment) in pages[target].anchors
    return target.is_file()


if __name__ == "__main__":
    wrong = faults(Path(sys.argv[1]))
    print(*(wrong or ["Every link leads somewhere, and nothing is fetched from elsewhere."]), sep="\n")
    sys.exit(bool(wrong))
