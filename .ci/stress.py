"""Kill workers and drivers at random for some minutes, then compare every row with that of a quiet run.

Usage: python .ci/stress.py [seconds] [seed] [jobs|grid]     (600, 0 and jobs if not given; not a part of .ci/run)

A Dask scheduler, two workers and a driver run as processes of this machine. With `jobs`, the driver makes cheap jobs
with `run_jobs` and writes rows to a `Store`; the numbers in a row depend on every step of its job and on a shared
array. With `grid`, it calls `run_grid` on the built-in letters, five methods; of a row, all is compared but the time.
Every few seconds a worker or the driver gets signal 9, and is started again. When a grid is finished, the rows are counted and compared, to the last digit, with those that one undisturbed process has made; then
the next grid starts in a new folder. Lines: one a grid, then a sum. Exit status 0: at least one grid, no row lost, no
surplus row, none that differs.
"""
import json, os, random, signal, subprocess, sys, tempfile, time
from pathlib import Path

os.environ['OMP_NUM_THREADS'] = '1'
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np

from lora_compose_nb.executors import Failure, Store, run_jobs

N_WORKERS = 2
SEEDS, RATES = range(40), (.1, .01, .001)              # the grid: 120 jobs of 0.05 to 0.4 seconds
PAUSES = dict(jobs=(1., 5.), grid=(10., 40.))           # seconds between two kills
METHODS = 'probe', 'lora', 'uniform', 'learned', 'vote'


def work(shared, job):
    "A row whose numbers depend on every step."
    seed, rate = job
    x, whole = shared[seed].copy(), seed
    for _ in range(300+60*seed):
        x = np.tanh(x+rate*(shared @ x))
        whole = (1103515245*whole+12345) % 2**31
    return dict(seed=seed, rate=rate, mean=float(x.mean()), first=[float(v) for v in x[:5]], whole=whole)


def grid():
    "All jobs by name, and what they share (about a megabyte)."
    jobs = {f'seed-{seed:02}-rate-{rate}': (seed, rate) for seed in SEEDS for rate in RATES}
    return jobs, np.random.default_rng(0).normal(size=(350, 350))


def drive(folder, kind, executor=None):
    "Make the rows that are missing. Exit status 0: all are there; 3: some jobs have failed, with a line for each."
    return dict(jobs=drive_jobs, grid=drive_grid)[kind](folder, executor)


def drive_jobs(folder, executor):
    (jobs, shared), store, failed = grid(), Store(folder), 0
    there = store.done()
    todo = [(name, job) for name, job in jobs.items() if name not in there]
    for name, row in run_jobs(todo, work, executor, shared=shared):
        if isinstance(row, Failure):
            print(f'{name}: {row.why}', flush=True)
            failed += 1
        else: store.write(name, row)
    return 3 if failed else 0


def drive_grid(folder, executor):
    import lora_compose_nb as lc
    from lora_compose_nb.runs import FailedRuns
    shift = lc.glyph_shift(n_train=10, n_test=10)
    how = dict(methods=METHODS, shots=(1, 5), seeds=3, n_upstream=(None, 4), progress=False, executor=executor)
    try: lc.run_grid(shift, lc.load_backbone('glyphs'), lc.glyph_adapters(progress=False), folder, **how)
    except FailedRuns as e:
        print(e, flush=True)
        return 3
    return 0


def content(file):
    "A row without how long it took."
    row = json.loads(file.read_text())
    return {k: v for k, v in row.items() if 'seconds' not in k}


class Cluster:
    "A scheduler and workers, as processes."
    def __init__(self, folder):
        self.folder, self.log, file = folder, open(folder/'cluster.log', 'w'), folder/'scheduler.json'
        self.scheduler = self.start('scheduler', '--host', '127.0.0.1', '--port', '0', '--scheduler-file', str(file))
        while not file.exists() or not file.read_text(): time.sleep(.1)
        self.address = json.loads(file.read_text())['address']
        self.workers = [self.worker() for _ in range(N_WORKERS)]

    def start(self, what, *args):
        return subprocess.Popen([sys.executable, '-m', f'distributed.cli.dask_{what}', *args, '--no-dashboard'],
                                stdout=self.log, stderr=self.log, env=environment(), cwd=self.folder)

    def worker(self): return self.start('worker', self.address, '--nthreads', '1', '--no-nanny')

    def kill_one(self):
        i = random.randrange(N_WORKERS)
        kill(self.workers[i])
        self.workers[i] = self.worker()

    def close(self):
        for process in (*self.workers, self.scheduler): kill(process)


