"""A time axis for plans that wait for hours and hurt for seconds."""

from __future__ import annotations

import math


class Squeezed:
    """A time axis on which long stretches without an event are short."""

    LONG_S, SHORT_S, WHOLE_S = 60.0, 12.0, 1200.0

    def __init__(self, times: list[float]) -> None:
        self.times = sorted({0.0, *times})
        self.places, at = [0.0], 0.0
        self.squeezed: list[tuple[float, float, float]] = []
        whole = self.times[-1] - self.times[0] <= self.WHOLE_S
        for begin, end in zip(self.times, self.times[1:]):
            gap = end - begin
            if whole or gap <= self.LONG_S:
                at += gap
            else:
                self.squeezed.append((at, at + self.SHORT_S, gap))
                at += self.SHORT_S
            self.places.append(at)
        self.length = max(at, 1e-3)

    def place(self, time: float) -> float:
        import numpy as np

        return float(np.interp(time, self.times, self.places))

    def marks(self, most: int) -> list[tuple[float, str]]:
        """Where to write which time: even steps without a squeezed stretch, else at its ends."""
        if not self.squeezed:
            step = round_step(self.length / most)
            first = math.ceil(self.times[0] / step)
            return [(self.place(i * step), time_text(i * step)) for i in range(first, int(self.times[-1] / step) + 1)]
        least = self.length / most
        marks: list[tuple[float, str]] = []
        for time, place in zip(self.times, self.places):
            if not marks or place - marks[-1][0] >= least:
                marks.append((place, time_text(time)))
        return marks

    def ticks(self, most: int) -> list[float]:
        return [round(place, 4) for place, _ in self.marks(most)]

    def labels(self, most: int) -> str:
        """A Vega expression from places to times."""
        texts = ", ".join(f"'{round(place, 4):.4f}': '{text}'" for place, text in self.marks(most))
        return f"{{{texts}}}[format(datum.value, '.4f')]"


def round_step(least: float) -> float:
    for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400):
        if step >= least:
            return step
    return math.ceil(least / 86400) * 86400.0


def time_text(seconds: float) -> str:
    """3700 as 1h 1min 40s."""
    if seconds <= -120:
        return "-" + time_text(-seconds)
    if seconds >= 120:
        rest, words = round(seconds, 1), []
        for length, unit in ((86400, "d"), (3600, "h"), (60, "min")):
            count, rest = divmod(rest, length)
            words += [f"{count:g}{unit}"] if count else []
        return " ".join(words + ([f"{rest:.3g}s"] if rest >= 0.05 else []))
    return f"{seconds:.4g} s" if abs(seconds) >= 1 or seconds == 0 else f"{seconds * 1e3:.3g} ms"
