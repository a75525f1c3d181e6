from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.shell.budget import TEXT_LIMIT, WORK_LIMIT, Budget
from resolvers.shell.passage import Passage
from resolvers.shell.script import Setting, commands, follow
from tests.hostile import EXAMPLES
from tests.resolvers.shell.shown import shown

SCRIPTS: dict[str, tuple[str, list[str]]] = {
    "continued lines": ("apt-get install a \\\n  b \\\n c\n", ["1: apt-get install a b@2 c@3"]),
    "comments": ("apt-get install a # b\n# apt-get install c\napt-get install d#e", [
        "1: apt-get install a", "3: apt-get install d#e",
    ]),
    "quotes": ("""apt-get install 'a b' "c d" e\\ f $'g\\th' "i"'j' "\\"k\\"" """, [
        '1: apt-get install a b c d e f g\th ij "k"',
    ]),
    "an empty word": ("x '' \"\"", ["1: x '' ''"]),
    "lists and pipes": ("a && b || c; d | e & f |& g\n", ["1: a", "1: b", "? 1: c", "1: d", "1: e", "1: f", "1: g"]),
    "subshell and braces": ("(a; b) && { c; d; }\n", ["1: a", "1: b", "1: c", "1: d"]),
    "redirections": ("a >/dev/null 2>&1 <x >>y b 2>z &>w", ["1: a b"]),
    "assignments in front": ("DEBIAN_FRONTEND=noninteractive A='x y' apt-get install b", ["1: apt-get install b"]),
    "variables": ("P='a b'\nQ=c\nrun $P \"$P\" ${Q}d $Q-$Q", ["3: run a@1 b@1 a b@1 cd c-c"]),
    "a list over lines": ('P="a\n  b\\\n  c"\napt-get install $P', ["4: apt-get install a@1 b@2 c@3"]),
    "a list that grows": ("P=a\nP=\"$P b\"\nP+=' c'\nrun $P", ["4: run a@1 b@2 c@3"]),
    "arrays": ('P=(a "b c"\n  d # no\n  e)\nP+=(f)\nrun "${P[@]}" ${P[1]} $P', [
        "5: run a@1 b c@1 d@2 e@3 f@4 b@1 c@1 a@1",
    ]),
    "defaults": ("B=; run ${A:-x} ${B:-y} ${B-z}w ${C:=v} $C ${C:+u}${D:+t}", ["1: run x y w v v u"]),
    "export and the like": ("export A=a; local B=b; readonly C=c; declare -r D=d\nrun $A $B $C $D", [
        "2: run a@1 b@1 c@1 d@1",
    ]),
    "not an assignment": ("dd if=/dev/zero A=$B", ["1: dd if=/dev/zero A=$B?"]),
    "positional parameters": ('set -eu -- a "b c"; shift; run "$@" $1 $2.', ["1: run b c b c ."]),
    "changed values": ("V=3.11.2; run ${V%.*} ${V%%.*} ${V#*.} ${V##*.} ${V//./-} ${V/./} ${V^^}", [
        "1: run 3.11 3 11.2 2 3-11-2 311.2 3.11.2",
    ]),
    "what only a run tells": ('run $A "${A}b" $(c) "`d`" ${#A} ${!A} $((1 + 1)) $? <(e)', [
        "1: c", "1: d", "1: run $A? ${A}b? $(c)? `d`? ${#A}? ${!A}? $((1 + 1))? $?? <(e)?",
    ]),
    "braces": ("run lib{a,b}-{x,y} php{7..9} {a} a{,b} '{c,d}' {e, f}", [
        "1: run liba-x liba-y libb-x libb-y php7 php8 php9 {a} a ab {c,d} {e, f}",
    ]),
    "patterns stay": ("apt-get install 'php8.1-*' php8.2-* lib?", ["1: apt-get install php8.1-* php8.2-* lib?"]),
    "if": ("if a; then b; elif c; then d; else e; fi; f", ["1: a", "? 1: b", "? 1: c", "? 1: d", "? 1: e", "1: f"]),
    "case": ("case $(a) in\n x|y) b ;;\n (z) c;;\n *) d\nesac\ne", [
        "1: a", "? 2: b", "? 3: c", "? 4: d", "6: e",
    ]),
    "while": ("while a; do b; done; until c; do d; done", ["1: a", "? 1: b", "1: c", "? 1: d"]),
    "for over words": ("for p in a b\\\n c; do\n apt-get install $p\ndone", [
        "3: apt-get install a@1", "3: apt-get install b@1", "3: apt-get install c@2",
    ]),
    "for over what nobody knows": ("for p in $(ls); do run $p; done; for q; do run $q; done", [
        "1: ls", "? 1: run $(ls)?", "? 1: run $q?",
    ]),
    "arithmetic": ("((i++)); (( $(nproc --all) / 2 > a[1] ? 1 : 0 )) && a; run $((1 + (2)))", [
        "? 1: a", "1: run $((1 + (2)))?",
    ]),
    "a subshell in a subshell": ("((apt-get install x))\n((cd a; make) && (./b))\necho $((c d) | e) | (( f; ) )", [
        "1: apt-get install x", "2: make", "2: ./b", "3: c d", "3: e", "3: f",
    ]),
    "arithmetic for": ("for ((i=0;i<3;i++)); do run $i; done", ["? 1: run $i?"]),
    "a test before &&": ("[ -f x ] && a\n[[ x && y < z ]] && b\n! c && d\ngrep -q e f && g\nh && i", [
        "? 1: a", "? 2: b", "3: c", "? 3: d", "? 4: g", "5: h", "5: i",
    ]),
    "ask before installing": ("command -v curl || apt-get install curl\ntest -x y || exit 1", [
        "1: command -v curl", "? 1: apt-get install curl",
    ]),
    "what a branch may add": ("P=a\nif x; then P=\"$P b\"; fi\nrun $P", ["2: x", "3: run a@1 b?@2"]),
    "what a branch may set": ("if x; then P=b; fi\nrun $P c\nif x; then P=d; else P=e; fi\nrun $P", [
        "1: x", "2: run b?@1 c", "3: x", "4: run $P?@3",
    ]),
    "an array that a branch may add to": ("P=(a)\nif x; then P+=(b); fi\nrun \"${P[@]}\"", ["2: x", "3: run a@1 b?@2"]),
    "a subshell keeps its variables": ("P=a; (P=b); run $P", ["1: run a"]),
    "functions": ("need() {\n  apt-get install \"$@\"\n}\nfunction more { need c; }\nneed a b; more", [
        "2: apt-get install a@5 b@5", "2: apt-get install c@4",
    ]),
    "functions that nobody calls": ("f() { a; }\ng() ( b; )\nc", ["3: c", "? 2: b", "? 1: a"]),
    "a function that calls itself": ("f() { a; f; }\nf", ["1: a"]),
    "prefixes": (
        "sudo -E -u root apt-get install a\nenv -i A=b C=d apt install e\nexec nice -n 5 f\ntime -p g\n"
        "timeout -k 5 10 h\nchroot /mnt i\nsudo DEBIAN_FRONTEND=x eatmydata j\n$SUDO k\n${SUDO:-} l\ncommand -p m",
        ["1: apt-get install a", "2: apt install e", "3: f", "4: g", "5: h", "6: i", "7: j", "8: k", "9: l", "10: m"],
    ),
    "sudo where it is needed": ('S=""\nif [ "$(id -u)" -ne 0 ]; then S=sudo; fi\n$S apt-get install a', [
        "2: id -u", "3: apt-get install a",
    ]),
    "a shell in a shell": (
        "bash -c 'a && b'\nsudo sh -ec \"c\nd\"\nbash -o pipefail -c 'e \"$1\"' _ f\nsu - x -c 'g'",
        ["1: a", "1: b", "2: c", "3: d", "4: e f", "5: g"],
    ),
    "eval": ("X='a b'; eval \"$X c\"; eval $Y", ["1: a b c", "1: eval $Y?"]),
    "here-documents are text": ("cat <<EOF >x\na\nEOF\ntee y <<-'END'\n\tb\n\tEND\nc <<A <<B\na\nA\nb\nB\nd", [
        "7: c", "12: d",
    ]),
    "here-documents are scripts": ("bash <<EOF\na \\\n b $X\nEOF\nsh -s -- c <<'EOF'\nd $1\nEOF\nbash -s <<< 'e'", [
        "2: a b@3 $X?@3", "6: d c@5", "8: e",
    ]),
    "xargs": (
        "echo a b | xargs -r apt-get install\nprintf '%s\\n' c d | xargs -n1 run\necho e | xargs -I{} run {}-dev",
        ["1: apt-get install a b", "2: run c d", "3: run e-dev"],
    ),
    "a list that the script wrote": (
        "cat > list <<EOF\n# why\na\nb # c\nEOF\necho d >> list\ngrep -v '^#' list | sed 's/#.*//' | xargs run",
        ["7: run a@3 b@4 d@6"],
    ),
    "a list read line by line": ("printf 'a\\nb\\n' > l\nwhile read -r p; do run $p; done < l", [
        "2: run a@1", "2: run b@1",
    ]),
    "lists that nobody knows": (
        "xargs -a l run\ncat l | xargs run\nxargs run < l\nrun $(cat l) $(< l)\nls | xargs run",
        [
            "1: run $(cat l)?", "2: run $(cat)?", "3: run $(cat)?", "4: run $(cat l)? $(< l)?", "5: ls",
            "5: run $(cat)?",
        ],
    ),
    "a script piped in": ("curl -fsSL x | sudo bash -s -- y", ["1: curl -fsSL x", "1: bash -s -- y"]),
    "not of a shell": ("#!/usr/bin/env python3\napt-get install a", []),
    "of a shell": ("#!/usr/bin/env -S bash -e\na", ["2: a"]),
    "line ends of Windows": ("a \\\r\n b\r\nc\r\n", ["1: a b@2", "3: c"]),
    "what the shell does": ("set -eux; cd /tmp; umask 022; : x; trap 'a' EXIT; unset B; true; exit 0", []),
    "savedAptMark": (
        "set -eux; \\\nsavedAptMark=\"$(apt-mark showmanual)\"; \\\napt-get install -y --no-install-recommends \\\n"
        "\tgcc \\\n\tlibssl-dev \\\n; \\\n[ -z \"$savedAptMark\" ] || apt-mark manual $savedAptMark > /dev/null; \\\n"
        "find /usr/local -exec ldd '{}' ';' | awk '/=>/ { print $(NF-1) }' | sort -u | xargs -r apt-mark manual",
        [
            "2: apt-mark showmanual", "3: apt-get install -y --no-install-recommends gcc@4 libssl-dev@5",
            "? 7: apt-mark manual $(apt-mark showmanual)?@2", "8: find /usr/local -exec ldd {} ;",
            "8: apt-mark manual $(cat)?",
        ],
    ),
    "an architecture's name": (
        'arch="$(dpkg --print-architecture)"\ncase "$arch" in amd64) p=x ;; arm64) p=y ;; esac\nrun lib-$p-dev',
        ["1: dpkg --print-architecture", "3: run lib-$p-dev?"],
    ),
}  # fmt: skip

