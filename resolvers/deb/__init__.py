"""Debian packages: gathered from what installs them, judged in the package indexes of a release."""
