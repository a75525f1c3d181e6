"""What is run on a host to install a service: a shell script, or a playbook."""

from __future__ import annotations

from resolvers.ansible.commands import read_playbook
from resolvers.container.build import Build
from resolvers.container.containerfile import read_script
from resolvers.tree import Tree

YAML = (".yml", ".yaml")


def read_installer(tree: Tree, path: str) -> Build:
    """The commands of a script or playbook. Raises ManifestError where it cannot be read."""
    return read_playbook(tree, path) if path.endswith(YAML) else read_script(tree, path)
