"""Co-installability: can these Requirements be met in one root filesystem? One SAT encoding of a
universe, grown as far as it is asked about, and what can be told from it."""
