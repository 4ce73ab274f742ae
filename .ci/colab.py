"""Every page can be run where the package is not installed yet, such as on Colab: its first code cell installs it there.

Usage: python .ci/colab.py [--check]     (standard library only). Without `--check` the cell is put where it is missing.
One line a page without it; exit status 1 if there is any.
"""
import json, sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def cell():
    "The cell, hidden on the site; silent where the package is."
    ini = ConfigParser(delimiters=['='])
    ini.read(ROOT / 'settings.ini', encoding='utf-8')
    source = f"""#| hide
import importlib.util

if not importlib.util.find_spec('lora_compose_nb'):  # on Colab
    get_ipython().run_line_magic('pip', 'install -q git+{ini['DEFAULT']['git_url']}')"""
    lines = source.splitlines(True)
    return dict(cell_type='code', execution_count=None, id='c01ab000', metadata={}, outputs=[], source=lines)


def first_code(page):
    "Place of the first code cell; None if there is none."
    return next((i for i, c in enumerate(page['cells']) if c['cell_type'] == 'code'), None)


def needs(page):
    "Does the page use the package, and lack the cell?"
    uses = any('lora_compose_nb' in ''.join(c['source']) for c in page['cells'] if c['cell_type'] == 'code')
    return uses and page['cells'][first_code(page)]['source'] != cell()['source']


def main(check):
    lack = []
    for path in sorted((ROOT / 'nbs').rglob('*.ipynb')):
        page = json.loads(path.read_text(encoding='utf-8'))
        if '.ipynb_checkpoints' in path.parts or not needs(page):
            continue
        lack.append(path.relative_to(ROOT))
        if not check:
            page['cells'] = [c for c in page['cells'] if c.get('id') != 'c01ab000']
            page['cells'].insert(first_code(page), cell())
            path.write_text(json.dumps(page, indent=1, ensure_ascii=False, sort_keys=True) + '\n', encoding='utf-8')
    for p in lack:
        print(f"{p}: the first code cell does not install the package; run python .ci/colab.py" if check else p)
    print('every page installs the package where it is missing' if not lack else f'{len(lack)} pages')
    return bool(lack) and check


sys.exit(main('--check' in sys.argv))
