"""Deployment files: what runs as a service, from which folder or image, and what it shares today."""
