"""Reference data that comes with Lodeplan: who mines and refines what, prices, reserves, governance, distances.

The figures are the CSV files beside this one; README.md says where they come from.
"""

from models.data.blocs import members_of
from models.data.supply import (
    AS_ANOTHER,
    Supply,
    controls_of,
    find_material,
    governance_risks,
    latest_price,
    list_supplies,
    material_names,
    risk_of,
    shares_by_control,
    supplies_of,
)
from models.data.tables import (
    TABLES,
    WORLD,
    Control,
    Distance,
    Governance,
    Intensity,
    Listed,
    Membership,
    Naming,
    Price,
    Production,
    Reserve,
    Source,
    Stage,
    read_rows,
)

__all__ = [
    "AS_ANOTHER",
    "TABLES",
    "WORLD",
    "Control",
    "Distance",
    "Governance",
    "Intensity",
    "Listed",
    "Membership",
    "Naming",
    "Price",
    "Production",
    "Reserve",
    "Source",
    "Stage",
    "Supply",
    "controls_of",
    "find_material",
    "governance_risks",
    "latest_price",
    "list_supplies",
    "material_names",
    "members_of",
    "read_rows",
    "risk_of",
    "shares_by_control",
    "supplies_of",
]
