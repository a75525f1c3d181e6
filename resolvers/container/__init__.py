"""Dockerfiles and base images: what is run in the final root filesystem, and what that began as."""
