"""Pictures are packed into their limit."""

import io
import json

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from infogan_lite import InfoGAN, Settings, explore, replay, show_sheet
from infogan_lite.widgets.frames import frames
from infogan_lite.widgets.packing import (
    MAX_BYTES,
    NO_TEXTS,
    TooLarge,
    encode_fitting,
    encode_within,
    front_end,
)
from infogan_lite.widgets.replay import Snapshot


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
    noise = np.random.default_rng(0).integers(0, 256, (65_501, 8), dtype=np.uint8)
    with pytest.raises(ValueError, match="at most 65500 on a side"):
        encode_within(noise, 1000)


def test_a_picture_that_does_not_fit_is_made_smaller():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 120), dtype=np.uint8))
    data, shrink = encode_fitting(noise.reduce, 1000)
    assert len(data) <= 1000 and shrink > 1
    assert Image.open(io.BytesIO(data)).size == noise.reduce(shrink).size
    with pytest.raises(TooLarge):
        encode_fitting(noise.reduce, 10)


def test_a_picture_with_too_many_pixels_is_refused_at_once():
    with pytest.raises(TooLarge, match="16777217 x 1 pixels do not fit"):
        encode_within(np.zeros((1, 2**24 + 1), np.uint8), 10**9)


@settings(max_examples=12)
@given(
    side=st.sampled_from([4, 8, 12, 28, 64, 128]),
    channels=st.sampled_from([1, 3]),
    kinds=st.sampled_from([2, 10, 100]),
    resize=st.booleans(),
    n=st.sampled_from([1, 7, 100]),
)
def test_pictures_of_any_size_can_be_explored_replayed_and_framed(side, channels, kinds, resize, n):
    """However many, however noisy: nothing is found too large after training."""
    assume(n * kinds * channels * side**2 < 2**24)  # that is 5 snapshots of so much
    small = dict(channels=(2, 3), hidden=4, q_hidden=4, z_dim=2, resize=resize)
    shape = (channels, side, side)
    model = InfoGAN(Settings(code=(kinds, 2), **small), shape).eval()
    assert explore(model).picture().shape == shape
    beforehand = explore(model, frames=True)
    assert 0 < len(beforehand.sheet) <= MAX_BYTES
    _, shown, _ = beforehand.image_shape
    sheet = Image.open(io.BytesIO(beforehand.sheet))
    assert (sheet.width // shown) * (sheet.height // shown) >= kinds * len(beforehand.grid) ** 2

    noise = torch.rand(1, *shape)  # one picture in all places, or the test would take minutes
    images = noise.expand(5, kinds, *shape)
    moments = [Snapshot(i, {"c1": 0.0}, images, np.eye(kinds)) for i in range(n)]
    replayed = Image.open(io.BytesIO(replay(moments).sheet))
    assert replayed.height % (5 * n) == replayed.width % kinds == 0

    framed = frames(noise.expand(n, *shape), range(n), "step", describe=str)
    assert len(framed.sizes) == n and len(framed.pictures) <= MAX_BYTES
    assert show_sheet(noise).axes


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe{}", b'["a"]', b'{"a": {"b": "c"}}', b"[" * 10**5, b"null"]
)
def test_a_table_of_another_program_beside_a_notebook_is_none(tmp_path, monkeypatch, content):
    monkeypatch.delenv("INFOGAN_QUIET", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "widget-texts.json").write_bytes(content)
    assert NO_TEXTS in front_end("channel.js")
    (tmp_path / "widget-texts.json").write_bytes(json.dumps({"Show": "보기"}).encode())
    assert NO_TEXTS not in front_end("channel.js")
