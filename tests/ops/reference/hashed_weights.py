"""Numbers of no meaning that two implementations can both make; `hashed-weights.ts` is the other one."""

import numpy as np


def uniform(name: str, count: int) -> np.ndarray:
    """Values in [-1, 1), a function of the name and the index alone."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed * 40503 % 2**32)
        x ^= x >> np.uint32(15)
        x *= np.uint32(2246822519)
        x ^= x >> np.uint32(13)
    return x.astype(np.float64) / 2**31 - 1


def weight(name: str, shape: tuple) -> np.ndarray:
    values = uniform(name, int(np.prod(shape))).reshape(shape)
    if "norm" in name:
        return (1 + 0.3 * values if name.endswith("weight") else 0.3 * values).astype(np.float32)
    if name.endswith("bias") or len(shape) == 3:
        return (0.3 * values).astype(np.float32)
    return (values * np.sqrt(3 / np.prod(shape[1:]))).astype(np.float32)
