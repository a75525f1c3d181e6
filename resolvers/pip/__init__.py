"""The pip ecosystem: distributions of a Python environment (PyPA specifications)."""
