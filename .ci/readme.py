"""Write README.md from nbs/index.ipynb, without Quarto.

Usage: python .ci/readme.py     (from anywhere; needs nbconvert)

Cells are shown as nbdev shows them: `#| hide`, `#| echo: false` and `#| output: false` are obeyed and directives
are left out. Outputs become code blocks, figures become files under nbs/images, and links, which are relative to
nbs/ in the notebook, become relative to the repository root. A link to a file that is not there is an error.
"""
import re, sys
from pathlib import Path
from posixpath import normpath

import nbformat
from nbconvert import MarkdownExporter
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[1]
NOTE = '<!-- Made from nbs/index.ipynb by .ci/readme.py: edit the notebook, not this file. -->\n\n'
FENCE = re.compile(r'^(```.*?^```[^\n]*$|(?:^    [^\n]*\n)+)', re.M|re.S)      # code blocks, fenced or indented
BUDGET = 700     # words that a reader of the front page meets, code and tables included
LINK = re.compile(r'(\]\()([^)\s]+)|((?:src|href)=")([^"]+)')


def visible(nb):
    "The cells and outputs that the directives leave to be seen, without the directives."
    cells = []
    for c in nb.cells:
        flags = {m[1]: m[2].strip().lower() for m in re.finditer(r'^#\|[ \t]*([\w-]+)[ \t]*:?(.*)\n?', c.source, re.M)}
        if c.cell_type=='raw' or 'hide' in flags or flags.get('include')=='false': continue
        if c.cell_type=='code':
            c.source = re.sub(r'^#\|.*\n?', '', c.source, flags=re.M).strip()
            if flags.get('output')=='false': c.outputs = []
            c.outputs = [o for o in c.outputs if o.get('name')!='stderr']
            echo = flags.get('echo')!='false' and 'hide_input' not in flags
            c.metadata['transient'] = {'remove_source': not echo}
            if not c.source or not (echo or c.outputs): continue
        cells.append(c)
    nb.cells = cells
    nb.metadata['language_info'] = {'name': 'python'}
    return nb


def from_root(text, missing):
    "Turn links relative to nbs/ into links relative to the repository root; note those that lead nowhere."
    def one(m):
        head, target = (m[1], m[2]) if m[1] else (m[3], m[4])
        if re.match(r'([a-z][a-z+.-]*:|#|/)', target, re.I): return head+target
        path, hash_, frag = target.partition('#')
        path = normpath('nbs/'+path)
        if not (ROOT/path).exists(): missing.append(target)
        return head+path+hash_+frag
    return ''.join(part if i%2 else LINK.sub(one, part) for i, part in enumerate(FENCE.split(text)))


def main():
    c = Config()
    c.NbConvertBase.display_data_priority = ['text/markdown', 'image/png', 'image/svg+xml', 'text/plain']
    c.MarkdownExporter.exclude_output_prompt = c.MarkdownExporter.exclude_input_prompt = True
    c.ExtractOutputPreprocessor.output_filename_template = 'images/index_{cell_index}_{index}{extension}'
    nb = visible(nbformat.read(ROOT/'nbs/index.ipynb', 4))
    text, res = MarkdownExporter(config=c).from_notebook_node(nb)
    for name, data in (res.get('outputs') or {}).items():
        (ROOT/'nbs'/name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT/'nbs'/name).write_bytes(data)
    text = '\n'.join(line.rstrip() for line in text.splitlines())
    missing = []
    text = NOTE+from_root(re.sub(r'\n{3,}', '\n\n', text).strip('\n')+'\n', missing)
    if missing: sys.exit('nbs/index.ipynb links to files that do not exist: '+', '.join(missing))
    if (words := len(text.split()))>BUDGET: sys.exit(f'README.md would have {words} words, {BUDGET} at most: move some of nbs/index.ipynb to a page')
    (ROOT/'README.md').write_text(text, encoding='utf-8')
    print(f'README.md: {len(text.splitlines())} lines')


if __name__=='__main__': main()
