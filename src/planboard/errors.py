"""Every error of Planboard, drawn as one tree.

PlanboardError                what happened, the evidence, what to do
├── InputError                exit code 2: mended by whoever wrote the input
│   ├── UnreadableFileError   a file that cannot be opened or is not of its format
│   ├── UnknownNameError      a name that does not exist; the nearest ones are given
│   ├── InvalidPlanError      a plan that contradicts itself or its economy
│   ├── InvalidEconomyError   accounts that contradict themselves
│   ├── InvalidTableError     a published table that contradicts itself or is not what it is called
│   └── OutputFolderError     a result cannot be written where it was asked for
├── InfeasiblePlanError       exit code 1: proved impossible
└── NoAnswerError             exit code 3: a limit was hit, or a point was not optimal when verified
    └── UnboundedPlanError    the objective has no bound: the plan forgot to limit something
"""

from collections.abc import Sequence
from typing import ClassVar

EVIDENCE_LINES = 5  # A reader looks at a handful of lines; the rest is counted.


class PlanboardError(Exception):
    """Base of every error: what happened, the evidence (worst first), what to do."""

    exit_code: ClassVar[int] = 3

    def __init__(self, happened: str, evidence: Sequence[str] = (), remedy: str = "") -> None:
        self.happened = happened
        self.evidence = tuple(evidence)
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        shown = [f"    {line}" for line in self.evidence[:EVIDENCE_LINES]]
        if len(self.evidence) > EVIDENCE_LINES:
            shown.append(f"    … and {len(self.evidence) - EVIDENCE_LINES} more")
        parts = [self.happened, "\n".join(shown), self.remedy]
        return "\n\n".join(part for part in parts if part)


class InputError(PlanboardError):
    """Something in the input is wrong; whoever wrote it can mend it."""

    exit_code = 2


class UnreadableFileError(InputError):
    """A file that cannot be opened, or is not what its name promises."""


class UnknownNameError(InputError):
    """A region, product, quantity or key that does not exist."""


class InvalidPlanError(InputError):
    """A plan that contradicts itself or the economy it is made for."""


class InvalidEconomyError(InputError):
    """Accounts that contradict themselves or lack what planning needs."""


class InvalidTableError(InputError):
    """A published table that contradicts itself, or is not the release it is called."""


class OutputFolderError(InputError):
    """A result cannot be written where it was asked for."""


class InfeasiblePlanError(PlanboardError):
    """The plan is proved impossible; `orders` are those that the proof rests on."""

    exit_code = 1

    def __init__(
        self,
        happened: str,
        evidence: Sequence[str] = (),
        remedy: str = "",
        *,
        orders: Sequence[str] = (),
    ) -> None:
        super().__init__(happened, evidence, remedy)
        self.orders = tuple(orders)


class NoAnswerError(PlanboardError):
    """No verified answer: a limit was hit, or the solver's point is not optimal."""


class UnboundedPlanError(NoAnswerError):
    """The objective can be pushed without end."""
