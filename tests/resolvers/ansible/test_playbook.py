"""Playbooks as commands, and what the gatherers make of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.service import Service
from resolvers.ansible.commands import read_playbook
from resolvers.container.build import Build
from resolvers.discovery import discover
from resolvers.gathering import Job, gather_one
from resolvers.registry import gatherers
from resolvers.seam import Wish
from resolvers.shell.command import Command
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

GEO = "https://git.example/org/geo"
PLAYS = """- name: everything
  hosts: web
  vars:
    app_dir: /opt/app
    geo: {repo: https://git.example/org/geo, version: v1}
    packages: [curl, "{{ extra }}"]
    extra: git
  pre_tasks:
    - apt: {name: "{{ packages }}", state: present, update_cache: yes}
  tasks:
    - name: clone
      ansible.builtin.git:
        repo: "{{ geo.repo }}"
        dest: "{{ app_dir }}/geo"
        version: "{{ geo.version }}"
    - git: repo=https://git.example/org/b dest=/opt/b version=main
    - git: {repo: https://git.example/org/c, dest: /opt/c, version: "{{ asked }}"}
      when: asked is defined
    - block:
        - ansible.builtin.apt: name=nginx,redis state=latest
      rescue:
        - apt: name=apache2
    - apt: pkg=telnet state=absent
    - git:
        repo: "https://git.example/org/{{ item.name }}"
        dest: "/srv/{{ item['name'] }}"
      loop:
        - {name: x}
        - name: y
    - dnf: {name: "{{ item }}"}
      with_items: [httpd, "@development"]
    - yum: {name: '*', state: latest}
    - shell: |
        cd /tmp
        apt-get install -y {{ unknown }} vim
    - command: git clone https://git.example/org/d /opt/d
    - debug: {msg: "apt-get install nothing"}
    - git: {repo: https://git.example/org/e, dest: /opt/e, clone: no}
    - git: {repo: https://git.example/org/f, dest: "{{ d | default('/opt/f') }}", version: HEAD}
"""
EXPECTED = [
    "apt-get install -y curl git",
    f"git clone --revision v1 -- {GEO} /opt/app/geo",
    "git clone --revision main -- https://git.example/org/b /opt/b",
    "? git clone --revision {{ asked }}? -- https://git.example/org/c /opt/c",
    "apt-get install -y nginx redis",
    "? apt-get install -y apache2",
    "apt-get remove -y telnet",
    "git clone -- https://git.example/org/x /srv/x",
    "git clone -- https://git.example/org/y /srv/y",
    "dnf install -y httpd",
    "dnf install -y @development",
    "apt-get install -y $unknown? vim",
    "git clone https://git.example/org/d /opt/d",
    "git clone -- https://git.example/org/f /opt/f",
]


def written(root: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Tree(root)


def shown(command: Command) -> str:
    words = (word.text if word.known else f"{word.text}?" for word in command.words)
    return ("? " if command.conditional else "") + " ".join(words)


def texts(build: Build) -> list[str]:
    return [shown(command) for command in build.commands]


def test_tasks_become_commands(tmp_path: Path) -> None:
    build = read_playbook(written(tmp_path, {"site.yml": PLAYS}), "site.yml")
    assert texts(build) == EXPECTED
    clone = build.commands[1]
    assert [origin.line for origin in clone.origins][-2:] == [13, 14]
    assert build.skipped == ()


ROLES = {
    "play/site.yml": "- hosts: all\n  roles:\n    - geo\n    - {role: other, vars: {v: v9}}\n    - missing\n",
    "play/roles/geo/defaults/main.yml": "v: v1\nplace: /opt/geo\n",
    "play/roles/geo/vars/main.yml": "v: v2\n",
    "play/roles/geo/tasks/main.yml": "- include_tasks: clone.yml\n- import_tasks: '{{ which }}.yml'\n",
    "play/roles/geo/tasks/clone.yml": f"- git: {{repo: {GEO}, dest: '{{{{ place }}}}', version: '{{{{ v }}}}'}}\n",
    "roles/other/tasks/main.yml": f"- git: {{repo: {GEO}, dest: /srv, version: '{{{{ v }}}}'}}\n"
    "- include_role: {name: geo}\n",
}


def test_roles_and_included_files_are_followed(tmp_path: Path) -> None:
    build = read_playbook(written(tmp_path, ROLES), "play/site.yml")
    assert texts(build) == [
        f"git clone --revision v2 -- {GEO} /opt/geo",
        f"git clone --revision v9 -- {GEO} /srv",
    ]
    assert [(s.what, s.reason) for s in build.skipped] == [
        ("{{ which }}.yml", "is a file of tasks that only a run tells"),
        ("role geo", "is not in the audited folder"),
        ("role missing", "is not in the audited folder"),
    ]


def test_a_role_alone(tmp_path: Path) -> None:
    build = read_playbook(written(tmp_path, ROLES), "play/roles/geo/tasks/main.yml")
    assert texts(build) == [f"git clone --revision v2 -- {GEO} /opt/geo"]


@pytest.mark.parametrize(
    "files",
    [
        {"a.yml": "- hosts: x\n  tasks: [{include_tasks: a.yml}]\n"},
        {
            "a.yml": "- import_playbook: a.yml\n- hosts: x\n  roles: [{role: r}]\n",
            "roles/r/tasks/main.yml": "- include_role: {name: r}\n",
        },
        {"a.yml": "- hosts: x\n  vars: {a: '{{ b }}', b: '{{ a }}'}\n  tasks: [{apt: {name: '{{ a }}'}}]\n"},
        {"a.yml": "- hosts: x\n  tasks:\n    - apt: {name: a}\n      loop: [" + "1, " * 9000 + "]\n"},
    ],
)
def test_what_holds_itself_ends(tmp_path: Path, files: dict[str, str]) -> None:
    assert len(read_playbook(written(tmp_path, files), "a.yml").commands) <= 5000


def test_the_gatherers_read_playbooks(tmp_path: Path) -> None:
    tree = written(tmp_path, {"a/requirements.txt": "flask\n", "a/site.yml": PLAYS, "b/site.yml": PLAYS})
    assert [found.directory for found in discover(tree, gatherers()).found] == ["a"]
    service = gather_one(gatherers(), Job(tmp_path, Service("a", "a"), Wish()))
    sets = {s.ecosystem: [f"{r.package.name} {r.constraint}".strip() for r in s.requirements] for s in service.sets}
    assert {"curl", "git", "nginx", "redis"} <= set(sets["deb"])
    assert "geo v1 in /opt/app/geo" in sets["git"]
    assert "c perhaps (unknown) in /opt/c" in sets["git"]


PIECES = st.sampled_from(
    ["- hosts: x\n  tasks:\n", "    - git:", " {repo: a, dest: b}\n", "    - apt: name=", "{{ a }}", "\n", "  vars:\n",
     "    a: ", "[", "]", "{", "}", "    - block:\n", "        - shell: ", "      when: x\n", "      loop: ", "&a ",
     "*a ", "<<: ", "- include_tasks: ", "a.yml", "  roles:\n", "    - x\n", "!vault ", "'", '"', "%", "null", "1"]
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join))
def test_no_playbook_raises_but_as_a_manifest(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.mktemp("play")
    (root / "a.yml").write_bytes(text.encode(errors="replace"))
    try:
        build = read_playbook(Tree(root), "a.yml")
    except ManifestError:
        return
    for command in build.commands:
        assert len(command.words) == len(command.origins)
