"""Reads the Kotlin of build scripts with tree-sitter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import tree_sitter_kotlin
from tree_sitter import Language, Parser, TreeCursor

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.gradle.syntax import Argument, Assign, Call, Choice, Items, Loop, Name, Node, Opaque, Text, text_of

_DEPTH = 120
"""Levels of the syntax tree, several of which make one of the script's."""
_LISTS = frozenset({"listOf", "setOf", "arrayOf", "mutableListOf", "sequenceOf"})
_MAKERS = frozenset({"creating", "getting", "registering", "existing"})
"""What makes, or finds, the thing of a container that is called like the property."""
_COMMENTS = frozenset({"line_comment", "block_comment", "shebang", "import", "file_annotation", "package_header"})


@dataclass(slots=True)
class _Part:
    """A node of the syntax tree: its type, field, line, text and named parts."""

    type: str
    field: str
    line: int
    text: str
    parts: list[_Part]


def read_kotlin(text: str, path: str) -> tuple[Node, ...]:
    """The statements of a script. Raises ManifestError where it is nested too deeply."""
    content = text.encode("utf-8", "replace")
    tree = Parser(Language(tree_sitter_kotlin.language())).parse(content)
    root = _part(tree.walk(), content, path, 0)
    return tuple(_node(part) for part in root.parts)


def _part(cursor: TreeCursor, content: bytes, path: str, depth: int) -> _Part:
    node = cursor.node
    if node is None or depth > _DEPTH:
        raise ManifestError(Origin(path), "is nested too deeply")
    line = node.start_point[0] + 1
    found = _Part(node.type, cursor.field_name or "", line, "", [])
    if depth > 0:
        found.text = content[node.start_byte : node.end_byte].decode("utf-8", "replace")
    if cursor.goto_first_child():
        while True:
            child = cursor.node
            if child is not None and child.is_named and child.type not in _COMMENTS:
                found.parts.append(_part(cursor, content, path, depth + 1))
            if not cursor.goto_next_sibling():
                break
        cursor.goto_parent()
    return found


def _node(part: _Part) -> Node:
    return _READERS.get(part.type, _opaque)(part)


def _opaque(part: _Part) -> Node:
    words = ("dependencies",) if part.type == "ERROR" else ()
    return Opaque(part.line, tuple(_node(inner) for inner in part.parts), words)


def _string(part: _Part) -> Node:
    raw = part.text
    width = 3 if raw.startswith('"""') and len(raw) >= 6 else 1
    return text_of(raw[width:-width], interpolated=True)


def _number(part: _Part) -> Node:
    return Text((part.text,))


def _identifier(part: _Part) -> Node:
    return Name(part.text.strip("`"))


def _navigation(part: _Part) -> Node:
    if len(part.parts) != 2 or part.parts[1].type != "identifier":
        return _opaque(part)
    receiver = _node(part.parts[0])
    name = part.parts[1].text
    return Name(f"{receiver.path}.{name}") if isinstance(receiver, Name) else Call(name, part.line, (), None, receiver)


def _index(part: _Part) -> Node:
    if len(part.parts) != 2:
        return _opaque(part)
    receiver, key = map(_node, part.parts)
    if isinstance(receiver, Name) and isinstance(key, Text) and all(isinstance(p, str) for p in key.parts):
        return Name(f"{receiver.path}.{''.join(map(str, key.parts))}")
    return _opaque(part)


def _call(part: _Part) -> Node:
    if not part.parts:
        return _opaque(part)
    target = _node(part.parts[0])
    arguments: tuple[Argument, ...] = ()
    block: tuple[Node, ...] | None = None
    for follower in part.parts[1:]:
        if follower.type == "value_arguments":
            arguments = tuple(map(_argument, follower.parts))
        elif follower.type == "annotated_lambda":
            block = _lambda(follower)
    if isinstance(target, Name) and target.path in _LISTS:
        return Items(arguments)
    return _joined(target, arguments, block, part.line)


def _joined(target: Node, arguments: tuple[Argument, ...], block: tuple[Node, ...] | None, line: int) -> Node:
    if isinstance(target, Name):
        return Call(target.path, line, arguments, block)
    if isinstance(target, Text) and all(isinstance(p, str) for p in target.parts):
        return Call("".join(map(str, target.parts)), line, arguments, block)
    if isinstance(target, Call) and target.block is None and not (arguments and target.arguments):
        return Call(target.name, target.line, arguments or target.arguments, block, target.receiver)
    return Opaque(line, (target, *(a.value for a in arguments), *(block or ())))


