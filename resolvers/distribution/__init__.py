"""Linux distributions: the oracle that deb and rpm share, over the universe of each release."""
