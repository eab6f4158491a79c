"""What widgets say on a page, and which words of it are no English left over."""

import re

# Visible words and words for screen readers; rows and columns may be named by a letter.
SAID = """() => {
  const words = [];
  const names = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  for (const widget of document.querySelectorAll(".page-widget")) {
    for (const element of widget.querySelectorAll("*")) {
      for (const name of names) if (element.getAttribute(name)) words.push(element.getAttribute(name));
      for (const node of element.childNodes)
        if (node.nodeType === 3 && node.data.trim()) words.push(node.data);
    }
    const own = [...widget.childNodes].filter((node) => node.nodeType === 3);
    words.push(...own.map((node) => node.data));
  }
  return words;
}"""  # noqa: E501
NAMES = ("InfoGAN", "GAN", "Colab", "Jupyter", "Enter", r"\bln\b")  # names, a key, the logarithm


def english(words: list[str]) -> list[str]:
    """Those with an English word of two letters in them; L_I and c1 are none."""
    return [said for said in words if re.search("[A-Za-z]{2}", re.sub("|".join(NAMES), "", said))]
