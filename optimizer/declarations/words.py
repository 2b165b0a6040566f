"""Words that suppliers write into declarations, in the languages of the templates."""

from __future__ import annotations

import re

from models.references.spellings import canonical

_METALS = {
    "aluminium": "aluminum; aluminio; alumínio; 铝; アルミニウム; 알루미늄",
    "cobalt": "kobalt; cobalto; 钴; 鈷; コバルト; 코발트",
    "copper": "cuivre; kupfer; cobre; 铜; 銅; 구리",
    "gold": "or; oro; ouro; 金; 금",
    "lithium": "litio; lítio; 锂; リチウム; 리튬",
    "manganese": "manganèse; mangan; manganeso; manganês; 锰; マンガン; 망간",
    "mica": "glimmer; 云母; 雲母; マイカ; 운모",
    "natural graphite": "graphite; graphite (natural); graphite naturel; naturgraphit; natürlicher graphit; "
    "grafito natural; grafite natural; 天然石墨; 天然黒鉛; 천연 흑연; 천연흑연",
    "nickel": "níquel; 镍; ニッケル; 니켈",
    "tantalum": "tantale; tantal; tántalo; tântalo; 钽; タンタル; 탄탈럼; 탄탈룸; 탄탈",
    "tin": "étain; zinn; estaño; estanho; 锡; 錫; スズ; 주석",
    "tungsten": "tungstène; wolfram; tungsteno; wolframio; tungstênio; 钨; タングステン; 텅스텐",
}
_METAL_BY_WORD = {canonical(word): metal for metal, words in _METALS.items() for word in (metal, *words.split("; "))}
_SYMBOLS = {
    "aluminium": "Al", "cobalt": "Co", "copper": "Cu", "gold": "Au", "iridium": "Ir", "lithium": "Li",
    "manganese": "Mn", "nickel": "Ni", "palladium": "Pd", "platinum": "Pt", "tantalum": "Ta", "tin": "Sn",
    "tungsten": "W",
}  # fmt: skip

_YES = frozenset({"yes", "oui", "ja", "sí", "si", "sim", "是", "はい", "예", "네", "true"})
_RECYCLED = re.compile(
    r"recycl|recicl|rezykl|\bscrap\b|schrott|chatarra|sucata|ferraille|"
    "\u56de\u6536|\u518d\u751f|\u5e9f\u6599|\u30ea\u30b5\u30a4\u30af\u30eb|\uc2a4\ud06c\ub7a9|\uc7ac\ud65c\uc6a9"
)
_UNIDENTIFIED = re.compile(r"not\s+(?:yet\s+)?identified|^\s*(?:unknown|tbd|to be determined)\s*$")
_NOT_LISTED = re.compile(r"\bnot\s+listed\b")


def metal_of(text: str) -> str:
    """Return the English name of a metal, in small letters; what is not known stays as it is written."""
    return _METAL_BY_WORD.get(canonical(text), text.lower())


def basis_of(metal: str) -> str:
    """Return the basis in which a draft counts a metal: ``t Co content``, or ``t mica`` for what is no element."""
    symbol = _SYMBOLS.get(metal)
    return f"t {symbol} content" if symbol else f"t {metal}"


def says_yes(text: str) -> bool:
    """Whether the answer to `100 % recycled or scrap?` is yes."""
    return text.strip().casefold() in _YES


def says_recycled(text: str) -> bool:
    """Whether what stands for a mine or a country is recycled material or scrap."""
    return _RECYCLED.search(text.casefold()) is not None


def says_unidentified(text: str) -> bool:
    """Whether a look-up name or a smelter's name says that the smelter is not known yet."""
    return _UNIDENTIFIED.search(text.casefold()) is not None


def says_not_listed(text: str) -> bool:
    """Whether a look-up name says that the smelter is none of the template's list."""
    return _NOT_LISTED.search(text.casefold()) is not None


def split_names(text: str) -> list[str]:
    """Return the names in a cell: they stand apart by semicolons, line breaks or slashes, and commas are kept."""
    return [name for part in re.split(r"[;\n\uff1b/\u3001]", text) if (name := part.strip(" ,."))]
