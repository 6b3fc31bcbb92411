"""Arguments of public functions: what does not fit is named in our words, not in those of a library."""

from __future__ import annotations

import collections.abc
import functools
import inspect
import operator
import os
import reprlib
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

import numpy as np

from splitlane import _core
from splitlane._errors import ArgumentError, InputError

Function = TypeVar("Function", bound=Callable[..., Any])

SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxother = 60
PHRASES = {
    int: "an integer", float: "a number", str: "a string", bool: "True or False", type(None): "None",
    os.PathLike: "a path", collections.abc.Callable: "a function", collections.abc.Mapping: "a dict",
    collections.abc.Iterable: "a list", collections.abc.Sequence: "a list", tuple: "a tuple",
}  # fmt: skip
# What signatures of the bindings speak of. Arrays and tables are looked at where they are read.
ANYTHING = types.SimpleNamespace(typing=types.SimpleNamespace(ArrayLike=object), DataFrame=object)
NAMES = {"typing": typing, "collections": collections, "os": os, "numpy": ANYTHING, "pandas": ANYTHING, "ArrayLike": object}


def raise_error(code: str, where: str, what: str, got: str, expected: str) -> NoReturn:
    """Raises as the library does."""
    _core._raise_error(code, where, what, got, expected)
    raise AssertionError(code)


def raise_argument_error(where: str, what: str, got: str, expected: str) -> NoReturn:
    """Raises what is of another type; as everything of the library is an Error, this is also a TypeError."""
    try:
        raise_error("wrong_type", where, what, got, expected)
    except InputError as error:
        raise ArgumentError(*error.args) from None


def shown(value: object) -> str:
    """A value as it may stand in a message: short, on one line, with its type where that is not plain to see."""
    if value is None or isinstance(value, bool | int | float | str) or type(value).__module__.startswith("splitlane"):
        return " ".join(SHORT.repr(value).split())
    return f"{type(value).__name__} {' '.join(SHORT.repr(value).split())}"


def whole_number(value: object) -> int | None:
    """A number as an integer, of whatever type it is; None where it is not a whole one."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, float | np.floating):
        return int(value) if float(value).is_integer() else None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def integer(name: str, value: object, lowest: int | None = None) -> int:
    """A whole number, at least `lowest`."""
    number = whole_number(value)
    if number is None:
        raise_argument_error(name, "not a whole number", shown(value), PHRASES[int])
    if lowest is not None and number < lowest:
        raise_error("usage", name, "not a number in range", str(number), f"an integer of at least {lowest}")
    return number


def require_path(name: str, value: object) -> None:
    """Refuses what names no file."""
    if not is_path(value):
        raise_argument_error(name, "no name of a file", shown(value), PHRASES[os.PathLike])


def is_text(value: object) -> bool:
    """Whether a value is a string that has a place in a document; lone surrogates have not."""
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


def strings(name: str, values: collections.abc.Iterable[object], expected: str = 'an id, such as "phone"') -> list[str]:
    """A list of strings."""
    texts = list(values)
    for position, value in enumerate(texts):
        if not is_text(value):
            raise_argument_error(f"{name}[{position}]", "not a string", shown(value), expected)
    return texts


def is_number(value: object) -> bool:
    """Whether a value is one number, Python's or of a library."""
    is_one = hasattr(value, "__float__") and getattr(value, "ndim", 0) == 0
    return is_one and not isinstance(value, bool | type) and value is not np.ma.masked


def is_iterable(value: object) -> bool:
    """Whether a value has elements; letters are not meant where a list is."""
    has_elements = isinstance(value, collections.abc.Iterable) and getattr(value, "ndim", 1) > 0
    return has_elements and not isinstance(value, str | bytes)


def is_path(value: object) -> bool:
    """Whether a value can name a file."""
    try:
        return b"\0" not in os.fsencode(value)  # type: ignore[arg-type]
    except (TypeError, UnicodeEncodeError):
        return False


