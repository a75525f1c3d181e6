"""Kubernetes manifests in the shapes of public demos."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deployment.deployed import Deployed, Deployment
from resolvers.deployment.kubernetes import read_kubernetes
from tests.hostile import EXAMPLES
from tests.resolvers.deployment.tree_of import tree_of

EMAIL = """# Copyright
apiVersion: apps/v1
kind: Deployment
metadata:
  name: emailservice
spec:
  replicas: 3
  selector: {matchLabels: {app: emailservice}}
  template:
    spec:
      nodeSelector: {kubernetes.io/arch: arm64}
      initContainers:
      - {name: wait, image: busybox, command: [sh, -c, "until nc -z db 5432; do sleep 1; done"]}
      containers:
      - name: server
        image: index.example/demo/emailservice:v0.3.6
        ports:
        - containerPort: 8080
        - {containerPort: 53, protocol: UDP, name: dns}
        securityContext: {privileged: true}
        resources:
          requests: {cpu: 100m, memory: 64Mi}
          limits: {cpu: 200m, memory: 128Mi, nvidia.com/gpu: 1}
---
apiVersion: v1
kind: Service
metadata:
  name: emailservice
spec: {ports: [{port: 5000, targetPort: 8080}]}
"""


def read(root: Path, text: str) -> Deployment:
    return read_kubernetes(tree_of(root, {"k.yaml": text}), "k.yaml")


def only(root: Path, pod: str, kind: str = "Pod", head: str = "spec: ") -> Deployed:
    (found,) = read(root, f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: x}}\n{head}{pod}\n").deployed
    return found


def test_a_deployment(tmp_path: Path) -> None:
    (found,) = read(tmp_path, EMAIL).deployed
    assert (found.name, found.image) == ("emailservice", "index.example/demo/emailservice:v0.3.6")
    assert [(str(port), port.origin.line) for port in found.ports] == [("53/udp", 19), ("8080/tcp", 18)]
    assert (found.memory, found.cpu, found.replicas) == (64 * 2**20, 0.1, 3)
    assert (found.devices, found.kernel, found.platform) == (("nvidia.com/gpu",), ("privileged",), "linux/arm64")
    assert (found.origin.line, found.notes) == (15, ("Deployment emailservice",))


KINDS = {
    "Deployment": "spec: {template: {spec: %s}}",
    "StatefulSet": "spec: {template: {spec: %s}}",
    "DaemonSet": "spec: {template: {spec: %s}}",
    "ReplicaSet": "spec: {template: {spec: %s}}",
    "Job": "spec: {template: {spec: %s}}",
    "CronJob": "spec: {jobTemplate: {spec: {template: {spec: %s}}}}",
    "Pod": "spec: %s",
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds(tmp_path: Path, kind: str) -> None:
    head = KINDS[kind] % "{containers: [{name: c, image: i}]}"
    assert (only(tmp_path, "", kind, head).name, only(tmp_path, "", kind, head).image) == ("x", "i")


def test_a_list(tmp_path: Path) -> None:
    item = "- apiVersion: v1\n  kind: {}\n  metadata: {{name: {}}}\n  spec: {{containers: [{{image: i}}]}}\n"
    text = "apiVersion: v1\nkind: List\nitems:\n" + item.format("Pod", "pod") + item.format("Service", "service")
    assert [s.name for s in read(tmp_path, text).deployed] == ["pod"]


def test_containers_of_one_pod(tmp_path: Path) -> None:
    text = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  initContainers:
  - {name: proxy, image: envoy, restartPolicy: Always}
  - {name: migrate, image: app}
  containers:
  - {name: app, image: app}
  - {name: logs, image: fluentbit}
"""
    found = read(tmp_path, text).deployed
    assert [s.name for s in found] == ["web/app", "web/logs", "web/proxy"]
    assert {s.notes for s in found} == {("Pod web: shares the network namespace of the Pod web",)}
    assert len({s.root for s in found}) == 3
    assert len({s.machine for s in found}) == 1


def test_the_network_of_the_machine(tmp_path: Path) -> None:
    found = only(tmp_path, "{hostNetwork: true, containers: [{name: a, image: i}]}")
    assert found.notes == ("Pod x: shares the network namespace of the machine",)


def test_what_is_no_workload_gives_nothing(tmp_path: Path) -> None:
    for text in (
        "kind: Deployment\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: 'kind: Pod'}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: 5}\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: x, env: []}]}}}\n"
        "metadata: {name: x}\n",
        "\xff not YAML: [",
    ):
        assert read(tmp_path, text) == Deployment()


BROKEN = {
    "metadata: {name: {{ .Values.name }}}\n": ("is a template, which is not evaluated", False),
    "metadata:\n  name: x\n  {{- with .Values.x }}\n": ("is a template, which is not evaluated", False),
    "metadata: {name: x}\nspec: {containers: [{image: '{{ .Values.image }}'}]}\n": (
        "is a template, which is not evaluated",
        False,
    ),
    "metadata: [x]\n": ("is a list where a mapping is expected", True),
    "metadata: {name: a b}\nspec: {containers: [{image: x}]}\n": ("has no name that Kubernetes allows", True),
    "a: [\n": ("is no valid YAML: expected the node content, but found '<stream end>'", True),
    "spec: {containers: 5}\n": ("is an integer where a list is expected", True),
}


@pytest.mark.parametrize("rest", BROKEN)
def test_what_is_broken_is_told_and_costs_its_document(tmp_path: Path, rest: str) -> None:
    found = read(tmp_path, f"apiVersion: v1\nkind: Pod\n{rest}---\n{EMAIL}")
    assert [s.name for s in found.deployed] == ["emailservice"]
    assert [(s.reason, s.incomplete) for s in found.skipped] == [BROKEN[rest]]


def test_one_bad_part_costs_that_part(tmp_path: Path) -> None:
    found = only(
        tmp_path,
        "{nodeSelector: 5, hostNetwork: [1], containers: [{image: i, ports: [{containerPort: x}, {containerPort: 80}], "
        "resources: 7, securityContext: [a]}]}",
    )
    assert ([str(port) for port in found.ports], found.memory, found.kernel) == (["80/tcp"], None, ())
    assert {s.what for s in found.skipped} == {
        "architecture of x", "hostNetwork of x", "port of x", "memory of x", "cpu of x", "devices of x", "kernel of x",
    }  # fmt: skip
    assert not any(s.incomplete for s in found.skipped)


KEYS = ["metadata", "name", "spec", "template", "containers", "image", "ports", "containerPort", "resources", "items"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["a", "64Mi", "x/y", "{{ .x }}", "80"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=15,
)


@given(VALUES, st.sampled_from([*KINDS, "List", "PodList"]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_structure_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, value: object, kind: str) -> None:
    root = tmp_path_factory.getbasetemp() / "any-kubernetes"
    shown = json.dumps(value)
    for text in (f"metadata: {{name: x}}\nspec: {shown}", f"spec: {{containers: [{shown}]}}", f"items: [{shown}]"):
        read(root, f"apiVersion: v1\nkind: {kind}\n{text}\n# kind: Pod\n")
