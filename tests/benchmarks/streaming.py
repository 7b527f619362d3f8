"""A 4 GB file under a 512 MB memory cap: wall time and peak memory of each way, and Dask beside it.

Every way runs in a process of its own whose private memory the kernel limits to 512 MB (RLIMIT_DATA, inherited by
Dask's workers). `dask.array.linalg.lstsq` runs without the cap, on a part, or it would not come to an end.

That cap is none on the cache that the system keeps of files: the file was just written, and is read from memory. So
each way that needs no cluster runs again, cold: what it has read is dropped from that cache at once, as on a computer
with less memory than the file.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import numpy as np

import lsqcore as lsq
from tests.benchmarks.timing import memory

COLUMNS, CAP = 50, 512 * 2**20
HEIGHT, DASK_HEIGHT = 2**15, 2**17  # rows: 13 MB, and 53 MB where 128 MiB is Dask's own default
ROW = 8 * (COLUMNS + 1)
GIGABYTE = 10**9


class Chunks:
    """The rows of the file, target in the last column, read anew each time; cold, from the disk each time."""

    def __init__(self, path, cold):
        self.path, self.cold = path, cold

    def __iter__(self):
        with open(self.path, "rb") as file:
            self.forget(file)
            while len(numbers := np.fromfile(file, count=HEIGHT * (COLUMNS + 1))):
                self.forget(file)
                rows = numbers.reshape(-1, COLUMNS + 1)
                yield rows[:, :-1], rows[:, -1]

    def forget(self, file):
        if self.cold:
            os.posix_fadvise(file.fileno(), 0, file.tell(), os.POSIX_FADV_DONTNEED)  # up to here; at 0, all


def read_block(path, first, height):
    """`height` rows of the file from row `first` on."""
    return np.fromfile(path, count=height * (COLUMNS + 1), offset=first * ROW).reshape(-1, COLUMNS + 1)


def read_chunk(path, first, height):
    """The same as design and target."""
    numbers = read_block(path, first, height)
    return numbers[:, :-1], numbers[:, -1]


def blocks(path, rows, read):
    """Delayed readings of the whole file, block by block, and how high each is."""
    import dask

    heights = [min(DASK_HEIGHT, rows - first) for first in range(0, rows, DASK_HEIGHT)]
    firsts = range(0, rows, DASK_HEIGHT)
    return [dask.delayed(read, pure=True)(path, *block) for block in zip(firsts, heights, strict=True)], heights


def on_cluster(solve, path, rows):
    """θ from a local cluster of two workers of one thread each; seconds of wall time and of the workers' CPU time, and
    the bytes that they sent to each other.
    """
    import dask
    import distributed

    dask.config.set({"distributed.worker.memory.target": False, "distributed.worker.memory.spill": False})
    memory = 0 if resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.RLIM_INFINITY else CAP  # 0: no limit
    with (
        distributed.LocalCluster(2, threads_per_worker=1, memory_limit=memory, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.run(import_module, "lsqcore")
        work, begin = sum(client.run(time.process_time).values()), time.perf_counter()
        theta = solve(path, rows)
        elapsed = time.perf_counter() - begin
        sent = client.run(lambda dask_worker: sum(get["total"] for get in dask_worker.transfer_incoming_log))
        return theta, elapsed, sum(client.run(time.process_time).values()) - work, sum(sent.values())


def dask_lstsq(path, rows):
    """What Dask itself offers."""
    import dask.array
    import dask.array.linalg

    parts = zip(*blocks(path, rows, read_block), strict=True)
    whole = dask.array.concatenate(
        [dask.array.from_delayed(part, (height, COLUMNS + 1), float) for part, height in parts]
    )
    return dask.array.linalg.lstsq(whole[:, :-1], whole[:, -1])[0].compute()


def timed(solve, chunks):
    """θ, seconds of wall and of CPU time in this process, and the bytes that were sent: none."""
    work, begin = time.process_time(), time.perf_counter()
    theta = solve(chunks)
    return theta, time.perf_counter() - begin, time.process_time() - work, 0


def read_alone(chunks):
    """A sum of everything: the cost of the disk and of memory."""
    return np.array([sum(rows.sum() + target.sum() for rows, target in chunks)])


def sums_by_hand(chunks):
    """ΦᵀΦ and Φᵀy added up, and solved as they are."""
    gram, moment = 0, 0
    for rows, target in chunks:
        gram, moment = gram + rows.T @ rows, moment + rows.T @ target
    return np.linalg.solve(gram, moment)


def by_scikit(chunks):
    """The steps of `stream_sgd` below, row by row, in scikit-learn's compiled loop."""
    from sklearn.linear_model import SGDRegressor

    model = SGDRegressor(
        penalty=None,
        fit_intercept=False,
        learning_rate="invscaling",
        eta0=0.01,
        power_t=0.5,
        average=True,
        shuffle=False,
    )
    for rows, target in chunks:
        model.partial_fit(rows, target)
    return model.coef_


