"""Compressed streams: every format, whole, in pieces, broken and hostile."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace

import lz4.frame
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.inflate import Inflated
from resolvers.members import LIMITS, ArchiveError
from tests.hostile import EXAMPLES

Pack = Callable[[bytes], bytes]
FORMATS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lz4": lz4.frame.compress,
    "zstd": zstandard.compress,
}
FAULTS = (ArchiveError, EOFError, OSError, RuntimeError, ValueError, lzma.LZMAError, zlib.error)
TEXT = b"".join(b"Package: p%d\nVersion: %d\n\n" % (i, i * i) for i in range(20_000))
every_format = pytest.mark.parametrize("pack", FORMATS.values(), ids=FORMATS)


def inflate(data: bytes, size: int = 2**16) -> bytes:
    stream = Inflated(io.BytesIO(data), LIMITS)
    return b"".join(iter(lambda: stream.read(size), b""))


@every_format
@pytest.mark.parametrize("size", [1000, 2**20])
def test_a_stream_comes_back_in_pieces_no_larger_than_asked_for(pack: Pack, size: int) -> None:
    stream = Inflated(io.BytesIO(pack(TEXT)), LIMITS)
    pieces = list(iter(lambda: stream.read(size), b""))
    assert stream.compressed
    assert b"".join(pieces) == TEXT
    assert max(map(len, pieces)) <= size


def test_what_is_not_compressed_comes_as_it_is() -> None:
    assert not Inflated(io.BytesIO(TEXT), LIMITS).compressed
    assert inflate(TEXT) == TEXT


@every_format
def test_streams_one_after_the_other_are_one(pack: Pack) -> None:
    assert inflate(pack(TEXT) + pack(b"") + pack(b"end")) == TEXT + b"end"


def test_zeros_may_follow_an_xz_stream() -> None:
    assert inflate(lzma.compress(TEXT) + bytes(8) + lzma.compress(b"end") + bytes(4)) == TEXT + b"end"


@every_format
def test_a_stream_cut_short_is_no_shorter_stream(pack: Pack) -> None:
    whole = pack(TEXT)
    for end in (10, len(whole) // 2, len(whole) - 5):
        with pytest.raises(FAULTS):
            inflate(whole[:end])


@every_format
def test_a_bomb_is_stopped_before_it_takes_memory(pack: Pack) -> None:
    bomb = pack(bytes(2**27))
    tracemalloc.start()
    with pytest.raises(ArchiveError, match="times its size"):
        inflate(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # What inflate() above collects, and one piece.
    assert peak < LIMITS.free + 2**26


@every_format
def test_the_whole_stream_is_bounded(pack: Pack) -> None:
    stream = Inflated(io.BytesIO(pack(TEXT)), replace(LIMITS, inflated=1000))
    with pytest.raises(ArchiveError, match="more than 1000 bytes"):
        while stream.read(100):
            pass


def test_a_window_larger_than_the_bound_is_refused() -> None:
    wide = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=30))
    stream = wide.compressobj()
    with pytest.raises(ArchiveError, match="too much memory"):
        inflate(stream.compress(TEXT) + stream.flush())


@settings(max_examples=EXAMPLES, deadline=None)
@given(pack=st.sampled_from(list(FORMATS.values())), at=st.floats(0, 1), byte=st.binary(max_size=8))
def test_damage_is_an_error_of_a_known_kind(pack: Pack, at: float, byte: bytes) -> None:
    whole = bytearray(pack(TEXT[:2000]))
    start = int(at * len(whole))
    whole[start : start + len(byte)] = byte
    with contextlib.suppress(FAULTS):
        inflate(bytes(whole))
