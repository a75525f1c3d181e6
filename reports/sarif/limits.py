"""How much GitHub code scanning takes of a SARIF file; one that exceeds any of these is refused whole.

Source: GitHub Docs, "SARIF results exceed one or more limits", and "SARIF results file is too large", read in
November 2026. Of 25,000 results 5,000 are stored, of 1,000 locations 100 are shown, of 10,000 steps 1,000: the
graver ones, so the order matters below these limits too.
"""

RESULTS = 25_000
"""In one run."""

LOCATIONS = 1_000
"""Of one result, related ones included."""

STEPS = 10_000
"""Thread flow locations of one result."""

COMPRESSED = 10_000_000
"""Bytes of the file after gzip."""

MESSAGE = 8_000
"""Characters of a message: not GitHub's limit, but what anybody may read of one."""

NOTIFICATIONS = 1_000
"""Of one kind: likewise."""