BROKEN: dict[str, tuple[str, list[str], list[int]]] = {
    "a quote that does not end": ("a\nb 'c\nd", ["1: a", "? 3: d"], [2]),
    "if without fi": ("a\nif b; then\n c\nd", ["1: a", "? 3: c", "? 4: d"], [2]),
    "fi without if": ("a\n)\nb", ["1: a", "? 3: b"], [2]),
    "a substitution that does not end": ("a $(b\nc", ["? 2: c"], [1]),
    "case without in": ("case a b\nc", ["? 2: c"], [1]),
    "deep": ("(" * 200 + "\na", ["? 2: a"], [1]),
    "deep expansions": ("a " + "${x:-" * 100 + "}" * 100 + "\nb", ["? 2: b"], [1]),
}


def lines(script: str) -> list[str]:
    return [shown(command) for command in commands(script, "setup.sh").commands]


@pytest.mark.parametrize("name", SCRIPTS)
def test_commands(name: str) -> None:
    script, expected = SCRIPTS[name]
    followed = commands(script, "setup.sh")
    assert [shown(command) for command in followed.commands] == expected
    assert not followed.skipped


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_shell_is_skipped_with_its_line(name: str) -> None:
    script, expected, skipped = BROKEN[name]
    followed = commands(script, "setup.sh")
    assert [item.origin.line for item in followed.skipped][: len(skipped)] == skipped
    assert all(item.incomplete and item.origin.file == "setup.sh" for item in followed.skipped)
    assert [shown(command) for command in followed.commands][: len(expected)] == expected


