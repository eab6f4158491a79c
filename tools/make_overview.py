"""Draw book/_static/overview.png: InfoGAN in one picture, with digits that it made.

    python tools/make_overview.py [checkpoint]

Without a checkpoint they are those of the model that comes with the package.  The same picture with
Korean words, ko/_static/overview.png, needs a Korean font.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from PIL import Image
from scipy.optimize import linear_sum_assignment

from infogan_lite import InfoGAN, evaluate, load, measure, pretrained, traverse
from infogan_lite.inputs import Dataset
from infogan_lite.running import checkpoints

ROOT = Path(__file__).parents[1]
NAME = "_static/overview.png"
KOREAN = {
    "noise z": "잡음 z",
    "all the rest": "나머지 모두",
    "code c": "코드 c",
    "generator": "생성자",
    "generated": "만든 그림",
    "real": "진짜 그림",
    "trunk": "몸통",
    "shared": "함께 씀",
    "real or generated?": "진짜인가, 만든 것인가?",
    "which code is it?": "어떤 코드인가?",
    "$L_I$: can the code be read back from the image?": "$L_I$: 그림에서 코드를 되읽을 수 있는가?",
    "only $c_1$ changes": "$c_1$만 바꾼 그림",
    "only one changes": "하나만 바꾼 그림",
    "width": "폭",
    "slant": "기울임",
    "ink": "잉크",
}
FONTS = ("Noto Sans KR", "Noto Sans CJK KR", "NanumGothic", "Apple SD Gothic Neo", "Malgun Gothic")
BLUE, ORANGE, GREEN, GRAY = "#0072B2", "#D55E00", "#00785A", "#5A5A5A"


def box(ax, x, y, w, h, title, text="", color=GRAY):
    """A rounded box with its center at (x, y)."""
    shape = FancyBboxPatch(
        (x - w / 2, y - h / 2), w, h,
        boxstyle="round,pad=0,rounding_size=0.12", facecolor=color + "1c", edgecolor=color, lw=1.6,
    )  # fmt: skip
    ax.add_patch(shape)
    up = 0.17 if text else 0
    ax.text(x, y + up, title, ha="center", va="center", fontsize=12.5, weight="bold", color=color)
    ax.text(x, y - 0.2, text, ha="center", va="center", fontsize=9.5)


def arrow(ax, start, end, color=GRAY, bend=0.0, dashed=False):
    style = f"arc3,rad={bend}"
    line = (0, (4, 2.5)) if dashed else "-"
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=style,
            arrowstyle="-|>",
            mutation_scale=13,
            lw=1.5,
            color=color,
            linestyle=line,
            shrinkA=0,
            shrinkB=0,
        )  # fmt: skip
    )


def pictures(ax, images, x, y, side, gap=0.04):
    """A grid of images, shape (rows, columns, 1, h, w), with its upper left corner at (x, y)."""
    for i, row in enumerate(images):
        for j, image in enumerate(row):
            left, top = x + j * (side + gap), y - i * (side + gap)
            ax.imshow(
                np.asarray(image[0]), cmap="gray_r", vmin=0, vmax=1, interpolation="lanczos",
                extent=(left, left + side, top - side, top),
            )  # fmt: skip


def draw(model: InfoGAN, data: Dataset) -> Figure:
    order = np.argsort(evaluate(model, data).mapping, kind="stable").tolist()

    fig, ax = plt.subplots(figsize=(10, 5.9), facecolor="white")
    # The nets
    box(ax, 1.0, 5.05, 1.7, 0.85, "noise z", "all the rest", GRAY)
    box(ax, 1.0, 3.75, 1.7, 0.85, "code c", "$c_1$, $c_2$, $c_3$, $c_4$", ORANGE)
    box(ax, 3.0, 4.4, 1.0, 0.9, "G", "generator", BLUE)
    pictures(ax, model.sample(4, seed=3).unflatten(0, (2, 2)), 4.15, 5.0, 0.56)
    pictures(ax, data.x_train[[5, 8]].unflatten(0, (1, 2)), 4.15, 3.42, 0.56)
    ax.text(4.73, 5.1, "generated", ha="center", fontsize=9.5)
    ax.text(4.73, 3.49, "real", ha="center", fontsize=9.5)
    box(ax, 6.6, 4.4, 1.2, 0.9, "trunk", "shared", BLUE)
    box(ax, 8.9, 5.05, 1.8, 0.85, "D", "real or generated?", BLUE)
    box(ax, 8.9, 3.75, 1.8, 0.85, "Q", "which code is it?", ORANGE)
    arrow(ax, (1.88, 4.98), (2.45, 4.58))
    arrow(ax, (1.88, 3.85), (2.45, 4.22))
    arrow(ax, (3.53, 4.4), (4.08, 4.4))
    arrow(ax, (5.38, 4.4), (5.95, 4.4))
    arrow(ax, (5.38, 3.15), (6.3, 3.9), bend=0.15)
    arrow(ax, (7.24, 4.55), (7.94, 4.95))
    arrow(ax, (7.24, 4.25), (7.94, 3.88))
    arrow(ax, (8.9, 3.28), (1.0, 3.28), ORANGE, bend=-0.16, dashed=True)
    note = "$L_I$: can the code be read back from the image?"
    ax.text(4.95, 2.42, note, ha="center", va="center", fontsize=10.5, color=ORANGE)

    # What the codes do
    side = 0.56
    pictures(ax, traverse(model, "c1", order, rows=2, seed=1), 0.15, 1.7, side)
    ax.text(0.17, 1.8, "only $c_1$ changes", fontsize=10.5, color=ORANGE, weight="bold")
    start = model.code.encode([torch.tensor([order[6]])], torch.zeros(1, model.code.uniform))
    values, side = np.linspace(-1.5, 1.5, 8).tolist(), 0.36
    for i, (name, what) in enumerate(meanings(model)):
        y = 1.7 - i * (side + 0.04)
        pictures(ax, traverse(model, name, values, c=start, seed=1), 6.75, y, side)
        ax.text(6.62, y - side / 2, f"${name[0]}_{name[1]}$", fontsize=10.5, color=ORANGE,
                ha="right", va="center", weight="bold")  # fmt: skip
        ax.text(9.98, y - side / 2, what, fontsize=8, color=GRAY, ha="left", va="center")
    ax.text(6.27, 1.8, "only one changes", fontsize=10.5, color=ORANGE, weight="bold")
    ax.set(xlim=(0, 10), ylim=(0.45, 5.55), aspect="equal")
    ax.axis("off")
    return fig


def save(fig: Figure, target: Path) -> None:
    fig.savefig(target, dpi=160, bbox_inches="tight", pad_inches=0.1)
    Image.open(target).convert("RGB").quantize(128).save(target, optimize=True)  # half the size
    print(f"wrote {target} ({target.stat().st_size // 1000} kB)")


def speak_korean(fig: Figure) -> None:
    """Symbols stay as they are."""
    for text in fig.axes[0].texts:
        text.set_text(KOREAN.get(text.get_text(), text.get_text()))


def korean_font() -> str:
    installed = {font.name for font in font_manager.fontManager.ttflist}
    if not (found := [name for name in FONTS if name in installed]):
        sys.exit(f"error: the Korean picture needs one of the fonts {', '.join(FONTS)}")
    return found[0]


def main() -> None:
    data = load("digits")
    model = checkpoints.load(sys.argv[1]) if len(sys.argv) > 1 else pretrained()
    save(draw(model, data), ROOT / "book" / NAME)
    with plt.rc_context({"font.family": korean_font()}):
        fig = draw(model, data)
        speak_korean(fig)
        save(fig, ROOT / "ko" / NAME)


def meanings(model) -> list[tuple[str, str]]:
    """Each uniform factor with the one of slant, width and ink that it changes most, one each."""
    shapes, table = ("slant", "width", "ink"), []
    for name in model.code.uniform_names:
        looks = measure(traverse(model, name, [-1.0, 1.0], rows=200).flatten(0, 1))
        change = [getattr(looks, s).unflatten(0, (-1, 2)).diff(dim=1).mean().abs() for s in shapes]
        table.append([c / getattr(looks, s).std() for c, s in zip(change, shapes, strict=True)])
    _, columns = linear_sum_assignment(table, maximize=True)
    return [(n, shapes[k]) for n, k in zip(model.code.uniform_names, columns, strict=True)]


if __name__ == "__main__":
    main()
