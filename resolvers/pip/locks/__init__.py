"""Lock files: uv, Poetry, PDM, Pipenv, PEP 751; and which of them counts."""
