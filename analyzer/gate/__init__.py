"""The gate: which of a Report's findings let a change pass, and which stop it. No I/O."""
