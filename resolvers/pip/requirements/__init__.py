"""Requirements files and the lines in them (pip's format, PEP 508)."""
