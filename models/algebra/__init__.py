"""Linear expressions and constraints held as numbers over Pyomo's variables, one by one or in batches."""
