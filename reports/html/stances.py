"""What each stance is called on the page."""

from analyzer.verdict import Stance

TITLES = {Stance.LOCKED: "As locked", Stance.RELOCKED: "After re-locking"}
