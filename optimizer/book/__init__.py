"""A plan as a workbook to hand on: sheets of typed figures and charts of the office suite, from its tables alone."""