def _argument(part: _Part) -> Argument:
    if len(part.parts) == 2 and part.parts[0].type == "identifier":
        return Argument(part.parts[0].text, _node(part.parts[1]))
    if len(part.parts) == 1 and not part.text.startswith("*"):
        return Argument("", _node(part.parts[0]))
    return Argument("", _opaque(part))


def _lambda(part: _Part) -> tuple[Node, ...]:
    literal = next((p for p in part.parts if p.type == "lambda_literal"), part)
    parameters = [p.text for p in literal.parts if p.type == "lambda_parameters"]
    named = (Assign("it", Name(name), part.line) for name in parameters)
    return (*named, *(_node(p) for p in literal.parts if p.type != "lambda_parameters"))


def _infix(part: _Part) -> Node:
    if len(part.parts) != 3 or part.parts[1].type != "identifier":
        return _opaque(part)
    receiver, name, value = part.parts
    return Call(name.text, part.line, (Argument("", _node(value)),), None, _node(receiver))


def _binary(part: _Part) -> Node:
    if len(part.parts) == 2:
        one, other = part.parts
        between = part.text[len(one.text) : len(part.text) - len(other.text)].strip()
        if between == "+":
            return Text((_node(one), _node(other)))
        if between == ">" and other.type == "lambda_literal" and (typed := _typed(one)):
            return Call(typed[0], part.line, (Argument("", typed[1]),), _lambda(other))
    return _opaque(part)


def _typed(part: _Part) -> tuple[str, Node] | None:
    """``withType<T>``, which the grammar takes for a comparison where a lambda follows."""
    if part.type != "binary_expression" or len(part.parts) != 2:
        return None
    name, type_ = map(_node, part.parts)
    return (name.path, type_) if isinstance(name, Name) else None


def _assignment(part: _Part) -> Node:
    if len(part.parts) != 2:
        return _opaque(part)
    target = _node(part.parts[0])
    value = _node(part.parts[1])
    return Assign(target.path, value, part.line) if isinstance(target, Name) else Opaque(part.line, (target, value))


def _property(part: _Part) -> Node:
    name = next((p.text.partition(":")[0].strip() for p in part.parts if p.type == "variable_declaration"), "")
    values = [p for p in part.parts if p.type not in ("variable_declaration", "modifiers")]
    if not name or not values:
        return _opaque(part)
    if values[-1].type != "property_delegate":
        return Assign(name, _node(values[-1]), part.line)
    delegate = _node(values[-1].parts[0]) if values[-1].parts else Opaque(part.line)
    if isinstance(delegate, Call) and delegate.name.endswith("extra"):
        given = (*(a.value for a in delegate.arguments), *(delegate.block or ()))
        return Assign(name, given[0], part.line) if len(given) == 1 else Opaque(part.line, given)
    if isinstance(delegate, (Name, Call)) and _path(delegate).rpartition(".")[2] in _MAKERS:
        return Assign(name, delegate, part.line)
    return Opaque(part.line, (delegate,)) if isinstance(delegate, Call) else Assign(name, Name(name), part.line)


def _path(node: Name | Call) -> str:
    return node.path if isinstance(node, Name) else node.name


def _choice(part: _Part) -> Node:
    return Choice(tuple(_node(p) for p in part.parts if p.field != "condition"), part.line)


def _loop(part: _Part) -> Node:
    if len(part.parts) != 3:
        return _opaque(part)
    variable, items, body = part.parts
    statements = tuple(map(_node, body.parts)) if body.type == "block" else (_node(body),)
    return Loop(variable.text, _node(items), statements, part.line)


def _group(part: _Part) -> Node:
    return _node(part.parts[0]) if len(part.parts) == 1 else _opaque(part)


_READERS: Mapping[str, Callable[[_Part], Node]] = {
    "string_literal": _string,
    "multiline_string_literal": _string,
    "number_literal": _number,
    "identifier": _identifier,
    "navigation_expression": _navigation,
    "index_expression": _index,
    "call_expression": _call,
    "infix_expression": _infix,
    "binary_expression": _binary,
    "additive_expression": _binary,
    "assignment": _assignment,
    "property_declaration": _property,
    "if_expression": _choice,
    "when_expression": _choice,
    "block": lambda part: Choice(tuple(map(_node, part.parts)), part.line),
    "for_statement": _loop,
    "parenthesized_expression": _group,
}
