"""The tree of errors."""

import inspect

from planboard import errors
from reference_pages.docstring import prose
from reference_pages.markdown import page, table


def errors_page() -> str:
    """The tree of errors."""
    tree = (inspect.getdoc(errors) or "").partition("\n\n")[2]
    intro = (
        "Every message has three parts: what happened, the evidence, what to do. In Python they "
        "are the attributes `happened`, `evidence` and `remedy`; `InfeasiblePlanError` also has "
        "`orders`, the ids that the proof rests on. On the command line the class stands before "
        "the message, and the exit code tells the kind."
    )
    rows = [
        (f"`{e.__name__}`", f"`{e.__base__.__name__}`", str(e.exit_code), prose(e.__doc__ or ""))
        for e in vars(errors).values()
        if isinstance(e, type) and issubclass(e, errors.PlanboardError)
    ]
    names = ["class", "kind of", "exit code", "meaning"]
    return page("Errors", intro, f"```text\n{tree}\n```", table(names, rows))