def test_variables_and_the_first_line_are_the_callers() -> None:
    followed = commands("run $A\nrun $B", "Dockerfile", 7, {"A": "x y"})
    assert [shown(command) for command in followed.commands] == ["7: run x y", "8: run $B?"]


FILES = {
    "/srv/list.txt": "# two packages\na\n\nb # why\n",
    "/srv/more.sh": "MORE=c\napt-get install from-more $1\n",
    "/srv/sub/again.sh": "#!/bin/sh\nbash ../sub/again.sh\n/srv/sub/again.sh\napt-get install again\n",
    "/srv/tool": "#!/usr/bin/python3\napt-get install no\n",
}

WITH_FILES = {
    "grep -v '^#' list.txt | cut -d'#' -f1 | xargs run": ["1: run a@/srv/list.txt:2 b@/srv/list.txt:4"],
    "sed -e 's/#.*//' -e '/^$/d' /srv/list.txt | xargs run": ["1: run a@/srv/list.txt:2 b@/srv/list.txt:4"],
    "awk '!/^#/ {print $1}' list.txt | sort -u | xargs run": ["1: run a@/srv/list.txt:2 b@/srv/list.txt:4"],
    "run $(grep -vE '^\\s*(#|$)' list.txt | tr '\\n' ' ')": ["1: run a@/srv/list.txt:2 b@/srv/list.txt:4"],
    "while read -r p; do run ${p%% *}; done < <(x)": ["? 1: run ${p%% *}?"],
    "bash more.sh x; run $MORE": ["2: apt-get install from-more x@main.sh:1", "1: run $MORE?"],
    "cd /srv && . ./more.sh; run $MORE": ["2: apt-get install from-more $1?", "1: run c@/srv/more.sh:1"],
    "./more.sh y || true": ["2: apt-get install from-more y@main.sh:1"],
    "if x; then ./more.sh z; fi": ["1: x", "? 2: apt-get install from-more z@main.sh:1"],
    'H="$(cd "$(dirname "/srv/main.sh")" && pwd)"; bash "$H/more.sh"': ["2: apt-get install from-more"],
    "./tool": ["1: ./tool"],
    "./missing.sh": ["1: ./missing.sh"],
    "xargs -a $X run": ["1: run $(cat $X)?"],
}  # fmt: skip


