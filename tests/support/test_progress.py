"""The bar's last line: what a notebook keeps."""

from cnncourse import progress


def last_line(capsys):
    return capsys.readouterr().out.splitlines()[-1].split("\r")[-1].rstrip()


def test_the_last_line_has_no_times(capsys):
    for _ in progress(range(3), "reading"):
        pass
    assert last_line(capsys) == "reading: 3/3 |██████████|"


def test_figures_stay_in_the_last_line(capsys):
    with progress(total=2, desc="epoch 1/1") as bar:
        bar.update(2)
        bar.set_postfix_str("loss 0.5000")
    assert last_line(capsys) == "epoch 1/1: 2/2 |██████████|, loss 0.5000"


def test_every_line_is_as_long_as_the_others(capsys):
    with progress(total=200, mininterval=0) as bar:
        for _ in range(200):
            bar.update()
        bar.say("half-way")
    lines = capsys.readouterr().out.replace("\r", "\n").split("\n")
    assert {len(line) for line in lines if line} == {progress.WIDTH}


def test_silence(capsys):
    for _ in progress(range(3), disable=True):
        pass
    assert capsys.readouterr().out == ""
