"""The index of a checkout, as far as it names commits of repositories within (gitformat-index(5))."""

from __future__ import annotations

import struct
from collections.abc import Mapping

ENTRIES_LIMIT = 2_000_000
PATH_LIMIT = 4096

_HEADER = struct.Struct(">4sII")
_STAT = struct.Struct(">10I")
_GITLINK = 0o160000
_EXTENDED = 0x4000
_STAGE = 0x3000
_MODE = 6
"""Which of the ten numbers of an entry is its mode."""


def gitlinks(content: bytes, hash_size: int = 20) -> Mapping[str, str]:
    """By path the commits of submodules. Empty where the content is no index, or is damaged."""
    try:
        magic, version, count = _HEADER.unpack_from(content)
        if magic != b"DIRC" or version not in (2, 3, 4):
            return {}
        return _entries(content, version, min(count, ENTRIES_LIMIT), hash_size)
    except (struct.error, IndexError, ValueError):
        return {}


def _entries(content: bytes, version: int, count: int, hash_size: int) -> Mapping[str, str]:
    found: dict[str, str] = {}
    position, path = _HEADER.size, b""
    for _ in range(count):
        begin = position
        mode = _STAT.unpack_from(content, position)[_MODE]
        position += _STAT.size
        commit = content[position : position + hash_size].hex()
        position += hash_size
        flags = int.from_bytes(content[position : position + 2], "big")
        position += 4 if version > 2 and flags & _EXTENDED else 2
        if version == 4:
            kept, position = _removed(content, position)
            if kept > len(path):
                raise ValueError("removes more than there is")
            end = content.index(b"\0", position)
            path, position = path[: len(path) - kept] + content[position:end], end + 1
        else:
            end = content.index(b"\0", position)
            path, position = content[position:end], begin + (end - begin) // 8 * 8 + 8
        if len(path) > PATH_LIMIT:
            raise ValueError("has a path that no system has")
        if mode & 0o170000 == _GITLINK and not flags & _STAGE:
            found[path.decode()] = commit
    return found


def _removed(content: bytes, position: int) -> tuple[int, int]:
    """How many bytes of the path before are dropped (an offset-encoded number), and where the path goes on."""
    byte = content[position]
    value = byte & 127
    while byte & 128 and value < 2**32:
        position += 1
        byte = content[position]
        value = (value + 1 << 7) | (byte & 127)
    return value, position + 1
