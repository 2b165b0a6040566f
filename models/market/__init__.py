"""The facts of an instance: what is needed, who offers it, on which terms, over which lanes."""

from models.market.market import REQUIRED_TABLES, TABLES, Market, PreparedMarket
from models.market.tables.commitment import Commitment
from models.market.tables.control import Control
from models.market.tables.country import CountryRisk
from models.market.tables.demand import Demand, Site
from models.market.tables.duty import Duty
from models.market.tables.earlier import Earlier
from models.market.tables.lane import Corridor, Lane
from models.market.tables.lane_terms import LaneTerms
from models.market.tables.material import Conversion, Material
from models.market.tables.offer import Offer
from models.market.tables.origin import Origin
from models.market.tables.owner import Owner
from models.market.tables.period import Period
from models.market.tables.product import BillOfMaterials, Product
from models.market.tables.rate import Rate
from models.market.tables.record import Record
from models.market.tables.response import ShortNotice
from models.market.tables.scenario import Event, Hazard, Shock, StatedScenario
from models.market.tables.stock import Stock
from models.market.tables.stock_terms import StockTerms
from models.market.tables.terms import Terms
from models.market.tables.tier import Tier
from models.market.tables.under_way import UnderWay

__all__ = [
    "REQUIRED_TABLES",
    "TABLES",
    "BillOfMaterials",
    "Commitment",
    "Control",
    "Conversion",
    "Corridor",
    "CountryRisk",
    "Demand",
    "Duty",
    "Earlier",
    "Event",
    "Hazard",
    "Lane",
    "LaneTerms",
    "Market",
    "Material",
    "Offer",
    "Origin",
    "Owner",
    "Period",
    "PreparedMarket",
    "Product",
    "Rate",
    "Record",
    "Shock",
    "ShortNotice",
    "Site",
    "StatedScenario",
    "Stock",
    "StockTerms",
    "Terms",
    "Tier",
    "UnderWay",
]
