"""What InfoGAN adds to the game: each factor's bound with its lambda."""

import pytest
import torch

from infogan_lite import preset
from infogan_lite.objective import weighted


def test_lambda_weighs_categories_and_numbers_apart():
    bound = {"c1": torch.tensor(2.0), "c2": torch.tensor(-1.0), "c3": torch.tensor(5.0)}
    settings = preset("paper", lam=0.5, lam_uniform=0.25)
    assert weighted(bound, settings).item() == pytest.approx(0.5 * 2 + 0.25 * (-1 + 5))
    assert weighted(bound, preset("paper", lam=0.0)).item() == 0  # nobody feels L_I
