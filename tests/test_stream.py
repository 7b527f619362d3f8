"""Streams: the answer of the solver in memory, from chunks, from Dask blocks, with bounded memory and lost workers."""

import os
import subprocess
import sys
import textwrap
from collections import Counter
from functools import partial

import dask
import dask.array as da
import numpy as np
import pandas as pd
import pytest
from dask.callbacks import Callback

import lsqcore as lsq
from tests.close import assert_close


def data(seed=0, rows=5000, columns=6, weighted=True):
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(rows, columns)) * np.logspace(0, 3, columns)
    weights = rng.uniform(0.2, 2, rows) if weighted else np.ones(rows)
    return design, design @ rng.normal(size=columns) + rng.normal(size=rows), weights


def chunked(*arrays, height=700):
    return [tuple(array[first : first + height] for array in arrays) for first in range(0, len(arrays[0]), height)]


def blocked(*arrays, height=700):
    return tuple(da.from_array(array, chunks=(height, *array.shape[1:])) for array in arrays)


@pytest.mark.parametrize("stream", [lsq.stream_gram, lsq.stream_qr])
@pytest.mark.parametrize("cut", [chunked, blocked])
@pytest.mark.parametrize("weighted", [False, True])
def test_streams_have_the_answer_of_the_solver_in_memory(stream, cut, weighted, seed):
    arrays = data(seed, weighted=weighted)[: 2 + weighted]
    memory = lsq.solve(lsq.LeastSquares(*arrays))
    streamed = stream(cut(*arrays))
    assert_close(streamed.theta, memory.theta, atol=1e-10)
    assert_close(streamed.loss, memory.loss, rtol=1e-11)
    assert streamed.rank == memory.rank == 6


@pytest.mark.parametrize("cut", [chunked, blocked])
def test_dependent_columns(cut, seed):
    design, target, _ = data(seed)
    design[:, 2] = design[:, 0] - design[:, 1]
    shortest = lsq.svd(lsq.LeastSquares(design, target))
    streamed = lsq.stream_qr(cut(design, target))
    assert streamed.rank == 5
    assert_close(streamed.theta, shortest.theta, atol=1e-9)
    with pytest.raises(np.linalg.LinAlgError, match="stream_qr"):
        lsq.stream_gram(cut(design, target))


def test_ill_conditioned_columns_are_refused_or_right():
    design = lsq.polynomial(np.linspace(1, 3, 5000), 8)
    target = design @ np.ones(9)
    streamed = lsq.stream_qr(chunked(design, target))
    assert_close(streamed.theta, 1, atol=1e-5)
    with pytest.raises(np.linalg.LinAlgError, match="stream_qr"):
        lsq.stream_gram(chunked(design, target))


def test_chunks_of_every_height_and_generators(seed):
    design, target, _ = data(seed, rows=300)
    memory = lsq.solve(lsq.LeastSquares(design, target)).theta
    for height in (1, 2, 7, 299, 300, 10_000):
        assert_close(lsq.stream_qr(chunked(design, target, height=height)).theta, memory, atol=1e-9)
        assert_close(lsq.stream_gram(chunked(design, target, height=height)).theta, memory, atol=1e-9)
    once = (chunk for chunk in chunked(design, target))
    assert_close(lsq.stream_qr(once).theta, memory, atol=1e-9)
    with pytest.raises(ValueError, match="only once"):
        lsq.stream_gram(chunk for chunk in chunked(design, target))


@pytest.mark.parametrize("cut", [chunked, blocked])
@pytest.mark.parametrize("average", [False, True])
def test_one_pass_of_sgd_is_sgd_in_the_order_of_the_rows(cut, average, seed):
    design, target, weights = data(seed, columns=3)
    rate = lsq.inverse_root(1e-6)
    one = lsq.stream_sgd(cut(design, target, weights), learning_rate=rate, average=average)
    order = np.arange(5000)
    same = lsq.stochastic_gradient_descent(
        lsq.LeastSquares(design, target, weights), learning_rate=rate, order=order, keep=one.iterations, average=average
    )
    np.testing.assert_array_equal(one.iterations, [0, *range(700, 5000, 700), 5000])
    assert_close(one.thetas, same.thetas, atol=1e-12)
    assert_close(
        one.losses[-1], lsq.LeastSquares(design[4900:], target[4900:], weights[4900:]).loss(one.thetas[-1]), rtol=1e-9
    )


