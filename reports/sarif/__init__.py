"""SARIF 2.1.0 (OASIS), within the limits of GitHub code scanning: a result for each Finding."""

from reports.sarif.log import to_sarif

__all__ = ["to_sarif"]
