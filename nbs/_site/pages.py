"""What a reader sees of a notebook.

Directives go, and what they hide; figures get a text for those who do not see them; links that leave the folder of the
notebooks lead to the repository; a word that is linked to the glossary leads to its row; the front page gets the list
of all pages. Order and groups come from `pages.ipynb`, what comes before and after a page from `paths.ipynb`.
"""
import json, re
from configparser import ConfigParser
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import quote

import api

NBS = Path(__file__).resolve().parents[1]
LINK = re.compile(r'\]\(([^)\s]+)\)')
FIRST_GROUP = 'Overview'


def anchor(heading):
    "The anchor of a heading, as JupyterLab makes it."
    return heading.strip().replace(' ', '-')


def source(cell):
    return ''.join(cell['source'])


@cache
def cells_of(name):
    return json.loads((NBS/f'{name}.ipynb').read_text(encoding='utf-8'))['cells']


def linked(text):
    "Names of the notebooks that a text of the first folder links to, in order."
    targets = (t.split('#')[0] for t in LINK.findall(text))
    return [t.removesuffix('.ipynb') for t in targets if t.endswith('.ipynb') and '://' not in t]


# ---- order


@cache
def groups():
    "Folder -> names of its pages: first those that `pages.ipynb` lists, in its order, then the others by name."
    there = [p.relative_to(NBS).with_suffix('').as_posix() for p in sorted(NBS.rglob('*.ipynb'))]
    there = [n for n in there if not re.search(r'(^|/)[_.]', n)]
    lines = [line for cell in cells_of('pages') for line in source(cell).splitlines()]
    lines.sort(key=lambda line: not line.startswith(('|', '-')))   # tables and lists before sentences
    listed = [n for line in lines for n in linked(line)]
    found = {'': ['pages']}
    for name in dict.fromkeys([*listed, *there]):
        if name not in ('index', 'pages'):
            found.setdefault(dirname(name), []).append(name)
    return found


def toctrees():
    "The list of all pages for the front page; the theme shows it at the side."
    parts = []
    for folder, names in groups().items():
        caption = folder.capitalize() or FIRST_GROUP
        parts.append('\n'.join(['```{toctree}', ':hidden:', f':caption: {caption}', '', *names, '```']))
    return '\n\n'.join(parts)


@cache
def paths():
    "Name of a path -> its pages, as the tables of `paths.ipynb` have them."
    found, heading = {}, None
    for cell in cells_of('paths'):
        for title in re.findall(r'^## (.+)', source(cell), re.M):
            heading = title
        names = [n for out in cell.get('outputs', []) for n in linked(''.join(out.get('data', {}).get('text/markdown', '')))]
        if names:
            found[heading] = names
    return found


def on_path(name):
    "Path, place on it from 1, and its pages; nothing for a page that is on none."
    for path, names in paths().items():
        if name in names:
            return path, names.index(name)+1, names


# ---- words of the glossary


@cache
def glossary_rows():
    "Word in bold, in small letters -> the anchor of its row in the glossary."
    table = next(source(c) for c in cells_of('glossary') if source(c).startswith('| word |'))
    found = {}
    for line in table.splitlines():
        words = re.findall(r'\*\*(.+?)\*\*', line.split('|')[1])
        found |= {word.lower(): 'word-'+words[0].lower().replace(' ', '-') for word in words}
    return found


def row_of(text):
    "The anchor of a word as a page writes it: with a capital, in bold, or as a plural."
    word = re.sub('<[^>]+>', '', text).strip().lower()
    rows = glossary_rows()
    return rows.get(word) or rows.get(word.removesuffix('s'))


def with_rows(table):
    "The table of the glossary, each row a place to link to."
    def one(m):
        return f'| <span id="{row_of(m[1])}"></span>**{m[1]}**'
    return re.sub(r'^\| \*\*(.+?)\*\*', one, table, flags=re.M)


def to_row(link):
    "A link to the glossary, a match of its start and its text, leads to the row of its word."
    place = row_of(link[2])
    return f'{link[1]}#{place}">{link[2]}</a>' if place else link[0]


# ---- one page


def directives(text):
    return {m[1]: m[2].strip() for m in re.finditer(r'^#\|[ \t]*([\w-]+)[ \t]*:?(.*)$', text, re.M)}


def sentences(text, most=300):
    "The beginning of a paragraph without marks, whole sentences while they fit."
    text = re.sub(r'\[([^]]+)\]\([^)\s]+\)', r'\1', ' '.join(text.split()))
    text = re.sub(r'[*`$\\]', '', text)
    kept = ''
    for s in re.split(r'(?<=[.?!:]) ', text):
        if kept and len(kept)+len(s)>most:
            break
        kept = f'{kept} {s}'.strip()
    return kept if len(kept)<=most else kept[:most].rsplit(' ', 1)[0]+' …'


def paragraphs(cell):
    "The paragraphs of a Markdown cell: no heading, list, table or code."
    if cell is None or cell['cell_type']!='markdown':
        return []
    blocks = [p.strip() for p in re.split(r'\n\s*\n', source(cell))]
    return [p for p in blocks if p and not re.match(r'#|[-*] |\||```|>|\$\$|<|\d+\. ', p)]


def describe(cells, i):
    "A text for the figure of a cell: what is written below it, or else above it."
    below = cells[i+1] if i+1<len(cells) else None
    if below and paragraphs(below) and not source(below).startswith('#'):
        return sentences(paragraphs(below)[0])
    above = [p for c in cells[:i] for p in paragraphs(c)]
    return sentences(above[-1]) if above else ''


