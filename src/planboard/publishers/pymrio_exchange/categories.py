"""The role of a category of final use, told by its name where publishers agree on the words."""

import re
from collections.abc import Iterable, Mapping

from planboard.economy import ROLES
from planboard.errors import InvalidTableError
from planboard.labels import unknown_name

# The first pattern that fits decides: non-profit institutions serve households in their name.
WORDS = (
    (r"non.?profit|npish|npsh", "given"),
    (r"household|hfce", "households"),
    (r"government|ggfc", "government"),
    (r"inventor|invnt|stock|valuables", "inventories"),
    (r"fixed capital|gfcf", "capital_formation"),
    (r"export", "given"),
)


def roles_of(
    categories: Iterable[str], stated: Mapping[str, str] | None = None, table: str = ""
) -> dict[str, str]:
    """Category -> role: as stated, else by the words of its name; what is left is refused.

    Raises
    ------
    InvalidTableError
        A category whose role neither its name nor the caller tells.
    UnknownNameError
        A stated role that does not exist.
    """
    given = dict(stated or {})
    for role in given.values():
        if role not in ROLES:
            raise unknown_name("role of final use", role, ROLES)
    found = {name: given.get(name) or _role(name) for name in categories}
    unknown = [name for name, role in found.items() if not role]
    if unknown:
        raise InvalidTableError(
            f"Table '{table}' has categories of final use whose role cannot be told.",
            [f"'{name}'" for name in unknown],
            f"Say which role each plays: {', '.join(ROLES)}.",
        )
    return found


def _role(category: str) -> str:
    fitting = (role for words, role in WORDS if re.search(words, category, re.IGNORECASE))
    return next(fitting, "")
