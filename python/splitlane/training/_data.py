"""The samples of the clients, and those to test with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch.utils.data import DataLoader, IterableDataset, TensorDataset, default_collate

from splitlane._arguments import raise_argument_error, raise_error, shown

Collate = Callable[[list[Any]], Any]
EXPECTED = "a torch Dataset with a length, a DataLoader of one, or a pair of tensors"


@dataclass(frozen=True)
class Samples:
    """A data set, and how its samples become a batch of (samples, labels)."""

    dataset: Any
    collate: Collate
    where: str

    def __len__(self) -> int:
        return len(self.dataset)

    def batch(self, positions: Sequence[int]) -> tuple[Any, Any]:
        pair = self.collate([self.dataset[position] for position in positions])
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise_error("usage", self.where, "not a batch of samples and labels", shown(type(pair).__name__), "a pair; see `collate`")
        return pair[0], pair[1]


def samples_of(value: Any, where: str, collate: Collate | None) -> Samples:
    """What a caller gives as one data set."""
    if isinstance(value, DataLoader):
        return samples_of(value.dataset, where, collate or value.collate_fn)
    if isinstance(value, tuple) and len(value) == 2 and all(hasattr(each, "shape") for each in value):
        return Samples(TensorDataset(*value), collate or default_collate, where)
    if isinstance(value, IterableDataset) or not hasattr(value, "__getitem__") or not hasattr(value, "__len__"):
        raise_argument_error(where, "no data set", shown(type(value).__name__), EXPECTED)
    return Samples(value, collate or default_collate, where)
