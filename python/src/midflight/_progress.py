"""Progress bars, which are optional."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any, Iterator, Union

from ._optional import require

Progress = Union[bool, Callable[[int, int], Any]]


@contextmanager
def shown(progress: Progress, what: str) -> Iterator[Callable[[int, int], Any] | None]:
    """Something to call with (done, all): a tqdm bar for ``True``, or the caller's own function."""
    if progress is False:
        yield None
    elif callable(progress):
        yield progress
    else:
        bar = require("tqdm.auto").tqdm(desc=what, leave=False)
        try:
            yield lambda done, total: _set(bar, done, total)
        finally:
            bar.close()


def _set(bar: Any, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
