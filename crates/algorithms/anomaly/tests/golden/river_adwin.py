#!/usr/bin/env python3
"""Writes river_adwin.txt: the positions at which river's ADWIN (defaults) alarms on seeded streams.

pip install river==0.26.1 && python3 river_adwin.py > river_adwin.txt

One line per stream and seed: name, seed, 0-based positions. The streams are those of tests/it/drift_streams.rs.
"""
from river import drift

MASK, LENGTH, CHANGE = (1 << 64) - 1, 100_000, 50_000
NAMES = ("bern-big", "bern-small", "ramp", "still", "ar1", "season", "var")


def uniforms(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield ((z ^ (z >> 31)) >> 11) / (1 << 53)


def stream(name, seed):
    u = uniforms(seed)

    def normal():
        total = 0.0
        for _ in range(12):
            total += next(u)
        return total - 6.0

    state = 0.0
    for t in range(LENGTH):
        late = t >= CHANGE
        if name == "bern-big":
            yield 1.0 if next(u) < (0.5 if late else 0.2) else 0.0
        elif name == "bern-small":
            yield 1.0 if next(u) < (0.25 if late else 0.2) else 0.0
        elif name == "ramp":
            yield (0.3 + 0.2 * min(1.0, (t - CHANGE) / 10_000) if late else 0.3) + 0.1 * normal()
        elif name == "still":
            yield 0.3 + 0.1 * normal()
        elif name == "ar1":
            state = 0.9 * state + normal()
            yield 0.5 + 0.05 * state
        elif name == "season":
            k = t % 288
            yield 0.5 + 0.2 * (k / 144 if k < 144 else (288 - k) / 144) + 0.05 * normal()
        else:
            yield 0.5 + (0.1 if late else 0.05) * normal()


for name in NAMES:
    for seed in range(1, 21):
        adwin, alarms = drift.ADWIN(), []
        for t, x in enumerate(stream(name, seed)):
            adwin.update(x)
            if adwin.drift_detected:
                alarms.append(t)
        print(name, seed, *alarms)
