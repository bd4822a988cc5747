"""How the documentation is built: Sphinx, Markdown by MyST, equations as MathML; no network."""

import re
import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math import latex2mathml
from pygments.lexers.special import TextLexer

HERE = Path(__file__).parent
ABOUT = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Planboard"
author = ABOUT["authors"][0]["name"]
project_copyright = author
release = version = ABOUT["version"]

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = f"Planboard {release}"
html_static_path = ["_static"]
html_css_files = ["planboard.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"sidebar_hide_name": False}
highlight_language = "text"
pygments_style = "friendly"
pygments_dark_style = "monokai"


def mathml(latex: str, *, is_block: bool) -> str:
    """An equation as MathML, which browsers show by themselves: no script, no fonts to fetch."""
    markup = latex2mathml.tex2mathml(latex, as_block=is_block)
    return re.sub(r">\s+<", "><", markup)


def visit_inline(translator: Any, node: nodes.math) -> None:
    """An equation within a line."""
    translator.body.append(mathml(node.astext(), is_block=False))
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.math_block) -> None:
    """An equation on lines of its own."""
    translator.body.append(f'<div class="math">{mathml(node.astext(), is_block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Any) -> None:
    """Use MathML for every equation; show CSV as it is."""
    app.add_lexer("csv", TextLexer)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))


html_math_renderer = "mathml"
