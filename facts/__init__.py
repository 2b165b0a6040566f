"""Public figures, and what checks those of the instances against them; no part of what is installed."""