def leave(name, text):
    "Links of a page to what is no page lead to the repository."
    def one(m):
        target, _, place = m[1].partition('#')
        if not target or re.match(r'[a-z][a-z+.-]*:|/', target, re.I):
            return m[0]
        path = normpath(join('nbs', dirname(name), target))
        if path.startswith('nbs/') and path.endswith(('.ipynb', '.png')):
            return m[0]
        return f"]({repository()}/{path}{'#' if place else ''}{place})"
    return LINK.sub(one, text)


@cache
def settings():
    ini = ConfigParser(delimiters=['='])
    ini.read(NBS.parent/'settings.ini', encoding='utf-8')
    return ini['DEFAULT']


def repository():
    cfg = settings()
    return f"{cfg['git_url']}/blob/{cfg['branch']}"


def code_cell(name, cells, i):
    "A code cell as it is shown, or nothing."
    cell = cells[i]
    flags = directives(source(cell))
    text = re.sub(r'^#\|.*\n?', '', source(cell), flags=re.M).strip()
    if 'hide' in flags or flags.get('include')=='false' or not text:
        return
    tags = []
    if flags.get('echo')=='false':
        tags.append('remove-input')
    holds_answers = re.match(r'exercises/7[1-6]', name) and not re.match('import |from ', text)
    if holds_answers:
        tags.append('hide-input')
    outputs = [o for o in cell['outputs'] if o.get('name')!='stderr']
    for out in outputs:
        data = out.get('data', {})
        if 'text/html' in data:
            data['text/html'] = re.sub(r'<style scoped>.*?</style>| border="1"', '', ''.join(data['text/html']), flags=re.S)
        if 'text/markdown' in data:
            data['text/markdown'] = leave(name, ''.join(data['text/markdown']))
    prompt = 'Show the exercise with its solution' if 'Exercise(' in text else 'Show the code'
    shown = dict(image=dict(alt=describe(cells, i)), code_prompt_show=prompt)
    return cell | dict(source=text, outputs=outputs, metadata=dict(tags=tags, mystnb=shown))


def tools(name):
    "A line below the title: Colab, download, and where on a path one is."
    cfg = settings()
    up = '../'*name.count('/')
    colab = f"https://colab.research.google.com/github/{cfg['user']}/{cfg['repo']}/blob/{cfg['branch']}/nbs/{quote(name)}.ipynb"
    links = [f'<a href="{colab}">Open in Colab</a>', f'<a href="{up}_sources/{quote(name)}.ipynb" download>Download the notebook</a>']
    if here := on_path(name):
        path, place, names = here
        links.append(f'<a href="{up}paths.html#{path.lower().replace(" ", "-")}">{path}</a>, page {place} of {len(names)}')
    return f'<p class="page-tools">{" · ".join(links)}</p>'


def markdown(text, name):
    return dict(cell_type='markdown', id=name, metadata={}, source=text)


def prepare(app, name, content):
    "A notebook as a page; Sphinx calls this with the text of the file."
    nb = json.loads(content[0])
    cells, shown = nb['cells'], []
    for i, cell in enumerate(cells):
        if cell['cell_type']=='markdown':
            shown.append(cell | dict(source=leave(name, source(cell))))
        elif cell['cell_type']=='code' and (seen := code_cell(name, cells, i)):
            shown.append(seen)
    shown.insert(1, markdown(tools(name), 'tools'))
    if name=='index':
        shown.append(markdown(toctrees(), 'toctrees'))
    if name=='glossary':
        shown = [c | dict(source=with_rows(c['source'])) for c in shown]
    if name=='reference':
        for out in (o for c in shown for o in c.get('outputs', []) if 'text/markdown' in o.get('data', {})):
            out['data']['text/markdown'] = re.sub(r'^\| `((\w+).*?)` \|', r'| {py:obj}`\1 <lora_compose_nb.\2>` |', out['data']['text/markdown'], flags=re.M)
        shown += [markdown(text, f'api{i}') for i, text in enumerate(api.sections())]
    content[0] = json.dumps(nb | dict(cells=shown))


def around(app, name, template, context, doctree):
    "Before and after a page on a path come its pages; figures below the first screen are loaded when they are near."
    if here := on_path(name):
        _, place, names = here
        def neighbour(n):
            return dict(link=app.builder.get_relative_uri(name, n), title=app.env.titles[n].astext())
        context['prev'] = neighbour(names[place-2] if place>1 else 'paths')
        context['next'] = neighbour(names[place] if place<len(names) else 'paths')
    context['furo_navigation_tree'] = context['furo_navigation_tree'].replace('role="heading"', 'role="heading" aria-level="2"')
    if context.get('body'):
        body = re.sub(r'<span class="[npw]">([^<]*)</span>', r'\1', context['body'])   # of no colour, and half of a page
        body = re.sub(r'<dl>\s*((?:<dd>.*?</dd>\s*)+)</dl>', parameters, body, flags=re.S)
        body = re.sub(r'(<a [^>]*href="[./]*glossary\.html)">(.*?)</a>', to_row, body, flags=re.S)
        context['body'] = body.replace('<img ', '<img loading="lazy" ')


def parameters(found):
    "The parameters of a long signature, a line each: what Sphinx makes of them is a list of definitions without words."
    return re.sub(r'<dd>(.*?)</dd>', r'<span class="sig-line">\1</span>', found[1], flags=re.S)


def setup(app):
    app.connect('source-read', prepare)
    app.connect('html-page-context', around, priority=900)   # after the theme
