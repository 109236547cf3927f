"""The benchmarks run, and end with their tables; how fast anything is, is never asserted."""

import csv
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from statistics import mean

import pytest

from cnncourse.kernels import gpu_detection
from cnncourse.networks import DOCUMENTS

HIDDEN = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
FOLDER = Path(__file__).parent.parent / "benchmarks"
ONE = r"\d+ \(\d+–\d+\)"  # median (min–max)


def run(script, *arguments):
    """What a benchmark prints."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", FOLDER / f"{script}.py", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def tables(script, path, *arguments):
    """The tables that a quick run writes to ``path``: each a list of rows of cells."""
    printed = run(script, "--quick", "--markdown", path, *arguments)
    text = path.read_text(encoding="utf-8")
    found = [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        for block in text.split("\n\n")
        if block.startswith("|")
    ]
    for table in found:
        assert {len(row) for row in table} == {len(table[0])}
        assert table.pop(1)[0] == "---"
        for cells in table:  # the same figures in plain text
            assert re.search(r"\s+".join(map(re.escape, filter(None, cells))), printed)
    assert "medians of" in text.splitlines()[-1]
    return found


SCRIPTS = [
    "documents",
    "export",
    "first_run",
    "folders",
    "gpu",
    "kernels",
    "latency",
    "loops",
    "search",
    "training",
]
HELP = """
import runpy, sys
from contextlib import suppress
for script in SCRIPTS:
    sys.argv[:] = script, "--help"
    print("=====")
    with suppress(SystemExit):
        runpy.run_path(script + ".py", run_name="__main__")
