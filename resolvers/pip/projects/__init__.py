"""Project metadata: pyproject.toml (PEP 621, 735, Poetry, PDM, uv), setup.cfg, setup.py, Pipfile."""
