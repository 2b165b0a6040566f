"""Draw what an answer leaves unsaid as terms and what there is to say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.charts.markup import name, text, typeset
from optimizer.report.unsaid import list_unsaid

if TYPE_CHECKING:
    from optimizer.charts.shown import ShownPlan
    from optimizer.report.unsaid import Field, Words


def draw_left_unsaid(plan: ShownPlan) -> str:
    """Return the fields as a list of HTML."""
    items = "".join(f"<div><dt>{field.term}</dt><dd>{_draw(field)}</dd></div>" for field in list_unsaid(plan))
    return f'<dl class="unsaid" aria-label="What the answer leaves unsaid">{items}</dl>'


def _draw(field: Field) -> str:
    first, *rest = field.words
    capital = first._replace(text=f"{first.text[:1].upper()}{first.text[1:]}")
    return "".join(_draw_words(words) for words in (capital, *rest))


def _draw_words(words: Words) -> str:
    match words.weight:
        case "name":
            return name(words.text)
        case "main":
            return f"<b>{typeset(text(words.text))}</b>"
        case "alarm":
            return f'<b class="alarm">{typeset(text(words.text))}</b>'
        case "":
            return typeset(text(words.text))
