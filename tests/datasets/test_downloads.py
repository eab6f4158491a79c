"""Downloads from a server on this machine: whole or not at all, each file what it should be."""

import gc
import gzip
import hashlib
import io
import socket
import struct
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import scipy.io
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torchvision.datasets import MNIST, SVHN, CelebA, FashionMNIST

from infogan_lite import load
from infogan_lite.classifier import check
from infogan_lite.datasets.downloads import read_idx

# --- Downloads, from a server on this machine -----------------------------------------


SIZES = {"train": 12, "t10k": 5}


def arrays(part: str) -> tuple[np.ndarray, np.ndarray]:
    """A few images of noise with labels, the same on each call."""
    rng = np.random.default_rng(len(part))
    n = SIZES[part]
    return rng.integers(0, 256, (n, 28, 28), dtype=np.uint8), rng.integers(0, 10, n, dtype=np.uint8)


def idx(values: np.ndarray) -> bytes:
    """The IDX format: two zeros, 8 for bytes, the number of axes, each length, the bytes."""
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return gzip.compress(head + values.tobytes(), mtime=0)


class Server(ThreadingHTTPServer):
    """Serves `files`; `requests` lists the paths asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[str] = []
        self.files: dict[str, bytes] = {}
        self.break_off = False  # whether to promise a whole file and send half of it
        for part in SIZES:
            images, labels = arrays(part)
            self.files[f"{part}-images-idx3-ubyte.gz"] = idx(images)
            self.files[f"{part}-labels-idx1-ubyte.gz"] = idx(labels)
        self.md5 = {name: hashlib.md5(data).hexdigest() for name, data in self.files.items()}


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name = self.path.strip("/")
        self.server.requests.append(name)
        if name not in self.server.files:
            return self.send_error(404)
        data = self.server.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if self.server.break_off else data)

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def server(monkeypatch):
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        for kind in (MNIST, FashionMNIST):
            monkeypatch.setattr(kind, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
            monkeypatch.setattr(kind, "resources", list(server.md5.items()))
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def offline(monkeypatch):
    """Nothing listens on this port."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for kind in (MNIST, FashionMNIST):
        monkeypatch.setattr(kind, "mirrors", ["http://127.0.0.1:1/"])


def raw_files(cache: Path) -> dict[str, Path]:
    """The unpacked files in a cache folder, by name."""
    return {path.name: path for path in cache.rglob("*-ubyte")}


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_a_download_arrives_whole_and_is_kept(server, tmp_path, name):
    data = load(name, tmp_path)
    for x, y, part in (
        (data.x_train, data.y_train, "train"),
        (data.x_test, data.y_test, "t10k"),
    ):
        images, labels = arrays(part)
        assert x.dtype == torch.float32 and x.shape == (SIZES[part], 1, 28, 28)
        assert np.array_equal(x.numpy()[:, 0], images.astype(np.float32) / 255)
        assert y.dtype == torch.int64 and y.tolist() == labels.tolist()
    assert set(server.requests) == set(server.files)

    server.requests.clear()
    server.files.clear()
    again = load(name, tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(data, again, strict=True))
    assert server.requests == []


def test_both_data_sets_fit_into_one_cache(server, tmp_path):
    load("mnist", tmp_path)
    server.requests.clear()
    load("fashion-mnist", tmp_path)
    assert set(server.requests) == set(server.files)


