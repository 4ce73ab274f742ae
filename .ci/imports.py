"""Check that imports go one way: a module takes only from modules of chapters with a lower number.

Usage: python .ci/imports.py     (standard library only). One line for each import that goes up; exit status 1 if there is any.

Imports inside functions count, too. The number is that of the notebook which a module names in its first lines.
"""
import ast, re, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = 'lora_compose_nb'


def modules():
    "Name of each generated module, without the package: its file and the number of its notebook."
    found = {}
    for path in sorted((ROOT/PACKAGE).rglob('*.py')):
        notebook = re.search(r'File to edit: (?:\S*/)?(\S+)\.ipynb', path.read_text(encoding='utf-8'))
        if notebook:
            name = '.'.join(path.relative_to(ROOT/PACKAGE).with_suffix('').parts)
            found[name] = path, notebook[1].partition('_')[0]
    return found


def taken(name, path, known):
    "The modules that one module imports."
    parts = [PACKAGE, *name.split('.')]
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = '.'.join(parts[:-node.level]) if node.level else ''
            base = '.'.join(filter(None, [start, node.module]))
            wanted = [base, *(f'{base}.{alias.name}' for alias in node.names)]
        else:
            continue
        yield from {w.removeprefix(PACKAGE+'.') for w in wanted} & set(known)-{name}


def main():
    rooms, found, n = modules(), [], 0
    for name, (path, number) in rooms.items():
        for other in sorted(set(taken(name, path, rooms))):
            n += 1
            if rooms[other][1]>=number:
                found.append(f'{name} ({number}) takes from {other} ({rooms[other][1]}), which comes later')
    print('\n'.join(found) or f'{n} imports between {len(rooms)} modules, all from later chapters to earlier ones')
    return int(bool(found))


if __name__=='__main__':
    sys.exit(main())
