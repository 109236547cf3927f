"""The simulator finds what a GPU would suffer in silence: each fault here is a kernel's."""

import numpy as np
import pytest

from cnncourse.kernels import gpu_detection

if not gpu_detection.detect().simulated:
    pytest.skip("on a real GPU nothing is simulated", allow_module_level=True)

import simulator

from cnncourse.chapters.fast_kernels_on_the_gpu import tiled_kernel
from cnncourse.kernels.cuda.compiler import cuda, float32, jit

THREADS = 32


def launch(kernel, *arguments, blocks=1, threads=THREADS):
    """Run a kernel on arrays, which are copied to the simulated GPU; what is in them then."""
    arguments = [cuda.to_device(a) if isinstance(a, np.ndarray) else a for a in arguments]
    kernel[blocks, threads](*arguments)
    return [a.copy_to_host() for a in arguments if hasattr(a, "copy_to_host")]


def numbers(count=THREADS):
    return np.arange(count, dtype=np.float32)


@jit
def turned(x, out):
    """Writes the block's numbers backwards: the pattern that is correct."""
    shared = cuda.shared.array(THREADS, float32)
    k = cuda.threadIdx.x
    shared[k] = x[k]
    cuda.syncthreads()
    out[k] = shared[THREADS - 1 - k]


def test_a_correct_kernel_runs():
    _, out = launch(turned, numbers(), numbers())
    assert out.tolist() == numbers()[::-1].tolist()