def read(path: str) -> Passage | None:
    return Passage.written(FILES[path], path) if path in FILES else None


@pytest.mark.parametrize("script", WITH_FILES)
def test_scripts_and_lists_of_the_tree_are_read(script: str) -> None:
    followed = follow(Passage.written(script, "main.sh"), Setting(directory="/srv", files=read))
    assert [shown(command) for command in followed.commands] == WITH_FILES[script]


def test_a_script_that_runs_itself_ends() -> None:
    followed = follow(Passage.written("/srv/sub/again.sh", "main.sh"), Setting(directory="/srv/sub", files=read))
    assert [item.reason for item in followed.skipped] == ["calls itself, or is nested too deeply"]


HOSTILE = {
    "doubling": "A=aaaaaaaa\n" + "A=$A$A\n" * 100 + "run $A",
    "doubling arrays": "A=(a b)\n" + 'A=("${A[@]}" "${A[@]}")\n' * 60,
    "doubling files": "echo aaaa > f\n" + "cat f f > g; cat g g > f\n" * 60,
    "nested loops": "".join(f"for a{n} in {'x ' * 50}; do " for n in range(12)) + "run" + "; done" * 12,
    "loops over loops": "A='" + "x " * 5000 + "'\nfor a in $A; do for b in $A; do run $b; done; done",
    "nested braces": "run " + "{a,b}" * 40,
    "deep braces": "run " + "{a," * 19 + "b" + "}" * 19,
    "a long range": "run {1..999999}",
    "functions": "f0() { run; }\n" + "".join(f"f{n + 1}() {{ f{n}; f{n}; }}\n" for n in range(40)) + "f40",
    "open quotes": "a 'b\n" * 5000 + "'",
    "open substitutions": "$(\n" * 20000,
    "here-documents": "a " + "<<x" * 20000 + "\n",
    "here-documents without an end": "a <<x\n" * 20000,
    "variables and branches": "".join(f"v{n}=1\nif a; then v{n}=2; fi\n" for n in range(5000)),
    "patterns": "A=" + "a" * 399 + "\n" + "run ${A%%" + "*a" * 19 + "b}\n" * 300,
    "parentheses": "(" * 500_000,
    "backslashes": "\\" * 200_000,
    "eval": 'A=\'eval "$A"\'\neval "$A"',
    "a long word": "run " + "a" * 900_000,
    "blanks": "echo '" + " " * 60_000 + "' | sed 's/#//' | xargs run",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_work_is_bounded(name: str) -> None:
    start = time.process_time()
    followed = follow(Passage.written(HOSTILE[name], "x"), Setting(budget=Budget(WORK_LIMIT // 10)))
    assert time.process_time() - start < 5
    assert sum(len(word.text) for command in followed.commands for word in command.words) < WORK_LIMIT


def test_what_is_too_long_is_not_read() -> None:
    (skipped,) = commands("a\n" * TEXT_LIMIT, "x").skipped
    assert skipped.incomplete


PIECES = st.sampled_from(
    [
        *"'\"`$(){}[]<>|&;#\\!=*?@ \n\t", "$(", "${", "$((", "))", "<<EOF\n", "\nEOF\n", "<<-'E'\n", "&&", "||", ";;",
        "if ", "then ", "else ", "elif ", "fi\n", "for a in ", "do ", "done\n", "while ", "case ", " in ", "esac\n",
        "f() ", "function g ", "[[ ", " ]]", "A=", "A+=", "A=(", "$A", "${A", "${A[@]}", ":-", "%%", "//", "export ",
        "bash -c ", "eval ", "xargs ", "set -- ", "shift ", "cat ", "echo ", "sudo ", "apt-get install ", "a", "{a,b}",
        "{1..3}", "read ", "cd ", "> f ", "< f ", "source f", "-I{} ", "printf '%s' ", "grep -v '#' ", "sed ", "awk ",
    ]
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join))
def test_no_script_raises(script: str) -> None:
    followed = follow(Passage.written(script, "x", 5), Setting(files=lambda path: Passage.written(script, "y")))
    for command in followed.commands:
        assert command.words and len(command.words) == len(command.origins)
        assert all(origin.file in ("x", "y") and origin.line >= 1 for origin in command.origins)


PLAIN = st.text("abcdefghijklmnopqrstuvwxyz0123456789.+-", min_size=1, max_size=8).filter(lambda w: w[0] not in "-+")


@given(st.lists(st.tuples(PLAIN, st.sampled_from([" ", "  ", " \\\n", "\t\\\n\\\n "])), min_size=1, max_size=20))
def test_words_stand_on_their_lines(words: list[tuple[str, str]]) -> None:
    script = "apt-get install " + "".join(f"{word}{gap}" for word, gap in words)
    line, expected = 1, []
    for word, gap in words:
        expected.append((word, line))
        line += gap.count("\n")
    (command,) = commands(script, "x").commands
    found = [(word.text, origin.line) for word, origin in zip(command.words, command.origins, strict=True)]
    assert found[2:] == expected
