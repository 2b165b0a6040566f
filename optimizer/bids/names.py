"""The names that bid sheets give to what an offer says, by which columns are guessed."""

from __future__ import annotations

import re
import unicodedata

from optimizer.bids.units import read_heading
from optimizer.files.columns import columns_of

OWNER, OWNER_SHARE = "owner", "owner_share"
"""Fields of a bid that become rows of `owners`: the country of who owns the company, and its share."""
UNTAKEN = frozenset({"source", "attributes"})
"""Columns of offers that no column of a sheet fills: a row says by itself where it comes from."""
FIELDS = (*(name for name in columns_of("offers") if name not in UNTAKEN), OWNER, OWNER_SHARE)
"""What a column of a bid sheet may be mapped to, besides ``price@QUANTITY``."""

_NAMES = {
    "offer": "offer id; offer no; offer number; bid id; bid no; bid number; bid; quote; quote no; angebot; angebotsnr; "
    "angebotsnummer",
    "company": "supplier; supplier name; vendor; vendor name; bidder; seller; producer; company name; lieferant; "
    "anbieter; hersteller; verkaufer; fournisseur; proveedor; fornecedor",
    "material": "mineral; commodity; product; raw material; rohstoff; produkt; ware; matiere; produit; producto",
    "stage": "processing stage; verarbeitungsstufe; stufe",
    "country": "country of origin; origin; origin country; plant country; production country; site country; land; "
    "ursprungsland; herkunft; herkunftsland; pays; pays d origine; pais; pais de origen",
    "capacity": "max capacity; annual capacity; capacity per year; volume; annual volume; volume p a; quantity p a; "
    "capacity p a; menge p a; max volume; quantity; "
    "max quantity; offered quantity; offered volume; available volume; qty; kapazitat; menge; jahresmenge; "
    "angebotsmenge; volumen; quantite; cantidad",
    "price": "unit price; offer price; price per unit; bid price; net price; preis; stuckpreis; einzelpreis; "
    "nettopreis; angebotspreis; prix; prix unitaire; precio; precio unitario",
    "currency": "ccy; wahrung; devise; moneda",
    "basis": "unit; units; uom; unit of measure; einheit; mengeneinheit; preiseinheit; unite; unidad",
    "minimum_take": "minimum volume; minimum quantity; min volume; min quantity; mindestmenge; mindestabnahme",
    "fixed_cost": "one off cost; set up cost; einmalkosten",
    "note": "comment; comments; remark; remarks; notes; bemerkung; bemerkungen; kommentar; commentaire; comentario",
    OWNER: "owner country; parent country; country of parent; ultimate owner country; eigentumerland",
    OWNER_SHARE: "ownership; ownership share; owner s share; eigentumsanteil",
}


def normalise(text: str) -> str:
    """Return a heading as names are compared: without its unit, case, accents and signs.

    >>> normalise("Unit price [EUR/kg]"), normalise("Währung")
    ('unit price', 'wahrung')
    """
    words = read_heading(text).words or text
    plain = unicodedata.normalize("NFKD", words)
    return " ".join(re.findall(r"[^\W_]+", "".join(s for s in plain if not unicodedata.combining(s)).casefold()))


_FIELD_OF = {normalise(name): field for field in FIELDS for name in (field, *_NAMES.get(field, field).split("; "))}


def guess_field(heading: str) -> str | None:
    """Return the field that a heading names by the usual words for it; None where it says none of them."""
    bare = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", heading)
    return _FIELD_OF.get(normalise(heading)) or _FIELD_OF.get(normalise(bare))
