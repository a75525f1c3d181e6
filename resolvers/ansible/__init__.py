"""Ansible playbooks and roles: what they install, as the commands that would do the same."""
