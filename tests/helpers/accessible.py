"""What axe-core has against a page, with each look of a text judged once or twice.

Axe looks at all elements of a page for each of its rules, and a page holds thousands of words of
code that look the same, and thousands of strokes of formulas.
"""

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Texts look the same if all that colors them is the same, from the page's body down.  What is
# placed freely may lie on anything: it and all inside it have looks of their own.  Words and
# single signs, hidden or disabled texts are apart, as axe judges them by other rules.
MARK = """([skip, most]) => {
  const STYLE = ["color", "backgroundColor", "backgroundImage", "opacity", "filter", "fontSize",
    "fontWeight", "textShadow", "textTransform", "mixBlendMode"];
  const numbers = new Map(), counts = new Map();
  const number = (key) => {
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key);
  };
  const visit = (element, parent) => {
    element.removeAttribute("data-look");
    if (element.matches(skip)) return;
    const style = getComputedStyle(element);
    const free = !["static", "relative"].includes(style.position) && numbers.size;
    const off = element.matches(":disabled, [aria-disabled=true]") || element.control?.disabled;
    const words = /\\w\\w/.test(element.textContent), seen = element.checkVisibility();
    const own = [free, off, words, seen, ...STYLE.map((name) => style[name])];
    const look = number([parent, ...own].join("|"));
    const text = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (text || element.matches("input, select, textarea")) {
      counts.set(look, (counts.get(look) ?? 0) + 1);
      if (counts.get(look) <= most) element.setAttribute("data-look", look);
    }
    for (const child of element.children) visit(child, look);
  };
  visit(document.body, "");
}"""
# Meanwhile words of code that are not judged stand there as plain text, and formulas are empty,
# each as large as before.
LIGHTEN = """(formulas) => {
  const swaps = [];
  const swap = (old, now) => { old.replaceWith(now); swaps.push([old, now]); };
  for (const part of document.querySelectorAll(`${formulas} > *`)) swap(part, part.cloneNode());
  for (const word of document.querySelectorAll(".highlight span:not([data-look])"))
    if (!word.firstElementChild) swap(word, document.createTextNode(word.textContent));
  window.putBack = () => swaps.forEach(([old, now]) => now.replaceWith(old));
}"""
FEW = 'axe.configure({rules: [{id: "color-contrast", selector: "[data-look]"}]});'
FORMULAS = "mjx-container"  # MathJax's own, and most of a page's elements


def violations(tab: Page, most: int = 2, **options) -> list[tuple[str, list[str]]]:
    """What axe-core calls serious or critical, with the first places.

    Args:
        most: of texts that look the same, so many have their contrast judged.
        options: of axe.run.
    """
    tab.evaluate(MARK, [FORMULAS, most])
    tab.evaluate(LIGHTEN, FORMULAS)
    fast = {"preload": False, "resultTypes": ["violations"], "selectors": False}
    fast["rules"] = {"region": {"enabled": False}}  # slow, and of moderate impact at most
    axe = Axe(AXE_SCRIPT + FEW)
    result = axe.run(tab, context={"exclude": [[FORMULAS]]}, options={**fast, **options})
    tab.evaluate("putBack()")
    return [
        (v["id"], [n["html"][:200] + " | " + n["failureSummary"] for n in v["nodes"][:3]])
        for v in result.response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
