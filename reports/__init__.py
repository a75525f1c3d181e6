"""Reports: one Report value, many renderings."""