def environment():
    "Everybody imports the package that lies beside this script."
    return dict(os.environ, PYTHONPATH=str(Path(__file__).resolve().parents[1]))


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def disturbed(folder, kind, cluster, end, counts):
    "Make one grid while things die, or give up at `end`; True if it came to its end."
    log, driver, dies = open(folder/'driver.log', 'a'), None, 0
    while True:
        now = time.monotonic()
        if driver is None:
            driver = subprocess.Popen([sys.executable, Path(__file__).resolve(), '--drive', folder/'rows', kind, cluster.address],
                                      stdout=log, stderr=log, env=environment())
            dies = now+random.uniform(*PAUSES[kind])
        if driver.poll()==0: return True
        if driver.poll() is not None:                  # some jobs failed, or nobody was there to work: once more
            counts['driver stopped by itself'] += 1
            driver = None
            time.sleep(.5)
        elif now>end:
            kill(driver)
            return False
        elif now>dies:
            dies = now+random.uniform(*PAUSES[kind])
            if random.random()<.25:
                kill(driver)
                driver = None
                counts['drivers killed'] += 1
            else:
                cluster.kill_one()
                counts['workers killed'] += 1
        time.sleep(.01)


def compare(rows, quiet, whole, counts):
    "Count what is wrong in a folder of rows. An unfinished grid may lack rows, and nothing else."
    there = rows.done()
    counts['rows'] += len(there)
    counts['lost'] += len(quiet.keys()-there) if whole else 0
    counts['surplus'] += len(there-quiet.keys())
    for name in sorted(there & quiet.keys()):
        now, then = content(rows.file(name)), quiet[name]
        if now!=then:
            counts['differ'] += 1
            print(f'  {name} differs in', ', '.join(k for k in then if now.get(k)!=then[k]), flush=True)
    rows.read()                                        # raises for a damaged file


def main(seconds=600, seed=0, kind='jobs'):
    seconds = int(seconds)
    random.seed(int(seed))
    counts = dict.fromkeys(('grids', 'rows', 'lost', 'surplus', 'differ', 'workers killed', 'drivers killed',
                            'driver stopped by itself'), 0)
    with tempfile.TemporaryDirectory() as tmp:
        tmp, start = Path(tmp), time.monotonic()
        assert drive(tmp/'quiet', kind)==0
        store = Store(tmp/'quiet')
        quiet = {name: content(store.file(name)) for name in store.done()}
        print(f'quiet run: {len(quiet)} rows in {time.monotonic()-start:.0f} s', flush=True)
        cluster, end = Cluster(tmp), time.monotonic()+seconds
        try:
            while time.monotonic()<end:
                folder, start, before = tmp/f'grid-{counts["grids"]}', time.monotonic(), dict(counts)
                folder.mkdir()
                whole = disturbed(folder, kind, cluster, end, counts)
                compare(Store(folder/'rows'), quiet, whole, counts)
                counts['grids'] += whole
                new = {k: v-before[k] for k, v in counts.items() if k!='grids'}
                print(f'{"grid" if whole else "part"}: {time.monotonic()-start:.0f} s, {new}', flush=True)
                said = (folder/'driver.log').read_text().strip()
                if said: print('  the driver said:', *said.splitlines()[-6:], sep='\n    ', flush=True)
        finally: cluster.close()
    print(f'sum: {counts}')
    return int(counts['grids']==0 or any(counts[k] for k in ('lost', 'surplus', 'differ')))


if __name__=='__main__':
    if sys.argv[1:2]==['--drive']: sys.exit(drive(*sys.argv[2:5]))
    sys.exit(main(*sys.argv[1:4]))
