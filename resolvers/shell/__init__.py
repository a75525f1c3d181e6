"""Shell scripts read, never run: which commands they hold, with the words as far as they can be known."""