def test_one_pass_of_averaged_sgd_is_nearly_as_good_as_the_exact_answer(seed):
    """Over 100 streams its mean square error is 1.1 to 1.2 times the exact answer's."""
    squares = []
    for number in range(100):
        rng = np.random.default_rng([seed, number])
        design = rng.normal(size=(5000, 4))
        target = design @ [1, -2, 3, 0.5] + rng.normal(size=5000)
        exact = lsq.solve(lsq.LeastSquares(design, target)).theta
        one = lsq.stream_sgd(chunked(design, target), learning_rate=lsq.inverse_root(0.3), average=True, rng=rng)
        squares.append([np.sum((theta - [1, -2, 3, 0.5]) ** 2) for theta in (exact, one.thetas[-1])])
    best, streamed = np.mean(squares, axis=0)
    assert streamed <= 2 * best


def test_a_rate_too_large_is_a_status():
    design, target, _ = data(columns=3)
    away = lsq.stream_sgd(chunked(design, target), learning_rate=1.0)
    assert away.status is lsq.Status.DIVERGED
    assert np.isfinite(away.thetas).all()
    assert np.isfinite(away.losses).all()


@pytest.mark.parametrize("stream", [lsq.stream_gram, lsq.stream_qr, lsq.stream_sgd])
def test_faulty_chunks_are_named(stream):
    design, target, _ = data(rows=300)
    chunks = chunked(design, target, height=100)
    for faulty, words in [
        ([], "empty"),
        ([*chunks, (design[:5], target[:4])], r"chunk 3: design is \(5, 6\) but target is \(4,\)"),
        ([*chunks, (design[:5, :3], target[:5])], "columns"),
        ([*chunks, design[:5]], "chunk 3 is not"),
        ([*chunks, pd.DataFrame(design[:5])], r"chunk 3 is not .* but a DataFrame: give \(chunk\[columns\]"),
        ([*chunks, (design[:5], target[:5], -np.ones(5))], "chunk 3: weights has -1.0 in row 0"),
        ([(*chunk, np.zeros(len(chunk[1]))) for chunk in chunks], "weights are all 0"),
        ([(design[:0], target[:0])], "empty"),
        ([*chunks, (np.full((2, 6), np.nan), [1, 2])], "chunk 3: design has nan"),
    ]:
        with pytest.raises(ValueError, match=words):
            stream(faulty, **({"learning_rate": 1e-8} if stream is lsq.stream_sgd else {}))


STREAMS = [lsq.stream_gram, lsq.stream_qr, partial(lsq.stream_sgd, learning_rate=1e-9)]


@pytest.mark.parametrize("stream", STREAMS, ids=("gram", "qr", "sgd"))
@pytest.mark.parametrize("cut", [chunked, blocked])
def test_a_chunk_that_weighs_nothing_or_is_empty_changes_nothing(stream, cut):
    design, target, weights = data(rows=300)
    idle = np.append(weights, np.zeros(100)), np.append(np.zeros(100), weights)
    more = np.concatenate([design, design[:100]]), np.append(target, target[:100])
    before = np.concatenate([design[:100], design]), np.append(target[:100], target)
    plain = stream(cut(design, target, weights, height=100))
    for arrays in ((*more, idle[0]), (*before, idle[1])):
        found = stream(cut(*arrays, height=100))
        last = [run.theta if isinstance(run, lsq.Solution) else run.thetas[-1] for run in (found, plain)]
        assert_close(*last, rtol=1e-11)
    if cut is chunked:
        empty = design[:0], target[:0], weights[:0]
        found = stream([empty, *cut(design, target, weights, height=100), empty])
    else:
        found = stream(
            tuple(part.rechunk(((0, 100, 0, 200), *part.chunks[1:])) for part in cut(design, target, weights))
        )
    last = [run.theta if isinstance(run, lsq.Solution) else run.thetas[-1] for run in (found, plain)]
    assert_close(*last, rtol=1e-11)


class Changing:
    """Chunks whose second reading differs from the first."""

    def __init__(self, second):
        self.readings = iter([lambda chunks: chunks, second])

    def __iter__(self):
        return iter(next(self.readings)(chunked(*data(rows=300)[:2], height=100)))


@pytest.mark.parametrize(
    "second",
    [
        lambda chunks: chunks[:2],
        lambda chunks: [],
        lambda chunks: [*chunks, chunks[0]],
        lambda chunks: chunked(*data(seed=1, rows=300)[:2], height=100),
        lambda chunks: [(rows * 1.001, target) for rows, target in chunks],
        lambda chunks: [(rows, target + 0.01) for rows, target in chunks],
    ],
    ids=["fewer", "none", "more", "drawn anew", "other design", "other target"],
)
def test_a_source_that_changes_between_the_passes_is_refused(second):
    with pytest.raises(ValueError, match=r"second pass over chunks read other rows|read only once"):
        lsq.stream_gram(Changing(second))


def test_the_same_rows_in_another_order_are_the_same():
    assert_close(
        lsq.stream_gram(Changing(lambda chunks: chunks[::-1])).theta,
        lsq.stream_qr(chunked(*data(rows=300)[:2])).theta,
        rtol=1e-11,
    )


