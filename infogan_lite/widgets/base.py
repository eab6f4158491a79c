"""What all widgets have in common: words in their place where none can be shown.

GitHub and editors without the right extension show a cell's text instead of its widget.
"""

import anywidget

WHERE = "It can be used in JupyterLab, in Colab and on the pages of the book"


class Widget(anywidget.AnyWidget):
    """A widget whose text is a sentence, not the name and the address of an object."""

    def what(self) -> str:
        """What is shown, in a few words without a full stop."""
        raise NotImplementedError

    def __repr__(self) -> str:
        words = self.what().strip()
        return f"({words}{'' if words.endswith(('.', '?', '!')) else '.'} {WHERE}.)"
