"""How large nets are before they are built, beside nets that are built."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infogan_lite import InfoGAN, LatentCode, Settings, preset
from infogan_lite.running.sizes import largest, least_weights, need_memory

widths = st.integers(1, 9)


@given(
    channels=st.lists(widths, min_size=1, max_size=3).map(tuple),
    hidden=widths,
    q_hidden=widths,
    z_dim=widths,
    categories=st.integers(2, 9),
    color=st.sampled_from([1, 3]),
)
def test_no_net_has_less_than_the_least(channels, hidden, q_hidden, z_dim, categories, color):
    code = LatentCode(categories, 1)
    settings = Settings(
        code=code, channels=channels, hidden=hidden, q_hidden=q_hidden, z_dim=z_dim, bend=False
    )
    shape = (color, 8, 8)
    weights = sum(p.numel() for p in InfoGAN(settings, shape).parameters())
    assert 0.3 * weights < least_weights(settings, shape) <= weights


def test_the_widest_setting_is_named():
    assert largest(preset("lite", hidden=5000)) == "hidden = 5000"
    assert largest(preset("lite", channels=(16, 9000))) == "channels = 9000"


def test_nets_beyond_the_memory_are_refused_by_their_setting():
    need_memory(preset("paper"), (1, 28, 28))
    with pytest.raises(ValueError, match="too large with z_dim = 10{12}: they take .* GB"):
        need_memory(preset("lite", z_dim=10**12), (1, 28, 28))


@pytest.mark.parametrize("digits", [400, 4200])
def test_a_number_beyond_every_float_is_said_in_short(digits):
    with pytest.raises(
        ValueError, match=rf"1000+\.\.\.0+: they take 2.05e\+{digits - 6} GB"
    ) as caught:
        need_memory(preset("lite", z_dim=10**digits), (1, 28, 28))
    assert len(str(caught.value)) < 200
