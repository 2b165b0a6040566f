"""Declarations of suppliers on the common reporting templates: what they say, as the draft of an instance."""
