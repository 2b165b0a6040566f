"""The report: a plan as one HTML file that needs nothing beside it, complete without JavaScript."""
