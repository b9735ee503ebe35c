"""From many short lines to few blocks of bytes."""

from collections.abc import Iterable, Iterator

BLOCK_BYTES = 64 * 1024  # one write of a web server; smaller ones cost more time than the lines themselves


def blocks(lines: Iterable[str]) -> Iterator[bytes]:
    """Join lines into UTF-8 blocks of about 64 KiB; takes no more lines than the blocks asked for need."""
    waiting: list[bytes] = []
    size = 0
    for line in lines:
        waiting.append(line.encode())
        size += len(waiting[-1])
        if size >= BLOCK_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