def test_dask_arrays_of_unknown_sizes_are_taken_block_by_block():
    design, target, _ = blocked(*data(rows=300), height=100)
    kept = target > 0
    memory = lsq.solve(lsq.LeastSquares(*dask.compute(design[kept], target[kept]))).theta
    assert_close(lsq.stream_gram((design[kept], target[kept])).theta, memory, rtol=1e-11)
    with pytest.raises(ValueError, match=r"chunk \d: design is"):
        lsq.stream_qr((design[kept], target[target < 5]))
    with pytest.raises(ValueError, match="compute_chunk_sizes"):
        lsq.stream_qr((design[kept], target.rechunk(50)[kept]))


def test_dask_beside_numpy_is_refused_in_words():
    design, target, _ = data(rows=300)
    with pytest.raises(ValueError, match=r"target is a ndarray beside Dask's: .*from_array"):
        lsq.stream_qr((da.from_array(design), target))


@dask.delayed
def read(number, note=lambda number: None):
    note(number)
    rng = np.random.default_rng(number)
    rows = rng.normal(size=(50, 3))
    return rows, rows @ [1, 2, 3] + rng.normal(size=50)


def in_memory(chunks):
    return lsq.LeastSquares(*(np.concatenate(part) for part in zip(*dask.compute(*chunks), strict=True)))


@pytest.mark.parametrize("stream", STREAMS, ids=("gram", "qr", "sgd"))
def test_delayed_chunks_are_each_read_once_a_pass_in_the_task_that_uses_them(stream):
    read_so_far, tasks = [], Counter()
    chunks = [read(number, read_so_far.append) for number in range(12)]
    with dask.config.set(scheduler="synchronous"), Callback(pretask=lambda key, *_: tasks.update([str(key)])):
        found = stream(chunks)
    passes = 2 if stream is lsq.stream_gram else 1
    assert sorted(read_so_far) == sorted(passes * list(range(12)))
    assert sum("read" in name for name in tasks) == passes * 12
    memory = stream(in_memory_chunks(chunks))
    pair = [run.theta if isinstance(run, lsq.Solution) else run.thetas[-1] for run in (found, memory)]
    assert_close(*pair, rtol=1e-11)


def in_memory_chunks(chunks):
    return list(dask.compute(*chunks))


def test_rows_cut_from_one_array_are_read_once_a_pass():
    read_so_far = []

    @dask.delayed
    def block(number):
        read_so_far.append(number)
        return np.column_stack([np.random.default_rng(number).normal(size=(50, 3)), np.arange(50.0)])

    whole = da.concatenate([da.from_delayed(block(number), (50, 4), float) for number in range(12)])
    with dask.config.set(scheduler="synchronous"):
        for stream, passes in zip(STREAMS, (2, 1, 1), strict=True):
            read_so_far.clear()
            stream((whole[:, :-1], whole[:, -1]))
            assert sorted(read_so_far) == sorted(passes * list(range(12)))


def test_a_delayed_chunk_beside_another_is_refused_in_words():
    with pytest.raises(ValueError, match=r"chunk 1 is a tuple beside Dask's: make one of it by dask.delayed"):
        lsq.stream_qr([read(0), (np.eye(3), np.ones(3))])
    with pytest.raises(ValueError, match="chunk 1: design has nan"):
        lsq.stream_qr([read(0), dask.delayed((np.full((5, 3), np.nan), np.ones(5)))])


@pytest.mark.parametrize("cut", ["alike", "joined", "split", "apart", "persisted"])
def test_dask_arrays_of_every_making(cut):
    design = da.random.default_rng(0).normal(size=(600, 4), chunks=(100, 4))
    target = design @ da.from_array(np.arange(4.0)) + 1
    design, target = {
        "alike": lambda: (design, target),
        "joined": lambda: (design.rechunk((150, 4)), target.rechunk(150)),
        "split": lambda: (design.rechunk((30, 4)), target),
        "apart": lambda: (design, target.rechunk(70)),
        "persisted": lambda: dask.persist(design, target),
    }[cut]()
    memory = lsq.solve(lsq.LeastSquares(*dask.compute(design, target))).theta
    for stream in (lsq.stream_qr, lsq.stream_gram):
        assert_close(stream((design, target)).theta, memory, atol=1e-13)


def test_dask_arrays_that_do_not_fit_are_refused():
    design, target, _ = data(rows=300)
    with pytest.raises(ValueError, match="rechunk"):
        lsq.stream_qr((da.from_array(design, chunks=(100, 3)), da.from_array(target, chunks=100)))
    with pytest.raises(ValueError, match="design is"):
        lsq.stream_qr((da.from_array(design), da.from_array(target[:-1])))


