"""Format the code cells of notebooks with black, or say which are not formatted.

Usage: python .ci/format.py [--check] [notebook ...]     (needs black; all under nbs/ if none is named, drafts aside)

One statement a line, 119 columns. The directives of nbdev (`#| export`) stay as they are at the top of a cell, and so
does a semicolon at its end, which keeps a result from being shown. A parameter with a comment needs a line of its own:
put a comma after the last one, and black keeps it so. `--check` changes nothing; exit status 1 if a cell would change.
"""
import json, re, sys
from pathlib import Path

import black

ROOT = Path(__file__).resolve().parents[1]
MODE = black.Mode(line_length=119, string_normalization=False, preview=True,
                  enabled_features={black.Preview.string_processing, black.Preview.wrap_comprehension_in},
                  target_versions={black.TargetVersion.PY310})
HEAD = re.compile(r'(?:\s*#\s*\|.*\n|\s*\n)*')    # directives and empty lines at the top of a cell


def formatted(source):
    "The source of one code cell as black writes it."
    head = HEAD.match(source+'\n')[0].strip()
    code = source[len(HEAD.match(source+'\n')[0]):]
    if not code.strip() or re.search(r'^[%!]', code, re.M):
        return source
    quiet = ';' if code.rstrip().endswith(';') else ''
    code = black.format_str(code, mode=MODE).rstrip('\n')+quiet
    return f'{head}\n{code}' if head else code


def format_notebook(path, check):
    "Ids of the cells that are not formatted; they are changed unless `check`."
    notebook = json.loads(path.read_text(encoding='utf-8'))
    changed = []
    for cell in notebook['cells']:
        if cell['cell_type']!='code':
            continue
        source = ''.join(cell['source'])
        new = formatted(source)
        if new!=source:
            cell['source'] = new.splitlines(keepends=True)
            changed.append(cell['id'])
    if changed and not check:
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)+'\n'
        path.write_text(text, encoding='utf-8')
    return changed


def main():
    check = '--check' in sys.argv
    named = [Path(a) for a in sys.argv[1:] if a!='--check']
    paths = named or [p for p in sorted((ROOT/'nbs').rglob('[!_]*.ipynb')) if '.ipynb_checkpoints' not in p.parts]
    cells = {p: format_notebook(p, check) for p in paths}
    odd = {p: ids for p, ids in cells.items() if ids}
    for path, ids in odd.items():
        print(f'{path.name}: {", ".join(ids)}')
    n, said = sum(map(len, odd.values())), 'are not formatted: run python .ci/format.py' if check else 'were changed'
    print(f'{n} code cells of {len(paths)} notebooks {said}' if n else f'{len(paths)} notebooks are formatted')
    return int(check and bool(odd))


if __name__=='__main__':
    sys.exit(main())
