"""Repair: one way of mending an economy's books, with its options; and what it made of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from planboard.economy import Economy
from planboard.errors import InputError
from planboard.labels import unknown_name

Setting = str | float | Sequence[str]
# A step is a repair by name, its options after it ("gras inventories=free"), or both apart.
Step = str | tuple[str, Mapping[str, Setting]]


@dataclass(frozen=True)
class Option:
    """A choice that a repair offers: its default, what it does, and its values where few."""

    default: Setting
    about: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a repair made of an economy.

    refused : what it had to leave as it is, a line each
    remark : what a reader should know of this run, in a sentence or none
    """

    economy: Economy
    refused: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Repair:
    """One way of mending books; `function` takes an economy and the options by name."""

    name: str
    about: str
    function: Callable[..., Outcome]
    options: Mapping[str, Option] = field(default_factory=dict)

    def settings(self, given: Mapping[str, Setting]) -> dict[str, Setting]:
        """All options of the repair, those given in the place of their defaults."""
        for name in given:
            if name not in self.options:
                raise unknown_name("option", name, list(self.options), f"repair '{self.name}'")
        return {
            name: self._setting(name, given.get(name, option.default))
            for name, option in self.options.items()
        }

    def _setting(self, name: str, value: Setting) -> Setting:
        option = self.options[name]
        if option.values and value not in option.values:
            raise unknown_name(f"value of '{name}'", str(value), option.values, self.name)
        if isinstance(option.default, str):
            return value
        try:
            return float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise InputError(
                f"The option '{name}' of the repair '{self.name}' is not a number.",
                [f"'{value}'"],
                f"It is {option.about}; write it as {option.default}.",
            ) from None


@dataclass(frozen=True, eq=False)
class Repaired:
    """An economy after its repairs, each of them a step in its `history`.

    changes : every cell that a step changed, in order: step, repair, region, table, row, column,
        before, after, share (of the product's supply in the region; NaN where the row is no
        product or has no supply). A flow of trade stands with the region that sells it.
    refused : step, repair and what it had to leave as it is
    """

    economy: Economy
    changes: pd.DataFrame
    refused: pd.DataFrame


def names_in(setting: str | Sequence[str]) -> tuple[str, ...]:
    """Names in a setting: a list of them, or one text with commas between them."""
    parts = setting.split(",") if isinstance(setting, str) else setting
    return tuple(name.strip() for name in parts if name.strip())


def listed(lines: Sequence[str], between: str = ", ", most: int = 20) -> str:
    """Lines in a row; those beyond a score are counted."""
    more = f"{between}and {len(lines) - most} more" if len(lines) > most else ""
    return between.join(lines[:most]) + more


def step_of(step: Step) -> tuple[str, dict[str, Setting]]:
    """The name of a step's repair and the options given with it.

    Raises
    ------
    InputError
        What follows the name is not `option=value`.
    """
    if not isinstance(step, str):
        return step[0], dict(step[1])
    name, *given = step.split()
    wrong = [part for part in given if "=" not in part]
    if wrong:
        raise InputError(
            f"The step '{step}' cannot be read.",
            [f"'{part}'" for part in wrong],
            "Write the name of a repair, then options as name=value.",
        )
    settings: dict[str, Setting] = {}
    for part in given:
        option, _, value = part.partition("=")
        settings[option] = value
    return name, settings
