"""Package indexes, asked for releases that have no wheel."""
