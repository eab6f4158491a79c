"""Draw book/_static/sliders.webp: the codes of the shipped model, moved one after the other.

    python tools/make_sliders.py [checkpoint]      (make pictures)

Five noises z in a row, all with the same code.  First c1 takes its categories in the order of
their digits; then each uniform code goes from -1 to 1 and back, under the name that ``meanings``
of make_overview finds for it.  README.ko.md shows ko/_static/sliders.webp, with Korean names.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from make_overview import KOREAN, korean_font, meanings
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from infogan_lite import InfoGAN, evaluate, load, pretrained, sample_noise
from infogan_lite.running import checkpoints

ROOT = Path(__file__).parents[1]
NAME = "_static/sliders.webp"
LIMIT = 400_000  # bytes
SIDE, GAP, MARGIN, TRACK = 112, 8, 16, 300  # pixels
INK, SOFT, ACCENT = "#1f2933", "#b8c1ca", "#d55e00"
STAND, MOVE = 550, 70  # milliseconds of a digit, and of a step of a uniform code
SHOWN = 4  # the digit whose slant, width and ink are changed
PLACES = np.sin(np.linspace(0, 2 * np.pi, 29))  # from the middle to 1, to -1, and back

Step = tuple[int, list[float], int]  # the digit, the uniform codes, the slider that moves


def font(family: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    wanted = font_manager.FontProperties(family=family, weight="bold" if bold else "normal")
    return ImageFont.truetype(font_manager.findfont(wanted), size)


def story(uniform: int) -> list[Step]:
    """All steps: ten digits, and then each uniform code once around, the others at 0."""
    digits = [*range(SHOWN + 1, 10), *range(SHOWN + 1)]
    steps: list[Step] = [(digit, [0.0] * uniform, 0) for digit in digits]
    for moving in range(uniform):
        for place in PLACES:
            steps.append((SHOWN, [place * (i == moving) for i in range(uniform)], moving + 1))
    return steps


def pictures(model: InfoGAN, category: int, uniform: list[float], z: torch.Tensor) -> Image.Image:
    """One picture for each z, side by side."""
    values = torch.tensor(uniform, dtype=torch.float32).repeat(len(z), 1)
    c = model.code.encode([torch.full((len(z),), category)], values)
    row = Image.new("L", (len(z) * (SIDE + GAP) - GAP, SIDE), 255)
    for i, x in enumerate(model.generate(z, c)):
        tile = Image.fromarray((255 * (1 - x[0])).round().byte().numpy())
        row.paste(tile.resize((SIDE, SIDE), Image.Resampling.BICUBIC), (i * (SIDE + GAP), 0))
    return row


def frame(row: Image.Image, names: list[str], step: Step, family: str) -> Image.Image:
    """The pictures, and a slider for each code below them; the one that moves is orange."""
    digit, uniform, moving = step
    places = [digit / 9, *((value + 1) / 2 for value in uniform)]
    size = (row.width + 2 * MARGIN, row.height + 3 * MARGIN + 34 * len(names))
    image = Image.new("RGB", size, "white")
    image.paste(row, (MARGIN, MARGIN))
    draw, left = ImageDraw.Draw(image), 190
    for i, (name, place) in enumerate(zip(names, places, strict=True)):
        y, color = row.height + 3 * MARGIN + 34 * i, ACCENT if i == moving else INK
        draw.text((MARGIN, y), f"c{i + 1}", color, font(family, 16), "lm")
        draw.text((MARGIN + 40, y), name, color, font(family, 20, i == moving), "lm")
        draw.line((left, y, left + TRACK, y), SOFT, 4)
        x = left + TRACK * place
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), color)
        text = str(digit) if i == 0 else f"{uniform[i - 1]:+.1f}".replace("-0.0", "+0.0")
        draw.text((left + TRACK + 30, y), text, color, font(family, 16), "lm")
    return image


def main() -> None:
    model = checkpoints.load(sys.argv[1]) if len(sys.argv) > 1 else pretrained()
    order = np.argsort(evaluate(model, load("digits")).mapping, kind="stable").tolist()
    names = ["digit", *(what for _, what in meanings(model))]
    z = sample_noise(5, model.settings.z_dim, torch.Generator().manual_seed(1))
    steps = story(model.code.uniform)
    rows = [pictures(model, order[digit], uniform, z) for digit, uniform, _ in steps]

    times = [STAND if moving == 0 else MOVE for *_, moving in steps]
    looks = {"duration": times, "loop": 0, "quality": 60, "method": 4}

    def save(target: Path, names: list[str], family: str) -> None:
        frames = [frame(row, names, step, family) for row, step in zip(rows, steps, strict=True)]
        frames[0].save(target, save_all=True, append_images=frames[1:], **looks)
        if (size := target.stat().st_size) > LIMIT:
            raise SystemExit(f"error: {size} bytes are more than the {LIMIT} that a page may carry")
        print(f"wrote {target} ({size // 1000} kB)")

    save(ROOT / "book" / NAME, names, "DejaVu Sans")
    save(ROOT / "ko" / NAME, ["숫자", *(KOREAN[name] for name in names[1:])], korean_font())


if __name__ == "__main__":
    main()
