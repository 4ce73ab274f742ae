"""Run a sample of recorded rows again, and say how many come out as they were, to the last digit.

Usage: python .ci/again.py [rows of each record] [seed]     (12 and 0 if not given; not a part of .ci/run)

Rows of the built-in letters need nothing; those of sentences need the data sets (see data/README.md), and leave out
methods that compose, whose adapters would have to be trained first. Compared are what names a run, its accuracy, its
steps and the loss of every step. Digits may differ on another version of torch or another processor: the record says
on which it was made. Exit status 0: every run has the name that it had, and all accuracies are the same.
"""
import json, os, sys, tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

os.environ['OMP_NUM_THREADS'] = '1'
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
import pandas as pd
import torch

import lora_compose_nb as lc
from lora_compose_nb.defaults import METHODS
from lora_compose_nb.own_models import datasets_dir
from lora_compose_nb.train import Recipe

NAMES = ['kind', 'dataset', 'downstream', 'n_way', 'n_test', 'data', 'backbone', 'base', 'method', 'lr', 'coef_kind',
         'n_shots', 'seed', 'n_upstream', 'pool']


def again(shift, backbone, adapters, row):
    "One recorded run, made once more in an empty folder."
    method = METHODS[row.method]
    if row.lr: method = replace(method, lr=row.lr)
    recipe, shots = Recipe(**json.loads(row.recipe)), row.n_shots or None
    with tempfile.TemporaryDirectory() as folder:
        return lc.run_grid(shift, backbone, adapters, folder, [method], [shots], [row.seed], [row.n_upstream or None],
                           recipe, progress=False).iloc[0]


def compare(row, new):
    "What is the same, and by how much the losses differ."
    names = [n for n in NAMES if row[n]!=new[n]]
    old, now = (torch.tensor(json.loads(r.losses)) for r in (row, new))
    same_length = len(old)==len(now)
    far = float((old-now).abs().max()) if same_length else float('inf')
    return dict(method=row.method, downstream=row.downstream, n_shots=row.n_shots, seed=row.seed, names=','.join(names),
                accuracy=row.accuracy, again=new.accuracy, losses_differ_by=far)


def letters(n, seed):
    rows = pd.read_parquet(ROOT/'data/results/glyphs_label.parquet')
    if 'modules_look' in rows: rows = rows[rows.modules_look.isin(['', *rows.look.unique()])]
    backbone = lc.load_backbone('glyphs')
    shift, adapters = cache(lc.glyph_shift), cache(lambda look: lc.glyph_adapters(look, progress=False))
    for i in rows.sample(n, random_state=seed).index:
        row = rows.loc[i]
        yield compare(row, again(shift(row.look), backbone, adapters(row.modules_look or row.look), row))


def sentences(n, seed):
    from lora_compose_nb.studies.language import LANGUAGE
    rows = pd.read_parquet(ROOT/'data/results/language.parquet')
    rows = rows[rows.method.isin(['probe', 'lora', 'full']) & (rows.n_shots<=5)]
    shifts, backbone = {s.downstream.name: s for _, s in LANGUAGE.shifts()}, LANGUAGE.backbone()
    for i in rows.sample(n, random_state=seed).index:
        row = rows.loc[i]
        yield compare(row, again(shifts[row.downstream], backbone, [], row))


def main(n=12, seed=0):
    parts = [letters]
    try:
        datasets_dir()
        parts.append(sentences)
    except Exception as e: print(f'without sentences: {e}')
    table = pd.DataFrame([dict(c, record=part.__name__) for part in parts for c in part(int(n), int(seed))])
    print(table.to_string())
    same = (table.accuracy-table.again).abs()<1e-9
    print(f'{len(table)} runs again: {(table.names=="").sum()} have their name, {same.sum()} their accuracy, '
          f'{(table.losses_differ_by==0).sum()} every digit of their losses '
          f'(largest difference {table.losses_differ_by.max():.1e})')
    return int(not same.all() or (table.names!='').any())


if __name__=='__main__': sys.exit(main(*sys.argv[1:3]))