"""


def test_help():
    texts = in_the_benchmarks(f"SCRIPTS = {SCRIPTS}{HELP}").split("=====")[1:]
    assert len(texts) == len(SCRIPTS)
    for script, text in zip(SCRIPTS, texts, strict=True):
        assert all(option in text for option in ("--quick", "--markdown")), script


def test_documents(tmp_path):
    kept = tmp_path / "runs.json"
    options = ("--documents", "ntnu", "explained", "--seeds", 2, "--results", kept)
    (table,) = tables("documents", tmp_path / "table.md", *options)
    assert table[0][:5] == ["document", "recipe", "its figure", "ours", "held out"]
    assert not any("faster" in cell or "×" in cell for row in table for cell in row)
    recipes = [(row[0], row[2]) for row in table[1:]]
    assert recipes == [
        ("Deep Learning Lecture – Convolution NN", "99.02 %, loss 0.0317"),
        ("", ""),
        ("", ""),
        ("Convolutional Neural Networks, Explained", "90 %"),
        ("", ""),
        ("", ""),
    ]
    ours = re.sub(r"\d+\.\d+", "1.0", table[1][3])
    assert ours == "1.0 ± 1.0 % (best 1.0 %), loss 1.0 ± 1.0 (best 1.0)"
    held_out = re.sub(r"\d+\.\d+", "1.0", table[2][4])
    assert held_out == "1.0 ± 1.0 %" and table[1][4] == ""  # the document held nothing out
    # what the file holds is not trained again, and the table is the same
    assert len(json.loads(kept.read_text(encoding="utf-8"))) == 12
    again = run("documents", "--quick", *options)
    assert "training: 0/0" in again and table[1][3] in again


def test_search(tmp_path):
    log = tmp_path / "trials.csv"
    options = ("--networks", "postech", "--results", log)
    (table,) = tables("search", tmp_path / "table.md", *options)
    header, *rows = table
    assert header == ["network", "recipe", "images", "epochs", "seeds", "loss", "accuracy", "s"]
    assert {row[0] for row in rows} == {"postech"}
    with log.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    trials = {tuple(line.values())[:10] for line in lines}
    assert len(trials) == len(lines) == sum(int(row[4]) for row in rows)
    tried, longer = rows[:3], rows[3:]
    assert {tuple(row[2:4]) for row in tried} == {("20,000", "3")}
    (before,) = (row[1] for row in tried if "(before)" in row[1])
    # the best by its loss on the images held out is trained for longer, and so is the lab's
    means = {row[1]: float(row[5].split(" ±")[0]) for row in tried if row[4] == "2"}
    best = min(means, key=means.get)
    assert tried[0][1] == best
    two = {best, before}
    assert {row[1] for row in longer if row[2:4] == ["20,000", "9"]} == two
    # and as the lab trains, if they are two
    at_length = {row[1]: float(row[5]) for row in longer if row[2:4] == ["as the lab", "6"]}
    assert set(at_length) == (two if len(two) == 2 else set())
    written = log.read_bytes()
    again = run("search", "--quick", *options)
    assert "trials: 0" in again and tried[0][5] in again
    assert f"postech: of 3 recipes, {best.removesuffix(' (before)')} has the lowest" in again
    if at_length:
        chosen = min(at_length, key=at_length.get).removesuffix(" (before)")
        assert f"The lab takes {chosen}." in again
    assert log.read_bytes() == written


def test_loops():
    """The recipes with a schedule, as one call and by hand: the same bits."""
    printed = run("loops", "--quick")
    assert printed.count("the same") == 5 and "DIFFERENT" not in printed


CARRIED_OUT = {  # what a lab's notebook says of its recipe, as far as the figures depend on it
    ("mnist-with-sgd", "tutorial", "document"): "optimizers.SGD({rate}), batch_size={batch}, "
    "epochs = {epochs} if full",
    ("mnist-with-adam", "postech", "longer"): "CosineDecay({rate}, rounds, "
    "rounds, steps = {epochs}, {steps} if full, batch_size={batch}, random_shift(images, {shift}, ",
    ("mnist-with-rmsprop", "ntnu", "document"): "batch_size={batch}, epochs = {epochs} if full",
    ("mnist-with-rmsprop", "ntnu", "better"): "CosineDecay({rate}, long, "
    "steps = {epochs} if full, batch_size={batch}, random_shift(images, {shift}, ",
    ("mnist-with-dropout", "renom", "document"): "optimizers.SGD({rate})",
    ("fashion-mnist", "explained", "document"): "optimizers.Adam({rate}), batch_size={batch}, "
    "epochs = {epochs} if full",
    ("fashion-mnist", "explained", "better"): "CosineDecay({rate}, better_epochs = {epochs} if, "
    "batch_size={batch}, random_shift(images, {shift}, ",
}


@pytest.mark.parametrize("lab", CARRIED_OUT, ids="-".join)
def test_the_recipes_are_those_of_the_labs(lab):
    chapter, network, recipe = lab
    code = f"from labs import LABS; p = LABS[{network!r}].recipes[{recipe!r}]; "
    code += "print(p.learning_rate, p.batch, p.epochs, p.steps, p.shift)"
    names = ("rate", "batch", "epochs", "steps", "shift")
    values = dict(zip(names, in_the_benchmarks(code).split(), strict=True))
    (path,) = (FOLDER.parent / "notebooks").glob(f"[0-9][0-9]-{chapter}.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    for piece in CARRIED_OUT[lab].format(**values).split(", "):
        assert re.sub(r"\s", "", piece) in re.sub(r"\s", "", source), f"{path.name} has no {piece}"


def test_the_labs_have_the_recipes_that_lose_least_on_images_held_out():
    """At full length, by the mean of the seeds, as the log of the search has it."""
    settings = ("learning_rate", "schedule", "batch", "shift", "flip")
    found = {}  # (network, recipe): {settings: losses}
    with (FOLDER / "search.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["training"] != "short":
                trials = found.setdefault((line["network"], line["training"]), {})
                trials.setdefault(tuple(line[name] for name in settings), []).append(
                    float(line["loss"])
                )
    assert {network for network, _ in found} == set(DOCUMENTS)
    for (network, recipe), trials in found.items():
        assert all(len(losses) == 3 for losses in trials.values())
        code = f"from labs import LABS; p = LABS[{network!r}].recipes[{recipe!r}]; "
        code += (
            "print(p.learning_rate, 'cosine' if p.decay else 'constant', p.batch, p.shift, p.flip)"
        )
        best = min(trials, key=lambda settings: mean(trials[settings]))
        assert tuple(in_the_benchmarks(code).split()) == best


def test_a_symmetric_image_seen_twice_is_seen_once():
    code = "import numpy as np; from documents import twice; from cnncourse import networks; "
    code += "m = networks.explained(seed=0); m.compile('sgd', 'softmax_cross_entropy'); "
    code += "x = np.random.default_rng(0).random((8, 28, 14, 1)); y = np.arange(8); "
    code += "x = np.concatenate([x, x[:, :, ::-1]], axis=2).astype(np.float32); "
    code += "print(np.allclose(twice(m, x, y), m.evaluate(x, y), rtol=1e-5))"
    assert in_the_benchmarks(code) == "True"


def test_training(tmp_path):
    options = ("--networks", "tutorial", "--contenders", "cnncourse")
    training, inference = tables("training", tmp_path / "table.md", *options)
    for table, batch in (training, "100"), (inference, "1000"):
        assert table[0] == ["network", "batch", "cnncourse"]
        assert table[1][:2] == ["tutorial", batch]
        assert re.fullmatch(ONE, table[1][2])


def test_scaling(tmp_path):
    threads, batches, sides = tables("training", tmp_path / "table.md", "--scaling")
    assert [row[0] for row in threads[1:]][0] == "1"
    assert [row[0] for row in batches[1:]] == ["32", "64"]
    assert [row[0] for row in sides[1:]] == ["128 × 28×28", "32 × 56×56"]


@pytest.mark.parametrize("contender", ["cnncourse", "onnxruntime", "openvino", "jax"])
def test_latency(tmp_path, contender):
    if not importlib.util.find_spec(contender):
        pytest.skip(f"{contender} is not installed")
    options = ("--networks", "tutorial", "explained", "--threads", 1, "--contenders", contender)
    (table,) = tables("latency", tmp_path / "table.md", *options)
    assert table[0] == ["network", contender]
    assert [row[0] for row in table[1:]] == ["tutorial", "explained"]
    assert all(re.fullmatch(r"[\d.]+ \([\d.]+–[\d.]+\)", row[1]) for row in table[1:])


SAME_NETWORK = """
import runtimes
from cnncourse.networks import DOCUMENTS
for name, make in DOCUMENTS.items():
    images = runtimes.data(runtimes.NETWORKS[name], 2)[0][:2]
    outputs = runtimes.RUNTIMES[{runtime!r}](1).prepared(name, images)()
    print(abs(outputs - make(device="reference").predict(images)).max() < 1e-4)
