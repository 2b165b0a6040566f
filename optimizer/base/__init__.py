"""A base: an instance whose parts are solved, from which related instances are solved by whoever is free."""
