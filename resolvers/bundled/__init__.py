"""Languages whose packages are private to a service: a static binary, a folder of modules."""
