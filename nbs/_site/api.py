"""The public names in full: how each is called, and what its parameters mean. Read from the text of the modules, so that
nothing is imported. Names and purposes stand in `reference.ipynb`, comments beside the parameters."""
import ast, io, re, tokenize
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]/'lora_compose_nb'


def place(room):
    "The file of a module."
    return PACKAGE/f"{room.replace('.', '/')}.py"


@cache
def module(room):
    "Text, tree, and comments by line of one module."
    text = place(room).read_text(encoding='utf-8')
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = {t.start[0]: t.string.lstrip('# ') for t in tokens if t.type==tokenize.COMMENT}
    return text, ast.parse(text), comments


def constant(room, name):
    "The value of a name that is assigned in a module."
    for node in module(room)[1].body:
        if isinstance(node, ast.Assign) and node.targets[0].id==name:
            return ast.literal_eval(node.value)


def chapter(room):
    "The notebook that a module is made of."
    return re.search(r'File to edit: (?:\.\./)+nbs/(\S+\.ipynb)', module(room)[0])[1]


@cache
def find(room, name):
    "Where a name is defined, which may be a room before: that room and the definition; no definition if it is a value."
    for node in module(room)[1].body:
        if getattr(node, 'name', '')==name:
            return room, node
    for node in module(room)[1].body:
        if isinstance(node, ast.ImportFrom) and name in [n.name for n in node.names]:
            folder = room.split('.')[:-node.level] if node.level else []
            source = '.'.join([*folder, node.module.removeprefix('lora_compose_nb.')])
            if place(source).exists():
                return find(source, name)
    return room, None


def default_of(value):
    "The default of a field of a dataclass; False for a field that is not given in a call."
    if not (isinstance(value, ast.Call) and ast.unparse(value.func)=='field'):
        return value
    how = {k.arg: k.value for k in value.keywords}
    if 'init' in how:
        return False
    return ast.Call(how['default_factory'], [], []) if 'default_factory' in how else how.get('default')


def fields(node):
    "Arguments of a function, or fields of a dataclass: of each what has its line and annotation, its name, its default."
    if isinstance(node, ast.ClassDef):
        found = [(n, n.target.id, default_of(n.value)) for n in node.body if isinstance(n, ast.AnnAssign)]
        return [f for f in found if f[2] is not False]
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    defaults = [None]*(len(plain)-len(a.defaults))+a.defaults
    found = [(n, n.arg, d) for n, d in zip(plain, defaults) if n.arg not in ('self', 'cls')]
    if a.vararg:
        found.append((a.vararg, f'*{a.vararg.arg}', None))
    found += [(n, n.arg, d) for n, d in zip(a.kwonlyargs, a.kw_defaults)]
    if a.kwarg:
        found.append((a.kwarg, f'**{a.kwarg.arg}', None))
    return found


def parameters(room, node):
    "What is given in a call: pairs of a room and a field; of a class those of its `__init__`, or the fields that it inherits and its own."
    if not isinstance(node, ast.ClassDef):
        return [(room, f) for f in fields(node)]
    for n in node.body:
        if getattr(n, 'name', '')=='__init__':
            return [(room, f) for f in fields(n)]
    bases = [find(room, b.id) for b in node.bases if isinstance(b, ast.Name)]
    inherited = [p for r, b in bases if b for p in parameters(r, b)]
    filled = any(w in ast.unparse(d) for d in [*node.decorator_list, *node.bases] for w in ('dataclass', 'NamedTuple'))
    return inherited+[(room, f) for f in fields(node) if filled]


def cut(text, most=40):
    return text if len(text)<=most else '…'


def signature(room, node):
    "Names and defaults, as one writes them in a call."
    return ', '.join(name if default is None else f'{name}={cut(ast.unparse(default))}' for _, (_, name, default) in parameters(room, node))


def short(text):
    "A docstring on one line of a table."
    return ' '.join(text.split()).replace('|', chr(92)+'|')


def row(name, kind, what):
    return f"| `{name}` | {short(f'`{kind}`' if kind else '')} | {short(what)} |"


def table(room, node):
    "A line for each parameter, and one for what comes back."
    rows = [row(name, n.annotation and ast.unparse(n.annotation), module(r)[2].get(n.lineno, '')) for r, (n, name, _) in parameters(room, node)]
    back = getattr(node, 'returns', None)
    if back and ast.unparse(back)!='None':
        rows.append(row('→', ast.unparse(back), module(room)[2].get(back.lineno, '')))
    return ['', '| | type | meaning |', '|---|---|---|', *rows] if rows else []


def methods(room, cls):
    "Public methods of a class, those that are patched on included, as lines of a table."
    tree = module(room)[1]
    patched = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.decorator_list and n.args.args
               and n.args.args[0].annotation and ast.unparse(n.args.args[0].annotation)==cls.name]
    public = [n for n in [*cls.body, *patched] if isinstance(n, ast.FunctionDef) and not n.name.startswith('_') and ast.get_docstring(n)]
    rows = [f'| `{n.name}({signature(room, n)})` | {short(ast.get_docstring(n))} |' for n in public]
    return ['', '| method | what it does |', '|---|---|', *rows] if rows else []


def entry(room, name):
    "One public name as a Sphinx directive."
    home, node = find(room, name)
    kind, call, lines = 'data', name, [constant('front', 'WORDS').get(name, '')]
    if node:
        is_class = isinstance(node, ast.ClassDef)
        kind = 'class' if is_class else 'function'
        call = f'{name}({signature(home, node)})'
        lines = [ast.get_docstring(node) or '', *table(home, node), *(methods(home, node) if is_class else [])]
    return '\n'.join([f'```{{py:{kind}}} lora_compose_nb.{call}', '', *lines, '', f'Chapter: [{home}]({chapter(home)})', '```'])


def sections():
    "Markdown texts: a heading, then one for each purpose."
    public = constant('front', 'PUBLIC')
    yield '## In full\n\nHow each name is called, and what its parameters mean.'
    for purpose, rooms in public.items():
        entries = [entry(room, name) for room, names in rooms.items() for name in names.split()]
        yield '\n\n'.join([f'### {purpose}', *entries])
