"""What the tables of an instance say: one file a table, or two that belong together, and one frozen record a row.

Quantities are in the instance's mass unit of the material's basis (``t Li content``), money in the
instance's currency. What is stated per year is multiplied by the length of the period in which it is
used; demand is stated per period.
"""