ALONE = {
    "reading alone": read_alone,
    "sums by hand (one pass)": sums_by_hand,
    "lsqcore stream_gram (two passes)": lambda chunks: lsq.stream_gram(chunks).theta,
    "lsqcore stream_qr (TSQR)": lambda chunks: lsq.stream_qr(chunks).theta,
    "lsqcore stream_sgd, averaged": lambda chunks: lsq.stream_sgd(
        chunks, learning_rate=lsq.inverse_root(0.01), average=True
    ).thetas[-1],
    "scikit-learn SGDRegressor.partial_fit, averaged": by_scikit,
}
CLUSTER = {
    "lsqcore stream_gram, Dask, two workers": lambda *file: lsq.stream_gram(blocks(*file, read_chunk)[0]).theta,
    "lsqcore stream_qr, Dask, two workers": lambda *file: lsq.stream_qr(blocks(*file, read_chunk)[0]).theta,
    "dask.array.linalg.lstsq, two workers": dask_lstsq,
}


def run(way, path, rows, cap, cold):
    """The way in a process of its own: θ, seconds of wall and CPU time, bytes sent, peak memory of it and a worker."""
    limit = (lambda: resource.setrlimit(resource.RLIMIT_DATA, (cap, cap))) if cap else None
    command = [sys.executable, "-m", "tests.benchmarks.streaming", way, path, str(rows), "cold" * cold]
    environment = {**os.environ, "MALLOC_ARENA_MAX": "2"}
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def write_file(path, rows):
    """Rows of independent normal numbers, θ = 1, …, 1, noise of 1: the true θ is known, the exact one nearly so."""
    rng = np.random.default_rng(0)
    with open(path, "wb") as file:
        for first in range(0, rows, HEIGHT):
            block = rng.normal(size=(min(HEIGHT, rows - first), COLUMNS + 1))
            block[:, -1] += block[:, :-1].sum(axis=1)
            block.tofile(file)
        os.fsync(file.fileno())  # what is not yet on the disk cannot be dropped from the cache


def measure(gigabytes=4.0):
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path, rows = str(Path(folder) / "rows.bin"), int(gigabytes * GIGABYTE / ROW)
        write_file(path, rows)
        part = min(rows, int(GIGABYTE / ROW))
        jobs = [(way, rows, CAP, False) for way in (*ALONE, *CLUSTER) if "lstsq" not in way]
        jobs.append(("dask.array.linalg.lstsq, two workers", part, None, False))
        jobs += [(way, rows, CAP, True) for way in ALONE]
        answers = {}
        for way, used, cap, cold in jobs:
            theta, seconds, work, sent, own, worker = run(way, path, used, cap, cold)
            answers[way] = np.array(theta)
            case = f"{used * ROW / GIGABYTE:.1f} GB, " + (f"cap {CAP // 2**20} MB a process" if cap else "no cap")
            if cold:
                case += ", cold"
            found.append((case, way, "Seconds of wall time for a GB", seconds / (used * ROW / GIGABYTE)))
            found.append((case, way, "Seconds of CPU time for a GB", work / (used * ROW / GIGABYTE)))
            found.append((case, way, "Peak memory of the process in MB", own / 2**20))
            if worker:
                found.append((case, way, "Peak memory of its largest worker in MB", worker / 2**20))
                found.append((case, way, "MB that the workers sent to each other", sent / 1e6))
        everything = read_block(path, 0, rows)
        exact = lsq.solve(lsq.LeastSquares(everything[:, :-1], everything[:, -1])).theta
        for way, theta in answers.items():
            if "lstsq" not in way and way != "reading alone":
                difference = float(np.abs(theta - exact).max())
                found.append(("", way, "Largest difference of θ from the solver in memory", difference))
    return found


if __name__ == "__main__":
    name, file, number, cold = sys.argv[1], sys.argv[2], int(sys.argv[3]), bool(sys.argv[4])
    if name in ALONE:
        if "scikit" in name:
            import_module("sklearn.linear_model")  # before the clock starts; the other ways do not carry its memory
        answer, *clocks = timed(ALONE[name], Chunks(file, cold))
    else:
        answer, *clocks = on_cluster(CLUSTER[name], file, number)
    # Not its own ru_maxrss: that begins with what the parent held when it forked.
    largest_worker = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if name in CLUSTER else 0
    print(json.dumps([answer.tolist(), *clocks, memory("VmHWM"), largest_worker]))
