"""Tensors on their way into the engine and out of it; both share their memory."""

from __future__ import annotations

import torch

# As the engine numbers its types. A bool travels as a byte.
TYPES = {torch.float32: 0, torch.int64: 1, torch.uint8: 2, torch.bool: 2}

# What the engine takes: the tensor, its address, the number of its type, its sizes.
Exported = tuple[torch.Tensor, int, int, tuple[int, ...]]


def exported(tensor: torch.Tensor) -> Exported:
    """A tensor for the engine, which nobody may write to afterwards."""
    plain = tensor.detach().cpu().contiguous()
    return plain, plain.data_ptr(), TYPES[plain.dtype], tuple(plain.shape)


def copied(tensor: torch.Tensor) -> Exported:
    """A tensor for the engine, of which the original goes on changing."""
    return exported(tensor.detach().clone())