@jit
def without_a_barrier(x, out):
    shared = cuda.shared.array(THREADS, float32)
    k = cuda.threadIdx.x
    shared[k] = x[k]
    out[k] = shared[k // 2]


@jit
def read_too_early(x, out):
    """Without a barrier, the other half may not have been written at all."""
    shared = cuda.shared.array(THREADS, float32)
    k = cuda.threadIdx.x
    shared[k] = x[k]
    out[k] = shared[THREADS - 1 - k]


@jit
def without_the_second_barrier(x, out):
    """A fast thread overwrites what a slow one still has to read."""
    shared = cuda.shared.array(THREADS, float32)
    k = cuda.threadIdx.x
    for turn in range(2):
        shared[k] = x[k] + turn
        cuda.syncthreads()
        out[k] = shared[THREADS - 1 - k]


@jit
def scattering(x, out):
    """All threads add to one number: what most of them add is lost."""
    out[0] += x[cuda.threadIdx.x]


@jit
def scattering_in_shared_memory(x, out):
    shared = cuda.shared.array(1, float32)
    shared[0] = x[cuda.threadIdx.x]
    cuda.syncthreads()
    out[cuda.threadIdx.x] = shared[0]


@jit
def blocks_in_order(x, out):
    """Blocks run in any order: none may wait for what another one writes."""
    k = cuda.grid(1)
    out[k] = x[k] if k < THREADS else out[k - THREADS]


@jit
def half_at_the_barrier(x, out):
    k = cuda.threadIdx.x
    if k < THREADS // 2:
        cuda.syncthreads()
    out[k] = x[k]


@jit
def an_early_return(x, out):
    k = cuda.threadIdx.x
    if k >= THREADS // 2:
        return
    cuda.syncthreads()
    out[k] = x[k]


@jit
def two_barriers(x, out):
    k = cuda.threadIdx.x
    if k < THREADS // 2:
        cuda.syncthreads()
    else:
        cuda.syncthreads()
    out[k] = x[k]


@jit
def never_written(x, out):
    shared = cuda.shared.array(2 * THREADS, float32)
    k = cuda.threadIdx.x
    shared[k] = x[k]
    cuda.syncthreads()
    out[k] = shared[k + 1]


@jit
def sum_from_nothing(x, out):
    sums = cuda.local.array(1, float32)
    sums[0] += x[cuda.threadIdx.x]
    out[cuda.threadIdx.x] = sums[0]


@jit
def one_too_far(x, out):
    k = cuda.threadIdx.x
    out[k] = x[k + 1]


@jit
def one_before(x, out):
    k = cuda.threadIdx.x
    out[k] = x[k - 1]


@jit
def beyond_shared_memory(x, out):
    shared = cuda.shared.array(THREADS, float32)
    shared[cuda.threadIdx.x + 1] = x[cuda.threadIdx.x]


@jit
def beyond_local_memory(x, out):
    own = cuda.local.array(2, float32)
    own[2] = x[0]


@pytest.mark.parametrize(
    ("kernel", "fault", "message"),
    [
        (without_a_barrier, simulator.Race, "read with no barrier after it was written"),
        (read_too_early, simulator.Uninitialised, "before anybody wrote it"),
        (without_the_second_barrier, simulator.Race, "with no barrier after it was"),
        (scattering, simulator.Race, "global memory at 0 was"),
        (scattering_in_shared_memory, simulator.Race, "written by two threads"),
        (half_at_the_barrier, simulator.Divergence, "16 of 32 threads"),
        (an_early_return, simulator.Divergence, "16 of 32 threads"),
        (two_barriers, simulator.Divergence, "wait at line"),
        (never_written, simulator.Uninitialised, "shared memory at 32"),
        (sum_from_nothing, simulator.Uninitialised, "local array"),
        (one_too_far, IndexError, "index 32 is outside"),
        (one_before, IndexError, "index -1 is outside"),
        (beyond_shared_memory, IndexError, "index 32 is outside"),
        (beyond_local_memory, IndexError, "index 2 is outside"),
    ],
)
def test_a_wrong_kernel_is_caught_every_time(kernel, fault, message):
    for _ in range(3):
        with pytest.raises(fault, match=message):
            launch(kernel, numbers(), numbers())


def test_a_race_between_blocks_is_caught():
    with pytest.raises(simulator.Race, match="read while another thread writes"):
        launch(blocks_in_order, numbers(2 * THREADS), numbers(2 * THREADS), blocks=2)


def test_the_fault_says_where():
    with pytest.raises(IndexError) as caught:
        launch(one_too_far, numbers(), numbers())
    assert caught.value.__notes__ == ["in thread (31, 0, 0) of block (0, 0, 0)"]


@jit
def adding_atomically(x, out):
    cuda.atomic.add(out, 0, x[cuda.threadIdx.x])


@jit
def counting_in_shared_memory(x, out):
    shared = cuda.shared.array(1, float32)
    k = cuda.threadIdx.x
    if k == 0:
        shared[0] = float32(0)
    cuda.syncthreads()
    cuda.atomic.add(shared, 0, x[k])
    cuda.syncthreads()
    out[k] = shared[0]


def test_atomic_operations_do_not_race():
    _, out = launch(adding_atomically, numbers(), np.zeros(1, np.float32))
    assert out[0] == numbers().sum()
    _, out = launch(counting_in_shared_memory, numbers(), numbers())
    assert (out == numbers().sum()).all()


@jit
def too_much_shared_memory(out):
    shared = cuda.shared.array(16 * 1024, float32)
    shared[cuda.threadIdx.x] = float32(0)


def test_a_gpus_limits_hold():
    with pytest.raises(MemoryError, match="65536 bytes of shared memory"):
        launch(too_much_shared_memory, numbers())
    with pytest.raises(ValueError, match="a block of 2048 threads"):
        launch(turned, numbers(), numbers(), threads=2048)


@pytest.mark.parametrize("which", [1, 2])
def test_each_barrier_of_the_tiled_convolution_is_needed(which, monkeypatch):
    """Left out, either of them is a race, which the simulator finds."""
    count = 0

    def skipping(module):
        nonlocal count
        line = simulator.sys._getframe(1).f_lineno
        lines = sorted(barrier_lines(tiled_kernel.tiled_conv2d.py_func))
        if lines.index(line) + 1 != which:
            barrier(module)
        count += 1

    barrier = simulator.kernelapi.FakeCUDAModule.syncthreads
    monkeypatch.setattr(simulator.kernelapi.FakeCUDAModule, "syncthreads", skipping)
    x = np.ones((1, 6, 6, 4), np.float32)
    kernel = np.ones((3, 3, 4, 2), np.float32)
    out = np.zeros((1, 4, 4, 2), np.float32)
    arrays = [cuda.to_device(a) for a in (x, kernel, out)]
    with pytest.raises((simulator.Race, simulator.Uninitialised)):
        launch_tiled(*arrays)
    assert count


def launch_tiled(x, kernel, out):
    side = tiled_kernel.TILE
    tiled_kernel.tiled_conv2d[(1, 1), (side, side)](x, kernel, (1, 1), (0, 0), out)


def barrier_lines(function):
    """The lines of a kernel on which it waits."""
    import inspect

    lines, first = inspect.getsourcelines(function)
    return [first + k for k, line in enumerate(lines) if "syncthreads" in line]
