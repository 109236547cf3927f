"""The command that exports a saved model."""

import pytest

from cnncourse import networks
from cnncourse.__main__ import main


def test_a_saved_model_becomes_c(tmp_path, capsys):
    networks.tutorial().save(tmp_path / "digits.npz")
    main(["export", str(tmp_path / "digits.npz"), "--to", "c99", "--dtype", "int8"])
    printed = capsys.readouterr().out
    assert "flash: 65,136 bytes" in printed and "RAM: 7,716 bytes" in printed
    assert "digits_predict(const uint8_t *image, int16_t *scores)" in (
        tmp_path / "digits.c"
    ).read_text(encoding="ascii")


def test_the_file_may_be_another(tmp_path):
    networks.explained().save(tmp_path / "digits.npz")
    model, output = str(tmp_path / "digits.npz"), tmp_path / "net.c"
    main(["export", model, "--to", "c99", "--output", str(output)])
    assert "float *image" in output.read_text(encoding="ascii")


def test_a_saved_model_becomes_a_page(tmp_path, capsys):
    networks.explained().save(tmp_path / "digits.npz")
    main(["export", str(tmp_path / "digits.npz"), "--to", "html"])
    assert f"written to {tmp_path / 'digits.html'}" in capsys.readouterr().out
    assert (tmp_path / "digits.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_saved_model_becomes_onnx(tmp_path):
    onnx = pytest.importorskip("onnx", reason='the extra "onnx" is not installed')
    networks.explained().save(tmp_path / "digits.npz")
    main(["export", str(tmp_path / "digits.npz"), "--to", "onnx"])
    assert onnx.load(tmp_path / "digits.onnx").producer_name == "cnncourse"


def test_numbers_to_compute_in_are_for_c(tmp_path, capsys):
    networks.explained().save(tmp_path / "digits.npz")
    assert main(["export", str(tmp_path / "digits.npz"), "--to", "onnx", "--dtype", "int8"]) == 1
    error = capsys.readouterr().err
    assert "--dtype is for c99 and wasm: onnx has its own" in error and "Traceback" not in error
    assert len(list(tmp_path.iterdir())) == 1


def test_a_saved_model_becomes_webassembly(tmp_path):
    pytest.importorskip("ziglang", reason='the extra "wasm" is not installed')
    networks.explained().save(tmp_path / "digits.npz")
    main(["export", str(tmp_path / "digits.npz"), "--to", "wasm", "--dtype", "int8"])
    assert (tmp_path / "digits.wasm").read_bytes().startswith(b"\0asm")