"""


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino", "jax"])
def test_the_runtimes_run_the_same_networks(runtime):
    if not importlib.util.find_spec(runtime):
        pytest.skip(f"{runtime} is not installed")
    assert set(in_the_benchmarks(SAME_NETWORK.format(runtime=runtime)).split()) == {"True"}


def test_kernels(tmp_path):
    plain, fused, *_, others = tables("kernels", tmp_path / "table.md")
    for table, follows in (plain, ""), (fused, ", ReLU, pool 2×2"):
        assert table[0][1:] == ["forward", "input gradient", "kernel gradient"]
        assert table[1][0] == f"100 × 28×28, 1 → 32, 5×5 valid{follows}"
        assert all(re.fullmatch(r"\d+ \(\d+%\)", cell) for cell in table[1][1:])
        assert table[-1][0] == "multiply-adds in registers"
    assert [row[0] for row in others[1:]] == ["max_pool2d", "relu", "copy"]
    assert others[-1][-1] == "100%"


def test_first_run(tmp_path):
    (table,) = tables("first_run", tmp_path / "table.md")
    assert [row[0] for row in table[1:]] == ["import cnncourse"]


def test_without_a_gpu_there_is_nothing_to_measure():
    script = [sys.executable, FOLDER / "gpu.py", "--quick"]
    done = subprocess.run(script, capture_output=True, encoding="utf-8", env=HIDDEN)
    assert done.returncode == 1
    assert re.match(r"There is no GPU to measure: .+\. What you can do: ", done.stderr)


@pytest.mark.skipif(
    gpu_detection.detect().simulated or not gpu_detection.detect().usable,
    reason="there is no GPU to measure",
)
def test_gpu(tmp_path):
    networks, *others = tables("gpu", tmp_path / "table.md", "--networks", "tutorial")
    assert networks[1][0] == "tutorial"
    assert others[-1][0] == ["what", "µs"]


def test_folders(tmp_path):
    speeds, *memory = tables("folders", tmp_path / "table.md")
    assert [row[0] for row in speeds[1:]] == [
        "data/photos",
        "files of 150×150",
        "files of 500×375",
    ]
    assert all(re.fullmatch(ONE, cell) for row in speeds[1:] for cell in row[1:4])
    for table in memory:  # where the system tells it
        assert [row[0] for row in table[1:3]] == ["40 files", "80 files"]


def in_the_benchmarks(code):
    """What ``code`` prints in a process of its own that finds the benchmarks' modules."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=FOLDER
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_document_has_its_recipe():
    names = in_the_benchmarks("from networks import NETWORKS; print(*NETWORKS)")
    assert set(names.split()) == DOCUMENTS.keys()


def test_a_peers_process_has_no_numba():
    code = "import sys; from networks import *; [net.scores for net in NETWORKS.values()]"
    assert in_the_benchmarks(f"{code}; print('numba' in sys.modules)") == "False"


TRANSLATED = """
from math import prod
import networks
for name, network in (networks.NETWORKS | networks.DEEPER).items():
    model = networks.{peer}_model(network.scores)
    ours = sum(layer.count_trainable() for layer in network.make(device="reference").layers)
    print(name, sum(prod(weight.shape) for weight in model.{weights}), ours)
"""


@pytest.mark.parametrize(
    "peer, weights", [("torch", "parameters()"), ("keras", "trainable_weights")]
)
def test_the_peers_learn_as_many_parameters(peer, weights):
    for needed in {"torch": ["torch"], "keras": ["keras", "tensorflow"]}[peer]:
        if not importlib.util.find_spec(needed):
            pytest.skip(f"{needed} is not installed, which {peer} needs to be compared with")
    printed = in_the_benchmarks(TRANSLATED.format(peer=peer, weights=weights))
    counts = {name: counts for name, *counts in map(str.split, printed.splitlines())}
    assert counts.keys() == {*DOCUMENTS, "resnet20", "u-shaped"}
    for name, (theirs, ours) in counts.items():
        assert theirs == ours, name
