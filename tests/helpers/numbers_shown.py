"""What the figures of chapters 3 and 4 must show: nats of small tables, by scipy."""

import numpy as np
from scipy.stats import entropy


def channel_numbers(noise: float, skew: float, k: int = 4) -> dict[str, float]:
    """H(c), H(c|x) and I(c; x) of the channel explorer."""
    prior = np.full(k, (1 - skew) / k)
    prior[0] += skew
    table = prior[:, None] * ((1 - noise) * np.eye(k) + noise / k)
    h_given_x = entropy(table.ravel()) - entropy(table.sum(0))
    return {"H": entropy(prior), "conditional": h_given_x, "I": entropy(prior) - h_given_x}


def bound_numbers(p_cx, mix: float, temperature: float) -> dict[str, float]:
    """I, L_I and the gap of the bound explorer, whose Q is a posterior that was moved away."""
    table = np.array(p_cx)
    table = table[:, table.sum(0) > 0]  # an x that never comes counts nothing
    posterior = table / table.sum(0)
    powered = posterior ** (1 / temperature)
    q = (1 - mix) * powered / powered.sum(0) + mix / len(table)
    surprise = -(table[table > 0] * np.log(q[table > 0])).sum()
    h = entropy(table.sum(1))
    return {
        "I": h + entropy(table.sum(0)) - entropy(table.ravel()),
        "L_I": h - surprise,
        "gap": table.sum(0) @ entropy(posterior, q),
    }
