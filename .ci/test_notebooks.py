"""Run every notebook under nbs/, each in a process of its own, and count.

Usage: python .ci/test_notebooks.py [notebook ...]     (needs nbdev; all notebooks if none is named)
       python .ci/test_notebooks.py --count            (after an nbdev_test that passed: how many it has run)

The notebooks and the skipped cells are those of nbdev_test (`tst_flags`, `#| eval: false`, names that start with `_`).
Two run at a time with one thread each. One line a notebook: result, seconds, peak memory of its largest process,
code cells that ran; under it the traceback of a cell that failed. The last line is `N passed, N failed`.
A notebook in which no cell runs is not counted. Exit status 0: at least one notebook ran, and none failed.
"""
import os, signal, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKERS, LIMIT = 2, 1800    # processes at a time; seconds a notebook may take


def run_here(path, report):
    "Run one notebook in this process, as nbdev_test does, and write `passed cells` to `report`."
    import nbdev.test as nt
    from nbdev.config import get_config
    ran = 0
    class Shell(nt.CaptureShell):
        def run(self, *args, **kwargs):
            nonlocal ran
            ran += 1
            return super().run(*args, **kwargs)
    nt.CaptureShell = Shell
    ok, _ = nt.test_nb(path, skip_flags=get_config().tst_flags.split(), basepath=ROOT)
    report.write_text(f'{int(ok)} {ran}')


def run_apart(path):
    "Run one notebook in a fresh process and print its line: True if it passed, None if it had nothing to run."
    start, code = time.monotonic(), None
    with tempfile.TemporaryDirectory() as tmp, open(Path(tmp)/'log', 'w+', errors='replace') as log:
        report = Path(tmp)/'report'                    # not written if a cell ends the process
        p = subprocess.Popen([sys.executable, __file__, '--here', path, report], cwd=ROOT/'nbs',
                             env=dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg'),
                             stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while code is None:                            # wait4 tells the memory of the process and its children too
            if time.monotonic()-start>LIMIT: os.kill(p.pid, signal.SIGKILL)    # p.kill would take its status away
            pid, status, usage = os.wait4(p.pid, os.WNOHANG)
            if pid: code = p.returncode = os.waitstatus_to_exitcode(status)
            else: time.sleep(0.1)
        ended = report.exists()
        ok, ran = map(int, report.read_text().split()) if ended else (0, 0)
        log.seek(0)
        said = log.read()
    passed = bool(ok) and code==0
    word = 'FAILED' if not passed else 'passed' if ran else 'empty'
    mb = usage.ru_maxrss/(2**20 if sys.platform=='darwin' else 2**10)
    line = f'{word:<7}{time.monotonic()-start:7.1f} s{mb:7.0f} MB{ran:4d} cells  {path.relative_to(ROOT)}'
    if not passed: line += f'\n{said.strip()}'
    if not ended: line += f'\nIts process ended with status {code} before the notebook did (limit: {LIMIT} s).'
    print(line, flush=True)
    return None if passed and not ran else passed


def notebooks():
    "The notebooks that nbdev_test runs."
    from nbdev.doclinks import nbglob
    return sorted(p.resolve() for p in nbglob(as_path=True) if not (p.parent/'.notest').exists())


def main():
    os.chdir(ROOT)
    if sys.argv[1:]==['--count']: return print(f'{len(notebooks())} passed, 0 failed')
    nbs = [Path(a).resolve() for a in sys.argv[1:]] or notebooks()
    missing = [str(p) for p in nbs if not p.is_file()]
    if missing: sys.exit('no such notebook: '+', '.join(missing))
    with ThreadPoolExecutor(WORKERS) as pool: results = list(pool.map(run_apart, nbs))
    passed, failed = results.count(True), results.count(False)
    if not passed+failed: print('No notebook had a cell to run: nothing was tested.')
    print(f'{passed} passed, {failed} failed', flush=True)
    return int(failed>0 or passed==0)


if __name__=='__main__':
    if sys.argv[1:2]==['--here']: run_here(*map(Path, sys.argv[2:4]))
    else: sys.exit(main())
