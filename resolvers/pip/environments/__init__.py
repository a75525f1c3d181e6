"""Installed distributions: virtualenvs, zipped ones, pex, shiv, wheelhouses."""
