"""Pictures are packed into their limit."""

import io

import numpy as np
import pytest
from PIL import Image

from infogan_lite.widgets.packing import encode_within


def test_pictures_are_packed_into_their_limit():
    noise = np.random.default_rng(0).random((200, 200))
    assert len(encode_within(noise, 30_000)) <= 30_000 < len(encode_within(noise, 10**6))
    with pytest.raises(ValueError, match="do not fit"):
        encode_within(noise, 100)


def test_a_long_narrow_picture_becomes_a_jpeg():
    noise = np.random.default_rng(0).integers(0, 30, (20_000, 60), dtype=np.uint8)
    data = encode_within(noise, 400_000)
    assert len(data) <= 400_000
    assert Image.open(io.BytesIO(data)).size == (60, 20_000)


def test_a_picture_beyond_all_formats_is_refused():
    noise = np.random.default_rng(0).integers(0, 256, (70_000, 8), dtype=np.uint8)
    with pytest.raises(ValueError, match="at most 65535 on a side"):
        encode_within(noise, 1000)
