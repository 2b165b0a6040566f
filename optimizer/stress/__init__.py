"""The stress test: what a plan does when something stops."""
