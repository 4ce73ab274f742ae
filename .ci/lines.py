"""Say how many lines of code are long, and fail if more are than LIMITS allows.

Usage: python .ci/lines.py [notebook ...]     (standard library only; all notebooks under nbs/ if none is named)

Lines that hold something count, in exported cells and in all other code cells (tests, figures, experiments);
directives (`#|`) do not. With notebooks named, long lines are printed with cell id and length, and nothing fails.
At most 3 % may be over 120 characters, and none over 160.
"""
import json, re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMITS = {120: 3, 160: 0}    # percent of lines that may be longer


def code_lines(path):
    "The code lines of one notebook: kind of cell, cell id, line."
    for cell in json.loads(path.read_text(encoding='utf-8'))['cells']:
        if cell['cell_type']!='code':
            continue
        source = ''.join(cell['source'])
        kind = 'exported' if re.search(r'^#\|\s*exports?\b', source, re.M) else 'test'
        for line in source.splitlines():
            if line.strip() and not line.startswith('#|'):
                yield kind, cell['id'], line


def share(lengths, width):
    "Percent of lines that are longer than `width`."
    return 100*sum(n>width for n in lengths)/max(1, len(lengths))


def show_long(paths):
    "Print the long lines of some notebooks."
    for path in paths:
        for kind, cell, line in code_lines(path):
            if len(line)>min(LIMITS):
                print(f'{path.name} {kind} {cell}: {len(line)} characters: {line.strip()[:80]}')


def main():
    if sys.argv[1:]:
        return show_long(map(Path, sys.argv[1:]))
    lengths, failed = {'exported': [], 'test': []}, False
    for path in sorted((ROOT/'nbs').rglob('*.ipynb')):
        if '.ipynb_checkpoints' not in path.parts:
            for kind, _, line in code_lines(path):
                lengths[kind].append(len(line))
    for kind in lengths:
        for width, limit in LIMITS.items():
            now = share(lengths[kind], width)
            failed |= now>limit
            verdict = 'FAILED' if now>limit else 'ok'
            print(f'{verdict}: {now:.2f} % of {len(lengths[kind])} lines in {kind} cells are over {width} characters '
                  f'(limit {limit} %)')
    return int(failed)


if __name__=='__main__':
    sys.exit(main())
