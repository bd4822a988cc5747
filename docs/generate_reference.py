"""Write the reference pages from the code: `python docs/generate_reference.py`.

Names, defaults, help texts, columns and units come from the package; what they mean in words, from
`meanings.toml`. A name that the one has and the other lacks is an error. A test compares the pages
with the files, so that neither is ever old.
"""

from pathlib import Path

from reference_pages.commands import commands_page
from reference_pages.economy_folder import economy_page
from reference_pages.errors import errors_page
from reference_pages.plan_file import plan_page
from reference_pages.python import python_page
from reference_pages.result_folder import result_page

REFERENCE = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Every generated page: file name -> text."""
    return {
        "commands.md": commands_page(),
        "plan-file.md": plan_page(),
        "economy-folder.md": economy_page(),
        "python.md": python_page(),
        "errors.md": errors_page(),
        "result-folder.md": result_page(),
    }


if __name__ == "__main__":
    for file, text in pages().items():
        (REFERENCE / file).write_text(text, encoding="utf-8")
