"""Build the site into _docs/, without a network, and check it.

Usage: python .ci/site.py     (needs the extra `site`; nothing is run, a warning is an error). Open _docs/index.html.
"""
import shutil, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def build(out):
    "Notebooks to HTML; anything that Sphinx warns of is an error."
    with tempfile.TemporaryDirectory() as tmp:
        call = ['-m', 'sphinx', '-q', '-W', '--keep-going', '-b', 'html', '-c', 'nbs/_site', '-d', f'{tmp}/read', 'nbs', f'{tmp}/html']
        done = subprocess.run([sys.executable, *call], cwd=ROOT)
        if done.returncode==0:
            shutil.rmtree(out, ignore_errors=True)
            shutil.move(f'{tmp}/html', out)
    return done.returncode


if __name__=='__main__':
    sys.exit(build(ROOT/'_docs'))
