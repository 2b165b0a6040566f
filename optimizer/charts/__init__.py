"""Drawings of a plan from its tables alone: HTML tables with a bar in a cell, and plain SVG; one file a chart."""
