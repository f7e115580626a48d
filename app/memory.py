"""What the C library does with memory that was freed."""

import ctypes
from contextlib import suppress

TRIM, MMAP = -1, -3  # parameters of glibc's mallopt
KEPT, MAPPED = 64 << 20, 32 << 20  # bytes


def keep_freed() -> None:
    """Lets it keep some: every picture makes arrays of a megabyte, and getting each anew from the
    kernel, page by page, costs a quarter of the time. Other libraries than glibc are left alone.
    """
    with suppress(AttributeError, OSError, TypeError):  # no such library, or none to ask
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(TRIM, KEPT)
        mallopt(MMAP, MAPPED)