def test_progress_bars(capfd):
    design, target, _ = data(rows=300)
    for stream in (lsq.stream_gram, lsq.stream_qr, lsq.stream_sgd):
        stream(chunked(design, target, height=100), progress=True) if stream is not lsq.stream_sgd else stream(
            chunked(design, target, height=100), learning_rate=1e-8, progress=True
        )
        assert "3/3" in capfd.readouterr().err
    lsq.stream_qr(blocked(design, target, height=100), progress=True)
    assert "100%" in capfd.readouterr().out


class Rows:
    """Chunks that are made when they are read, again and again."""

    def __init__(self, chunks, height, columns):
        self.chunks, self.height, self.columns = chunks, height, columns

    def __iter__(self):
        for seed in range(self.chunks):
            rng = np.random.default_rng(seed)
            rows = rng.normal(size=(self.height, self.columns))
            yield rows, rows.sum(axis=1) + rng.normal(size=self.height)


def test_memory_stays_that_of_a_chunk():
    import tracemalloc

    for stream in (lsq.stream_gram, lsq.stream_qr, lsq.stream_sgd):
        settings = {"learning_rate": 1e-3} if stream is lsq.stream_sgd else {}
        peaks = []
        for chunks in (4, 40):
            tracemalloc.start()
            stream(Rows(chunks, 2000, 20), **settings)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        chunk = 2000 * 20 * 8
        assert peaks[1] < 1.1 * peaks[0]
        assert peaks[1] < 12 * chunk


def test_more_rows_than_the_memory_allowed(tmp_path):
    """200 MB of rows on disk under a cap that leaves 80 MB above what the imports need."""
    design = np.lib.format.open_memmap(tmp_path / "rows.npy", mode="w+", dtype=float, shape=(1_250_000, 20))
    rng = np.random.default_rng(0)
    for first in range(0, len(design), 50_000):
        design[first : first + 50_000] = rng.normal(size=(50_000, 20))
    design.flush()
    script = textwrap.dedent(
        """
        import resource, sys
        import numpy as np
        import lsqcore as lsq

        class Chunks:
            def __iter__(self):
                with open(sys.argv[1], "rb") as file:
                    np.lib.format.read_magic(file)
                    np.lib.format.read_array_header_1_0(file)
                    while len(numbers := np.fromfile(file, count=20 * 20_000)):
                        rows = numbers.reshape(-1, 20)
                        yield rows, rows.sum(axis=1)

        with open("/proc/self/statm") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + 80 * 2**20, now + 80 * 2**20))
        try:
            np.fromfile(sys.argv[1])
            raise SystemExit("the cap does not hold")
        except MemoryError:
            pass
        for stream in (lsq.stream_gram, lsq.stream_qr):
            np.testing.assert_allclose(stream(Chunks()).theta, 1, rtol=1e-12)
        """
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "rows.npy")], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr


def test_a_worker_that_dies_costs_time_not_the_answer(tmp_path):
    distributed = pytest.importorskip("distributed")
    design, target, _ = data(rows=4000)
    memory = lsq.solve(lsq.LeastSquares(design, target)).theta

    def slow_and_deadly(block, block_info=None):
        import os
        import time

        time.sleep(0.05)
        number = block_info[0]["chunk-location"][0]
        mark = tmp_path / f"died-{number}"
        if number == 9 and not mark.exists():
            mark.touch()
            os._exit(1)
        return block

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster),
    ):
        rows, values = blocked(design, target, height=200)
        streamed = lsq.stream_qr((rows.map_blocks(slow_and_deadly, dtype=float, meta=np.empty((0, 0))), values))
    assert (tmp_path / "died-9").exists()
    assert_close(streamed.theta, memory, atol=1e-9)


def test_on_a_cluster_no_rows_travel():
    distributed = pytest.importorskip("distributed")

    def chunk(number):
        rows = np.random.default_rng(number).normal(size=(20_000, 10))
        return rows, rows.sum(axis=1)

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        for stream in (lsq.stream_gram, lsq.stream_qr):
            assert_close(stream([dask.delayed(chunk)(number) for number in range(12)]).theta, 1, rtol=1e-12)
        received = client.run(lambda dask_worker: sum(get["total"] for get in dask_worker.transfer_incoming_log))
    assert sum(received.values()) < 1e6  # of 38 MB in two readings and one


@pytest.mark.parametrize("scale", [0.0, 1e-9])
def test_sgd_is_not_misled_by_a_first_chunk_of_small_targets(scale):
    rng = np.random.default_rng(0)
    design = rng.normal(size=(40, 3))
    target = design @ [1, 2, 3]
    target[:10] *= scale
    run = lsq.stream_sgd(chunked(design, target, height=10), learning_rate=0.05)
    assert run.status is lsq.Status.MAX_ITERATIONS
    assert run.iterations[-1] == 40
