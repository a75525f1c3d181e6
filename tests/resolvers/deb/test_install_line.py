"""Install lines as people write them: what stays installed, what is open, and the line of every word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.container.build import Build
from resolvers.deb.declared import Context, Declared
from resolvers.deb.install_line import read_install_lines
from resolvers.shell.script import commands
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

NOWHERE = Context(Tree(Path("/nonexistent")), "debian")


def read(script: str, context: Context = NOWHERE) -> Declared:
    return read_install_lines(context, Build(commands=commands(script, "setup.sh").commands), "")


def wanted(declared: Declared) -> list[str]:
    return [f"{r} {r.origin.line}" for r in declared.requirements]


LINES: dict[str, tuple[str, list[str]]] = {
    "plain": ("apt-get update && apt-get install -y --no-install-recommends curl git\n", ["curl 1", "git 1"]),
    "one a line": (
        "apt-get -qq install -y \\\n    curl \\\n    # certificates\n    ca-certificates \\\n && rm -rf /tmp/x\n",
        ["curl 2"],
    ),
    "apt, by its path, with sudo": ("sudo -E /usr/bin/apt install -y nginx\n", ["nginx 1"]),
    "aptitude": ("aptitude -y install -R nginx\n", ["nginx 1"]),
    "minideb": ("install_packages curl libpq5\n", ["curl 1", "libpq5 1"]),
    "frontend": ("DEBIAN_FRONTEND=noninteractive apt-get install -yq tzdata\n", ["tzdata 1"]),
    "versions": (
        "apt-get install nginx=1.22.1-9+deb12u1 nodejs=18.* openssl=3.0.11-1~deb12u2 bind9=1:9.18.19-1\n",
        ["nginx=1.22.1-9+deb12u1 1", "nodejs=18.* 1", "openssl=3.0.11-1~deb12u2 1", "bind9=1:9.18.19-1 1"],
    ),
    "suites": (
        "apt-get install -y git/bookworm-backports\napt-get install -t bookworm-backports vim tmux=3.3a-3 jq/stable\n",
        ["git/bookworm-backports 1", "vim/bookworm-backports 2", "tmux=3.3a-3 2", "jq/stable 2"],
    ),
    "suite in every way": (
        "apt-get install -tsid a1 ; apt-get install -yt sid b1 ; apt-get install -t=sid c1\n"
        "apt-get install --target-release sid d1 ; apt-get --default-release=sid install e1\n"
        "apt-get -o APT::Default-Release=sid install f1\n",
        ["a1/sid 1", "b1/sid 1", "c1/sid 1", "d1/sid 2", "e1/sid 2", "f1/sid 3"],
    ),
    "options with values": (
        'apt-get -o Dpkg::Options::="--force-confold" -oDebug=1 -q=2 -c /etc/x.conf -a armhf install curl\n',
        ["curl 1"],
    ),
    "aptitude's options": ("aptitude -w 80 -P install curl\n", ["curl 1"]),
    "options at the end": ("apt-get install curl git -y --no-install-recommends\n", ["curl 1", "git 1"]),
    "end of options": ("apt-get install -- curl\n", ["curl 1"]),
    "architectures": (
        "apt-get install libc6:i386 libssl3:amd64 python3:any perl:native\n",
        ["libc6:i386 1", "libssl3 1", "python3 1", "perl 1"],
    ),
    "signs": (
        "apt-get install g++ libstdc++6 vim+ memtest86+ exim4-\n",
        ["g++ 1", "libstdc++6 1", "vim 1", "memtest86+ 1"],
    ),
    "dots": ("apt-get install python3.11 lua5.3 libssl1.1\n", ["python3.11 1", "lua5.3 1", "libssl1.1 1"]),
    "variables": ("PKGS='curl git'\nV=1.2-3\napt-get install $PKGS nginx=$V\n", ["curl 1", "git 1", "nginx=1.2-3 3"]),
    "removed": ("apt-get install gcc make curl\napt-get purge -y --auto-remove gcc make\n", ["curl 1"]),
    "removed by pattern": ("apt-get install gcc-12 libpq-dev libpq5\napt-get purge '*-dev' '^gcc-.*'\n", ["libpq5 1"]),
    "removed by dpkg": ("apt-get install curl wget\ndpkg --purge --force-depends wget:amd64\n", ["curl 1"]),
    "removed on the install line": (
        "apt-get install exim4 curl\napt-get install postfix exim4-\n",
        ["curl 1", "postfix 2"],
    ),
    "removed under a condition": ('apt-get install gcc\nif [ "$SLIM" ]; then apt-get purge gcc; fi\n', ["gcc 1"]),
    "installed again": ("apt-get install gcc\napt-get purge gcc\napt-get install gcc\n", ["gcc 3"]),
    "autoremove": ("apt-get install curl\napt-get autoremove -y\n", ["curl 1"]),
    "marked": (
        "apt-get install gcc curl libpq5\napt-mark auto gcc libpq5\napt-mark manual libpq5\napt-get autoremove -y\n",
        ["curl 1", "libpq5 1"],
    ),
    "installed while automatic": (
        "apt-get install gcc\napt-mark auto gcc\napt-get install gcc\napt autoremove\n",
        ["gcc 1", "gcc 3"],
    ),
    "official images": (
        "apt-get install -y ca-certificates\n"
        'savedAptMark="$(apt-mark showmanual)"\n'
        "apt-get install -y --no-install-recommends gcc libssl-dev make\n"
        "apt-mark auto '.*' > /dev/null\n"
        '[ -z "$savedAptMark" ] || apt-mark manual $savedAptMark\n'
        "find /usr/local -type f -executable -exec ldd '{}' ';' | sort -u | xargs -r dpkg-query --search "
        "| cut -d: -f1 | sort -u | xargs -r apt-mark manual\n"
        "apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false\n",
        ["ca-certificates 1"],
    ),
    "official images, where nobody knows what was saved": (
        "apt-get install -y gcc\napt-mark auto '.*'\napt-mark manual $saved\napt-get purge -y --auto-remove\n",
        ["gcc 1"],
    ),
    "only looked at": (
        "apt-get install -s a1 ; apt-get install --dry-run b1 ; apt-get install -d c1\n"
        "apt-get install --only-upgrade d1\n"
        "apt-get update ; apt-get upgrade -y ; apt-get dist-upgrade ; apt-cache policy e1 ; apt-get download f1\n",
        [],
    ),
    "satisfied": (
        'apt-get satisfy "libc6 (>= 2.36), exim4 | postfix (>> 3)"\n',
        ["libc6 (>= 2.36) 1", "exim4 | postfix (>> 3) 1"],
    ),
    "tried twice": (
        "apt-get install -y curl git=1 || (apt-get update && apt-get install -y curl git=1 git)\n",
        ["curl 1", "git=1 1"],
    ),
    "only mentioned": ("echo apt-get install curl\n# apt-get install git\n", []),
}


@pytest.mark.parametrize(("script", "expected"), LINES.values(), ids=LINES)
def test_what_stays_installed(script: str, expected: list[str]) -> None:
    declared = read(script)
    assert wanted(declared) == expected
    assert declared.unknown == ()


OPEN: dict[str, tuple[str, list[str], list[str]]] = {
    "a pattern": ("apt-get install 'php8.2-*' curl\n", ["curl 1"], ["setup.sh:1: php8.2-* is a pattern"]),
    "a regular expression": ("apt-get install '^linux-image-.*'\n", [], ["setup.sh:1: ^linux-image-.* is a pattern"]),
    "aptitude's search terms": (
        "aptitude install '~nfoo' '?name(bar)'\n",
        [],
        ["setup.sh:1: ~nfoo is a pattern", "setup.sh:1: ?name(bar) is a pattern"],
    ),
    "a task": ("apt-get install lamp-server^\n", [], ["setup.sh:1: lamp-server^ is a task"]),
    "tasksel": ("tasksel install web-server\n", [], ["setup.sh:1: web-server is a task"]),
    "a variable": ("apt-get install \\\n curl \\\n $EXTRA\n", ["curl 2"], ["setup.sh:3: $EXTRA names packages"]),
    "a version": ("apt-get install nginx=$NGINX\n", ["nginx 1"], ["setup.sh:1: nginx=$NGINX has a version"]),
    "a part of a name": (
        "apt-get install linux-headers-$(uname -r)\n",
        [],
        ["setup.sh:1: linux-headers-$(uname -r) names packages"],
    ),
    "a suite": ("apt-get install -t $SUITE git vim=1\n", ["git 1", "vim=1 1"], ["setup.sh:1: git comes from a suite"]),
    "a condition": (
        'if [ "$DEBUG" ]; then apt-get install gdb; fi\n',
        [],
        ["setup.sh:1: gdb is installed only under a condition"],
    ),
    "a condition, on what is there otherwise": (
        'apt-get install git=1\n[ "$X" ] && apt-get install git=2 git/sid git:i386\n',
        ["git=1 1"],
        [f"setup.sh:2: {word} is installed only" for word in ("git=2", "git/sid", "git:i386")],
    ),
    "another root": ("apt-get -o RootDir=/mnt install curl\n", [], ["setup.sh:1: curl is installed into another root"]),
    "a downloaded package": (
        "curl -O https://example.org/x.deb\ndpkg -i x.deb\napt-get install ./y.deb\ngdebi -n /tmp/z.deb\n",
        [],
        [
            "setup.sh:2: x.deb is a package file",
            "setup.sh:3: ./y.deb is a package file",
            "setup.sh:4: /tmp/z.deb is a package file",
        ],
    ),
    "a package from a URL": (
        "apt-get install https://user:secret@example.org/x.deb?token=secret\n",
        [],
        ["setup.sh:1: https://example.org/x.deb is a package file"],
    ),
    "no name": (
        "apt-get install Curl x=\n",
        [],
        ["setup.sh:1: Curl is no package's name", "setup.sh:1: x= is no package's name"],
    ),
    "a script from the network": (
        "curl -fsSL https://get.docker.com | sudo sh -s -- --dry\n",
        [],
        ["setup.sh:1: https://get.docker.com installs packages"],
    ),
    "a saved selection": (
        "dpkg --set-selections < list\napt-get dselect-upgrade -y\n",
        [],
        ["setup.sh:2: dselect-upgrade installs a selection"],
    ),
    "standard input": ("cat list | xargs apt-get install\n", [], ["setup.sh:1: $(cat) names packages"]),
}


@pytest.mark.parametrize(("script", "expected", "reasons"), OPEN.values(), ids=OPEN)
def test_what_only_a_run_tells_is_never_dropped(script: str, expected: list[str], reasons: list[str]) -> None:
    declared = read(script)
    assert wanted(declared) == expected
    assert len(declared.unknown) == len(reasons)
    for found, reason in zip(declared.unknown, reasons, strict=True):
        assert found.startswith(reason)


GONE_WITH_IT: dict[str, str] = {
    "a pattern": "apt-get install 'php*'\napt-get purge 'php*'\n",
    "a variable": "apt-get install $BUILD\napt-get purge --auto-remove ${BUILD}x $BUILD\n",
    "a version": "apt-get install nginx=$V\napt-get remove nginx\n",
    "automatic": "apt-mark showmanual\napt-get install $BUILD\napt-mark auto '.*'\napt-get autoremove\n",
}


@pytest.mark.parametrize("script", GONE_WITH_IT.values(), ids=GONE_WITH_IT)
def test_what_was_open_goes_when_it_is_removed(script: str) -> None:
    assert read(script) == Declared(skipped=read(script).skipped)


def test_what_nobody_knows_is_not_removed_by_what_nobody_knows() -> None:
    assert len(read("a | xargs apt-get install\nb | xargs apt-get purge\n").unknown) == 1


NOTES: dict[str, tuple[str, list[str]]] = {
    "removed again": ("apt-get install gcc\napt-get purge gcc\n", ["1: gcc is removed again (setup.sh:2)"]),
    "for building": ("apt-get build-dep -y nginx\n", ["1: nginx is to be built"]),
    "a repository": (
        "add-apt-repository -y ppa:deadsnakes/ppa\n",
        ["1: add-apt-repository -y ppa:deadsnakes/ppa adds packages"],
    ),
    "a repository's script": (
        "curl -fsSL https://deb.nodesource.com/setup_20.x | bash -\n",
        [
            "1: curl -fsSL https://deb.nodesource.com/setup_20.x adds packages",
            "1: https://deb.nodesource.com/setup_20.x is a script",
        ],
    ),
    "another script from the network": (
        "wget -qO- https://me:secret@example.org/i.sh?t=1 | bash\n",
        ["1: https://example.org/i.sh is a script from the network"],
    ),
    "a script that is there": ("curl -O https://example.org/x\nbash x\nbash -c 'true'\n", []),
    "credentials": (
        "add-apt-repository https://me:secret@example.org/?token=secret\n",
        ["1: add-apt-repository https://example.org/ adds"],
    ),
}


@pytest.mark.parametrize(("script", "expected"), NOTES.values(), ids=NOTES)
def test_notes(script: str, expected: list[str]) -> None:
    notes = read(script).skipped
    assert not any(note.incomplete for note in notes)
    assert len(notes) == len(expected)
    for note, start in zip(notes, expected, strict=True):
        assert f"{note.origin.line}: {note.what} {note.reason}".startswith(start)


def test_other_build_stages_are_noted() -> None:
    aside = tuple(
        ("builder", c) for c in commands("apt-get update\napt-get install gcc make\n", "Dockerfile", 3).commands
    )
    (note,) = read_install_lines(NOWHERE, Build(aside=aside), "").skipped
    assert (note.what, note.origin.line, note.incomplete) == ("gcc make", 4, False)
    assert note.reason == "is installed in the build stage builder, not in the final image"


def test_the_word_itself_is_the_origin() -> None:
    (requirement,) = read("apt-get install -t sid \\\n  'nginx:amd64'\n").requirements
    assert (str(requirement.origin), requirement.origin.text) == ("setup.sh:2", "nginx:amd64")
    assert str(requirement.package) == "deb/debian/nginx"


WORDS = [
    "apt-get", "apt", "aptitude", "install", "purge", "remove", "autoremove", "-y", "-t", "-o", "-", "--", "-t=",
    "curl", "curl-", "g++", "lib*", "x=1", "x/sid", "a:i386", "./x.deb", "$X", "$(cat", ")", "&&", "||", ";", "|",
    "xargs", "dpkg", "-i", "apt-mark", "auto", "manual", "showmanual", ".*", "'", "if", "then", "fi", "satisfy",
    "(>=1)", "task^", "[", "]", "^", "add-apt-repository", "https://u:p@h/?t=1", '"', "\n", "\\\n",
]  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=25))
def test_hostile_lines(words: list[str]) -> None:
    declared = read(" ".join(words))
    assert all(r.package.name and r.origin.line for r in declared.requirements)
    assert "u:p@" not in repr((declared.unknown, declared.skipped))
