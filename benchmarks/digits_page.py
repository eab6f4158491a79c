"""How well does the page learn digits?  The same JavaScript as in the page, in node, by seed.

    python -m benchmarks.digits_page [SEED ...]

For each seed: the processor's seconds of one core, all that the page computes included but the
pictures that it draws; the error of c1 on held-out digits; and the part of 1,000 generated
pictures that a net trained on real digits (``features``) reads with a probability of .9 or more.
"""

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

import torch

from benchmarks import features
from infogan_lite.widgets.digits_laboratory import STEPS, packed_digits
from infogan_lite.widgets.packing import STATIC

ROOT = Path(__file__).resolve().parents[1]
SEEDS = (0, 1, 2, 3, 4)
SURE = 0.9
SCRIPT = """
import { readFileSync } from "node:fs";
const folder = process.argv[2], [seed, steps] = process.argv.slice(4).map(Number);
const [t, r, d, n, random] = await Promise.all(["digits_laboratory/training",
  "digits_laboratory/reading", "digits_laboratory/digits", "digits_laboratory/networks",
  "laboratory/random"].map((name) => import(`${folder}/${name}.js`)));
const digits = await d.unpackDigits(readFileSync(process.argv[3]), 1000);
const began = process.cpuUsage().user, run = t.makeTraining(digits.train, seed,
  { ...t.RULES, steps }), examine = r.makeExaminer(run, digits);
let report;
for (let i = 1; i <= steps; i++) {
  run.advance();
  if (i % 150 === 0 || i === steps) report = examine();
}
const seconds = (process.cpuUsage().user - began) / 1e6;
const pass = n.generatorPass(run.arena, run.nets, 100), draws = random.makeRandom(seed, 9);
const x = [];
for (let i = 0; i < 10; i++) x.push(...pass.forward(t.drawCodes(100, draws).input, false));
console.log(JSON.stringify({ seconds, error: report.error, x: x.map((v) => +v.toFixed(3)) }));
"""


def one_run(seed: int, steps: int = STEPS) -> dict[str, float]:
    """Seconds, error, and the part of generated pictures that can be read."""
    sys.path.insert(0, str(ROOT / "tools"))
    import javascript

    with tempfile.TemporaryDirectory() as folder:
        script, packed = Path(folder) / "run.mjs", Path(folder) / "digits.gz"
        script.write_text(SCRIPT)
        packed.write_bytes(packed_digits())
        done = javascript.node(script, STATIC, packed, str(seed), str(steps))
    if done.returncode:
        raise RuntimeError(done.stderr)
    result = json.loads(done.stdout)
    x = torch.tensor(result["x"]).view(-1, 1, 28, 28)
    sure = features.load()(x).softmax(1).amax(1) >= SURE
    read = sure.float().mean().item()
    return {"seed": seed, "seconds": result["seconds"], "error": result["error"], "read": read}


def main() -> None:
    rows = []
    for seed in [int(text) for text in sys.argv[1:]] or SEEDS:
        rows.append(one_run(seed))
        print("  ".join(f"{k} {v:.3g}" for k, v in rows[-1].items()), flush=True)
    for name in ("seconds", "error", "read"):
        print(f"median {name} {median(row[name] for row in rows):.3g}")


if __name__ == "__main__":
    main()