TESTS: dict[Any, Callable[[object], bool]] = {
    int: lambda value: whole_number(value) is not None, float: is_number, str: is_text, os.PathLike: is_path,
    collections.abc.Callable: callable, collections.abc.Iterable: is_iterable, collections.abc.Sequence: is_iterable, tuple: is_iterable,
}  # fmt: skip


def fits(value: object, kind: Any) -> bool:
    """Whether a value is of a type, as an annotation names it. Elements are for those who read them."""
    origin = typing.get_origin(kind) or kind
    if origin is object or not isinstance(origin, type):
        return True
    return TESTS[origin](value) if origin in TESTS else isinstance(value, origin)


def alternatives(annotation: object) -> tuple[Any, ...]:
    """The types that an annotation allows; of fixed words, str, because the function says which there are."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        kinds = typing.get_args(annotation)
        # A string beside a path is one.
        return tuple(kind for kind in kinds if kind is not str) if os.PathLike[str] in kinds else kinds
    return (str,) if typing.get_origin(annotation) is typing.Literal else (annotation,)


def phrase(kind: Any) -> str:
    """A type in words."""
    origin = typing.get_origin(kind) or kind
    if origin in PHRASES:
        return PHRASES[origin]
    package = origin.__module__.removesuffix("._core")
    return f"a {package}.{origin.__qualname__}"


def expectation(kinds: tuple[Any, ...], value: object) -> str:
    """What an argument may be; for a path in the place of an object, how to read it."""
    words = " or ".join(phrase(kind) for kind in kinds)
    if isinstance(value, str | os.PathLike):
        for kind in kinds:
            if hasattr(kind, "load"):
                return f"{words}; {kind.__qualname__}.load reads one from a file"
    return words


def check_arguments(where: str, signature: inspect.Signature, given: tuple[object, ...], named: Mapping[str, object]) -> None:
    """Holds arguments against a signature. Raises ArgumentError with the first that does not fit."""
    try:
        bound = signature.bind(*given, **named)
    except TypeError as error:
        raise_argument_error(f"{where}()", str(error), "", f"{where}{shown_signature(signature)}")
    for name, value in bound.arguments.items():
        parameter = signature.parameters[name]
        kinds = alternatives(parameter.annotation)
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or any(fits(value, kind) for kind in kinds):
            continue
        raise_argument_error(name, f"wrong type for {where}", shown(value), expectation(kinds, value))


def shown_signature(signature: inspect.Signature) -> str:
    """The names of the parameters, and which of them may be left out."""
    parameters = [each for name, each in signature.parameters.items() if name != "self"]
    return f"({', '.join(each.name if each.default is each.empty else f'{each.name}=…' for each in parameters)})"


def documented(bound: Callable[..., Any]) -> Callable[[Function], Function]:
    """Puts the options, as the bindings know them, below the docstring of a function."""

    def extend(function: Function) -> Function:
        function.__doc__ = f"{inspect.cleandoc(function.__doc__ or '')}\n\n{bound.__doc__}"
        return function

    return extend


def checked(function: Function) -> Function:
    """A function of this package whose arguments are held against its annotations first."""
    names = {**function.__globals__, **NAMES}
    signature = inspect.signature(function)
    kinds = {name: resolved(each.annotation, names) for name, each in signature.parameters.items()}
    return wrapped(function, function.__name__, with_annotations(signature, kinds))


def wrapped(function: Callable[..., Any], where: str, signature: inspect.Signature) -> Any:
    """Calls a function with arguments that fit. Unlike one of the bindings, it has a signature and can be pickled."""

    @functools.wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        check_arguments(where, signature, given, named)
        return function(*given, **named)

    return call


def with_annotations(signature: inspect.Signature, kinds: Mapping[str, object]) -> inspect.Signature:
    """A signature with types instead of their texts."""
    return signature.replace(parameters=[each.replace(annotation=kinds[name]) for name, each in signature.parameters.items()])


def resolved(annotation: object, names: Mapping[str, object]) -> object:
    """The type that a text says; object where only type checkers can tell."""
    if annotation is inspect.Parameter.empty:
        return object
    try:
        return eval(annotation, dict(names)) if isinstance(annotation, str) else annotation  # noqa: S307
    except (NameError, AttributeError):
        return object