def test_where_the_cache_is(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.delenv("INFOGAN_DATA", raising=False)
    load("mnist")
    assert len(raw_files(tmp_path / "home/.cache/infogan_lite")) == 4
    monkeypatch.setenv("INFOGAN_DATA", str(tmp_path / "variable"))
    load("mnist")
    assert len(raw_files(tmp_path / "variable")) == 4
    load("mnist", cache=str(tmp_path / "argument/deep"))
    assert len(raw_files(tmp_path / "argument/deep")) == 4


HELP = r"could not download '{}' into .*{}.*load\(\"digits\"\)"


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_without_a_network_the_error_names_the_digits(offline, tmp_path, name):
    with pytest.raises(OSError, match="(?s)" + HELP.format(name, tmp_path.name)):
        load(name, tmp_path)


def spoil(server: Server, how: str) -> None:
    name = "train-images-idx3-ubyte.gz"
    if how == "missing":
        del server.files[name]
    elif how == "truncated":
        server.files[name] = server.files[name][:-100]
    elif how == "changed":
        server.files[name] = idx(255 - arrays("train")[0])
    elif how == "broken off":
        server.break_off = True


# torchvision leaves the answer 404 to the garbage collector, with its socket.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("how", ["missing", "truncated", "changed", "broken off"])
def test_a_bad_download_is_refused_and_the_next_one_works(server, tmp_path, how):
    whole = dict(server.files)
    spoil(server, how)
    with pytest.raises(OSError, match="(?s)" + HELP.format("mnist", tmp_path.name)):
        load("mnist", tmp_path)
    gc.collect()
    server.files, server.break_off = whole, False
    assert load("mnist", tmp_path).x_train.shape == (12, 1, 28, 28)


@pytest.mark.parametrize("length", [0, 3, 100, -1])
@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
def test_a_damaged_cache_is_refused_and_can_be_deleted(server, tmp_path, name, length):
    load("mnist", tmp_path)
    path = raw_files(tmp_path)[name]
    path.write_bytes(path.read_bytes()[: min(length, path.stat().st_size - 1)])
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(OSError, match=rf"(?s)could not read 'mnist': {path}.*move this one file"):
        load("mnist", tmp_path)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
    path.unlink()
    server.files.clear()  # the packed file beside it is enough
    assert load("mnist", tmp_path).x_train.shape == (12, 1, 28, 28)


def raw_idx(values: np.ndarray) -> bytes:
    return gzip.decompress(idx(values))


def zeros(*shape: int) -> bytes:
    return raw_idx(np.zeros(shape, np.uint8))


IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
ODD = {
    "fewer labels": (LABELS, zeros(10), "holds 12 images, but train-labels.* 10 labels"),
    "fewer images": (IMAGES, zeros(3, 28, 28), "holds 3 images, but train-labels.* 12 labels"),
    "larger pictures": (
        IMAGES,
        zeros(49, 32, 32),
        r"holds pictures of \[32, 32\], not of \[28, 28\]",
    ),
    "flat pictures": (IMAGES, zeros(12, 784), "begins with 00 00 08 02 where .* 00 00 08 03"),
    "floats": (IMAGES, b"\0\0\x0d" + zeros(12, 28, 28)[3:], "begins with 00 00 0d 03"),
    "still packed": (IMAGES, idx(np.zeros((12, 28, 28), np.uint8)), "begins with 1f 8b"),
    "no file of this kind": (IMAGES, b"<!DOCTYPE html>", "begins with 3c 21 44 4f"),
    "nothing": (LABELS, b"", "begins with nothing"),
    "swapped": (LABELS, zeros(12, 28, 28), "begins with 00 00 08 03 where .* 00 00 08 01"),
    "bytes after the end": (LABELS, zeros(12) + b"\0", "has 21 bytes, 20 by its own head"),
    "a head that promises much": (
        LABELS,
        struct.pack(">BBBBI", 0, 0, 8, 1, 2**32 - 1),
        "by its own",
    ),
    "no pictures": (IMAGES, zeros(0, 28, 28), "is empty"),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_no_such_file_is_named_and_nothing_is_touched(server, tmp_path, what):
    load("mnist", tmp_path)
    file, data, message = ODD[what]
    raw_files(tmp_path)[file].write_bytes(data)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    server.files.clear()
    with pytest.raises(OSError, match=f"(?s)could not read 'mnist'.*{tmp_path}.*{message}"):
        load("mnist", tmp_path)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@given(st.integers(0, 12 * 784 + 15), st.integers(1, 255), st.booleans())
def test_a_changed_head_or_length_is_found(place, change, cut):
    """Any other first 16 bytes, or any other length, and no other number is refused."""
    data = bytearray(raw_idx(arrays("train")[0]))
    data[place] ^= change
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data[:place] if cut else data)
        if cut or place < 16:
            with pytest.raises(OSError, match=f"{path} "):
                read_idx(path, (28, 28))
        else:
            assert read_idx(path, (28, 28)).tobytes() == bytes(data[16:])


@pytest.mark.parametrize("name", ["mnist", "svhn"])
def test_an_own_file_in_the_cache_is_said_to_be_that(streets, tmp_path, name):
    """It is neither taken for the published one nor written over."""
    file = "train_32x32.mat" if name == "svhn" else "MNIST/raw/train-images-idx3-ubyte.gz"
    path = tmp_path / ("svhn" if name == "svhn" else "") / file
    path.parent.mkdir(parents=True)
    path.write_bytes(b"mine")
    with pytest.raises(OSError, match=f"(?s)'{name}': {path} is not the published file.*your own"):
        load(name, tmp_path)
    assert path.read_bytes() == b"mine" and streets.requests == []


def test_a_download_that_breaks_off_leaves_nothing(server, tmp_path):
    server.break_off = True
    with pytest.raises(OSError, match="could not download"):
        load("mnist", tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_silent_server_is_not_waited_for(monkeypatch, tmp_path):
    """It takes the call and never answers."""
    monkeypatch.setattr("infogan_lite.datasets.downloads.TIMEOUT", 0.2)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setattr(MNIST, "mirrors", [address])
        with pytest.raises(OSError, match="(?s)could not download 'mnist'.*timed out"):
            load("mnist", tmp_path)
    assert socket.getdefaulttimeout() is None


def test_a_home_that_is_not_there_becomes_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="no home folder ~nobody-of-this-name"):
        load("mnist", "~nobody-of-this-name/pictures")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("way", ["argument", "variable"])
def test_a_tilde_is_the_home_folder(server, tmp_path, monkeypatch, way):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("INFOGAN_DATA", "~/pictures" if way == "variable" else "")
    load("mnist", "~/pictures" if way == "argument" else None)
    assert len(raw_files(tmp_path / "home/pictures")) == 4
    assert not (tmp_path / "~").exists()


UNWRITABLE = "cannot write to the cache folder .*{}.*INFOGAN_DATA"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_cache_that_cannot_be_a_folder_is_named(server, tmp_path, place):
    (tmp_path / "file").write_text("a file, not a folder", encoding="utf8")
    with pytest.raises(OSError, match=UNWRITABLE.format(place)):
        load("mnist", tmp_path / place)
    assert server.requests == []


@pytest.mark.parametrize("call", ["mkdir", "replace"])
def test_a_cache_that_must_not_be_written_is_named(server, tmp_path, monkeypatch, call):
    """Root may write anywhere, so the refusal is played: of the folder, or of what is in it."""

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    if call == "mkdir":
        monkeypatch.setattr(Path, "mkdir", refuse)
    else:
        monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(PermissionError, match=UNWRITABLE.format("closed")):
        load("mnist", tmp_path / "closed")


# --- Street numbers, from the same server ----------------------------------------------


def street_numbers(part: str) -> tuple[np.ndarray, np.ndarray]:
    """A few images of noise, (32, 32, 3, n), with labels from 1 to 10, where 10 is a zero."""
    rng = np.random.default_rng(len(part))
    n = {"train": 11, "test": 4}[part]
    return rng.integers(0, 256, (32, 32, 3, n), dtype=np.uint8), (np.arange(n)[:, None] % 10 + 1)


@pytest.fixture
def streets(server, monkeypatch):
    """The server, with the two files of SVHN."""
    sources = {}
    for part in ("train", "test"):
        file = io.BytesIO()
        images, labels = street_numbers(part)
        scipy.io.savemat(file, {"X": images, "y": labels.astype(np.uint8)})
        name = f"{part}_32x32.mat"
        server.files[name] = file.getvalue()
        url = f"http://127.0.0.1:{server.server_port}/{name}"
        sources[part] = [url, name, hashlib.md5(file.getvalue()).hexdigest()]
    monkeypatch.setattr(SVHN, "split_list", sources)
    return server


def test_street_numbers_arrive_whole_and_are_kept(streets, tmp_path):
    data = load("svhn", tmp_path)
    for x, y, part in (
        (data.x_train, data.y_train, "train"),
        (data.x_test, data.y_test, "test"),
    ):
        images, labels = street_numbers(part)
        assert x.dtype == torch.float32 and x.shape == (images.shape[3], 3, 32, 32)
        assert np.array_equal(x[2, 1].numpy(), images[:, :, 1, 2].astype(np.float32) / 255)
        assert y.dtype == torch.int64 and y.tolist() == (labels[:, 0] % 10).tolist()
    assert set(streets.requests) == {"train_32x32.mat", "test_32x32.mat"}
    streets.requests.clear()
    again = load("svhn", tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(data, again, strict=True))
    assert streets.requests == []


def test_changed_street_numbers_are_refused(streets, tmp_path):
    streets.files["test_32x32.mat"] = streets.files["train_32x32.mat"]
    with pytest.raises(OSError, match="(?s)" + HELP.format("svhn", tmp_path.name)):
        load("svhn", tmp_path)


def test_without_a_network_street_numbers_name_the_digits(monkeypatch, tmp_path):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    nowhere = {p: ["http://127.0.0.1:1/", f"{p}.mat", "0" * 32] for p in ("train", "test")}
    monkeypatch.setattr(SVHN, "split_list", nowhere)
    with pytest.raises(OSError, match="(?s)" + HELP.format("svhn", tmp_path.name)):
        load("svhn", tmp_path)


# --- Faces, from files of the same layout ----------------------------------------------


def face(i: int) -> Image.Image:
    """A picture of CelebA's size: gray, with a white frame that the middle square leaves out."""
    pixels = np.full((218, 178, 3), 255, dtype=np.uint8)
    pixels[35:183, 15:163] = 20 * i
    pixels[35:183, 15:89, 0] += 40  # the left half is redder
    return Image.fromarray(pixels)


@pytest.fixture
def faces(tmp_path, monkeypatch):
    """A cache folder with six faces: three to train on, one to choose by, two held out."""
    folder = tmp_path / "celeba"
    (folder / "img_align_celeba").mkdir(parents=True)
    names = [f"{i:06}.jpg" for i in range(1, 7)]
    for i, name in enumerate(names, start=1):
        face(i).save(folder / "img_align_celeba" / name, quality=100, subsampling=0)
    attributes = [[1 if (i + j) % 3 else -1 for j in range(40)] for i in range(6)]
    tables = {
        "list_eval_partition.txt": ("", [[part] for part in (0, 0, 0, 1, 2, 2)]),
        "identity_CelebA.txt": ("", [[i] for i in range(6)]),
        "list_bbox_celeba.txt": ("6\nimage_id x_1 y_1 width height\n", [[0] * 4] * 6),
        "list_landmarks_align_celeba.txt": ("6\n" + "mark " * 10 + "\n", [[0] * 10] * 6),
        "list_attr_celeba.txt": ("6\n" + "attribute " * 40 + "\n", attributes),
    }
    listed = [("an id", "0" * 32, "img_align_celeba.zip")]
    for name, (head, rows) in tables.items():
        lines = [" ".join(map(str, [n, *row])) for n, row in zip(names, rows, strict=True)]
        text = (head + "\n".join(lines) + "\n").encode()
        (folder / name).write_bytes(text)
        listed.append(("an id", hashlib.md5(text).hexdigest(), name))
    monkeypatch.setattr(CelebA, "file_list", listed)
    return tmp_path


def test_faces_are_cut_and_shrunk_and_come_with_their_attributes(faces):
    data = load("celeba", faces)
    assert data.x_train.shape == (3, 3, 32, 32) and data.x_test.shape == (2, 3, 32, 32)
    assert data.y_train.shape == (3, 40) and data.y_test.shape == (2, 40)
    wanted = [[1 if (i + j) % 3 else 0 for j in range(40)] for i in (0, 1, 2, 4, 5)]
    assert data.y_train.tolist() + data.y_test.tolist() == wanted
    for i, x in zip((1, 2, 3, 5, 6), torch.cat([data.x_train, data.x_test]), strict=True):
        assert torch.allclose(255 * x[1:], torch.tensor(20.0 * i), atol=4)
        assert torch.allclose(255 * x[0, :, :14], torch.tensor(20.0 * i + 40), atol=4)
        assert torch.allclose(255 * x[0, :, 18:], torch.tensor(20.0 * i), atol=4)


def test_an_own_list_of_faces_is_said_to_be_that(faces, monkeypatch):
    path = faces / "celeba" / "list_attr_celeba.txt"
    path.write_text("mine", encoding="utf8")
    monkeypatch.setitem(sys.modules, "gdown", None)
    with pytest.raises(OSError, match=f"(?s)'celeba': {path} is not the published file"):
        load("celeba", faces)
    assert path.read_text(encoding="utf8") == "mine"


def test_faces_are_measured_by_one_attribute(faces):
    data = load("celeba", faces)
    with pytest.raises(ValueError, match=r"y_train .* several attributes are measured one by one"):
        check(data, (3, 32, 32))
    check(data._replace(y_train=data.y_train[:, 3], y_test=data.y_test[:, 3]), (3, 32, 32))


def test_faces_that_are_not_there_need_gdown_and_a_network(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "gdown", None)  # as if not installed
    help = HELP.format("celeba", tmp_path.name).replace(".*load", ".*pip install gdown.*load")
    with pytest.raises(OSError, match="(?s)" + help):
        load("celeba", tmp_path)


def test_a_refused_download_of_faces_is_explained(monkeypatch, tmp_path):
    class Gdown:
        """Google Drive often answers that too many have asked."""

        @staticmethod
        def download(**kwargs):
            raise Exception("too many users have viewed this file")

    monkeypatch.setitem(sys.modules, "gdown", Gdown)
    with pytest.raises(OSError, match="(?s)too many users.*" + 'load."digits".'):
        load("celeba", tmp_path)
