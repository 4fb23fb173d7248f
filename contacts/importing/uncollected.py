"""Work on a chunk without Python's garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Make and drop the thousands of objects of one chunk in peace.

    The collector looks at each of them time and again for circles, of which they have none: a fifth of a chunk's time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
