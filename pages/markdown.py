"""Markdown of a lesson as HTML, with formulas as MathML: no page needs a script or a font for them."""

import re

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# A minus or plus after another operator is a sign, but after a closing bracket; the converter spaces it as a difference
SIGN = re.compile(r"(<mo[^>]*>(?!&#x0*(?:29|5D|7C|7D);)[^<]*</mo><mo)(?=>&#x0(?:2212|002B);</mo>)")


def mathml(formula: str, display: str = "inline") -> str:
    """A formula of LaTeX as MathML. The converter knows `split`, which is `aligned` under another name."""
    known = formula.strip().replace("{aligned}", "{split}")
    return SIGN.sub(r'\1 form="prefix"', convert(known, display=display))


class Renderer(IPythonRenderer):
    """Of one page; what its links become is for those who know where the page will lie."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def page(self, source: str) -> str:
        """A whole text of Markdown as HTML."""
        return MarkdownWithMath(self).render(source)
