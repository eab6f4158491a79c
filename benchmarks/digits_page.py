"""How well does the page learn digits?  The same JavaScript as in the page, in node, by seed.

For each seed: the processor's seconds of one core, all that the page computes included but the
pictures that it draws; the error of c1 on held-out digits; and the part of 1,000 generated
pictures that a net trained on real digits (``features``) reads with a probability of .9 or more.
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
from joblib import Parallel, delayed

from benchmarks import features, report
from benchmarks.options import QUICK_STEPS, Options
from infogan_lite.widgets.digits_laboratory import STEPS, packed_digits
from infogan_lite.widgets.packing import STATIC

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


def run(options: Options) -> None:
    """Train in node with each seed and write digits_page.csv."""
    steps = QUICK_STEPS if options.quick else STEPS
    work = [delayed(one_run)(seed, steps) for seed in options.seeds]
    rows = list(Parallel(n_jobs=options.jobs)(work))
    about = report.header("digits_page", steps=steps, seeds=list(options.seeds))
    print(report.write("digits_page", rows, about, options.folder_of("digits_page")))


def one_run(seed: int, steps: int) -> dict[str, float]:
    """A row: seconds, error, and the part of generated pictures that can be read."""
    result = train_in_node(seed, steps)
    x = torch.tensor(result["x"]).view(-1, 1, 28, 28)
    sure = features.load()(x).softmax(1).amax(1) >= SURE
    row = {"seed": seed, "seconds": result["seconds"], "error": result["error"]}
    row |= {"can be read": sure.float().mean().item()}
    print("  ".join(f"{k} {v:.3g}" for k, v in row.items()), flush=True)
    return row


def train_in_node(seed: int, steps: int) -> dict:
    """``seconds``, ``error``, and the pixels of 1,000 pictures one after the other, ``x``."""
    sys.path.insert(0, str(report.ROOT / "tools"))
    import javascript

    with tempfile.TemporaryDirectory() as folder:
        script, packed = Path(folder) / "run.mjs", Path(folder) / "digits.gz"
        script.write_text(SCRIPT, encoding="utf8")
        packed.write_bytes(packed_digits())
        done = javascript.node(script, STATIC, packed, str(seed), str(steps))
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)
