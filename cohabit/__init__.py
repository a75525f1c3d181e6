"""cohabit: which services can live together, why the others can't, and the cheapest housing for all."""
