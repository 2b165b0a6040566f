"""Benders' decomposition: a program whose costs follow from programs of their own, which are held by cuts."""
