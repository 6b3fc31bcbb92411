"""Documents of what a caller has in Python."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from splitlane._arguments import raise_argument_error, raise_error, shown, whole_number


def json_text(document: Mapping[str, object]) -> str:
    """The text of a document, so that what is wrong with its values has the message of a document."""
    return json.dumps(plain("", document))


def plain(where: str, value: object) -> Any:
    """A value as one of JSON: numbers and arrays of NumPy as Python's, floats that are whole as integers."""
    if isinstance(value, Mapping):
        return {key_of(where, key): plain(f"{where}.{key}".lstrip("."), each) for key, each in value.items()}
    if isinstance(value, np.ndarray) and value.ndim > 0:
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(f"{where}[{position}]", each) for position, each in enumerate(value)]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if (number := whole_number(value)) is not None:
        return number
    if not isinstance(value, float | np.floating):
        raise_argument_error(where, "nothing that a document holds", shown(value), "a string, number, list or dict")
    if not math.isfinite(value):
        raise_error("wrong_type", where, "not a number", str(value), "a finite number")
    return float(value)


def key_of(where: str, key: object) -> str:
    """A key of a document."""
    if not isinstance(key, str):
        raise_argument_error(where, "a key that is not a string", shown(key), "a string")
    return key
