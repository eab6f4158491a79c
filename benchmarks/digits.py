"""The digits that a search may look at: 3,500 to train on, 1,000 held out, and 500 sealed.

The sealed ones are for one look, once a recipe is final.  Nothing here returns them but
``sealed``, which nothing in a search calls.
"""

from sklearn.model_selection import train_test_split
from torch import Tensor, arange

from infogan_lite import load
from infogan_lite.digits import Dataset


def opened() -> Dataset:
    """``load("digits")`` with 3,500 of its 4,000 training digits: the other 500 are sealed."""
    data = load("digits")
    kept, _ = _split(data.y_train)
    return data._replace(x_train=data.x_train[kept], y_train=data.y_train[kept])


def sealed() -> tuple[Tensor, Tensor]:
    """The 500 sealed digits and their labels.  To be looked at once, by a final recipe."""
    data = load("digits")
    _, hidden = _split(data.y_train)
    return data.x_train[hidden], data.y_train[hidden]


def _split(labels: Tensor) -> tuple[Tensor, Tensor]:
    """Places of the kept and the sealed digits, each digit with its share in both."""
    return train_test_split(
        arange(len(labels)), test_size=500, stratify=labels.numpy(), random_state=500
    )
