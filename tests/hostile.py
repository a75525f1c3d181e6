"""How many hostile inputs each parser gets: COHABIT_EXAMPLES=10000 for a thorough run."""

from __future__ import annotations

import os

EXAMPLES = int(os.environ.get("COHABIT_EXAMPLES", "200"))
"""Hypothesis examples of one test of one parser."""
