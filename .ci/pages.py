"""Check what readers see: no page under nbs/ keeps a warning, a traceback, a progress bar or the path of somebody's home.

Usage: python .ci/pages.py     (standard library only). One line a finding; exit status 1 if there is any.
"""
import json, re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNWANTED = dict(zip(('a home path', 'a progress bar'), map(re.compile, (r'/(?:home|root|Users)/\w', r'\d%\|[█▏▎▍▌▋▊▉ ]*\|'))))


def findings(path):
    "What should not be in the outputs of one notebook: pairs of cell id and words."
    for cell in json.loads(path.read_text(encoding='utf-8'))['cells']:
        for out in cell.get('outputs', []):
            if out['output_type']=='error': yield cell['id'], 'a traceback'
            if out.get('name')=='stderr': yield cell['id'], 'something on the error stream: '+''.join(out['text']).strip()[:80]
            text = ''.join(''.join(t) for k, t in [('text', out.get('text', '')), *out.get('data', {}).items()] if not k.startswith('image/'))
            yield from ((cell['id'], f'{what}: {found[0]}') for what, words in UNWANTED.items() if (found := words.search(text)))


found = [f'{p.relative_to(ROOT)} cell {i}: {what}' for p in sorted((ROOT/'nbs').rglob('*.ipynb')) if '.ipynb_checkpoints' not in p.parts for i, what in dict.fromkeys(findings(p))]
print('\n'.join(found) or 'the pages are clean')
sys.exit(bool(found))
