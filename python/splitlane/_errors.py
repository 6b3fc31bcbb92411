"""What goes wrong, with the library's message and code."""


class Error(Exception):
    """An error of splitlane: `code` as in error documents, and the parts of the message.

    `where` is a place in a document, an id, a file or an argument; parts that do not apply are empty. `exit_code` is what
    the program would end with.
    """

    def __init__(
        self, message: str, code: str = "internal", exit_code: int = 1,
        where: str = "", what: str = "", got: str = "", expected: str = "",
    ) -> None:  # fmt: skip
        super().__init__(message, code, exit_code, where, what, got, expected)
        self.message = message
        self.code = code
        self.exit_code = exit_code
        self.where = where
        self.what = what
        self.got = got
        self.expected = expected

    def __str__(self) -> str:
        return self.message


class InputError(Error, ValueError):
    """An argument, a document or a file that makes no sense."""


class ArgumentError(InputError, TypeError):
    """An argument of another type than the function takes, missing, or one too many."""


class InfeasibleError(Error):
    """The instance is well formed, but no plan of it exists; that is proven."""


class NoneFoundError(Error):
    """The search ended before it had a plan or a proof that none exists."""


def error_class(code: str, exit_code: int) -> type[Error]:
    """The class of an error; the bindings ask."""
    if code == "infeasible":
        return InfeasibleError
    if code == "none_found":
        return NoneFoundError
    return InputError if exit_code == 2 else Error
