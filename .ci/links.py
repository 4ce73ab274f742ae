"""Check that every link between pages leads somewhere: to a file that is there, and to a heading that it has.

Usage: python .ci/links.py     (needs nbconvert). One line for each link that leads nowhere; exit status 1 if there is any.

Pages are the notebooks under nbs/ (their text, and outputs in Markdown) and README, CHANGELOG, CONTRIBUTING and data/README.
Links to other sites are not followed. A heading's anchor in a notebook is its text with dashes for spaces, as JupyterLab
and nbconvert make it; in a Markdown file it is GitHub's: lower case, without punctuation, numbered where it is repeated.
"""
import json, re, sys
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from nbconvert.filters import markdown2html

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'data/README.md']


class Page(HTMLParser):
    "The links and headings of rendered Markdown."

    def __init__(self):
        super().__init__()
        self.links = []       # targets of links and pictures
        self.ids = set()      # anchors, as JupyterLab and nbconvert make them
        self.headings = []    # texts of the headings, in order
        self.inside = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        own_mark = 'anchor-link' in (attrs.get('class') or '')   # the sign that nbconvert puts behind a heading
        if attrs.get('id'):
            self.ids.add(attrs['id'])
        if own_mark:
            self.inside = False
            return
        self.links += [attrs[k] for k in ('href', 'src') if attrs.get(k)]
        if re.fullmatch('h[1-6]', tag):
            self.headings.append('')
            self.inside = True

    def handle_endtag(self, tag):
        if re.fullmatch('h[1-6]', tag):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.headings[-1] += data


def markdown(path):
    "The pieces of Markdown of one page."
    text = path.read_text(encoding='utf-8')
    if path.suffix!='.ipynb':
        return [text]
    pieces = []
    for cell in json.loads(text)['cells']:
        if cell['cell_type']=='markdown':
            pieces.append(''.join(cell['source']))
        for out in cell.get('outputs', []):
            pieces.append(''.join(out.get('data', {}).get('text/markdown', '')))
    return pieces


def github_anchors(headings):
    "The anchors that GitHub gives to the headings of a Markdown file."
    seen, anchors = Counter(), set()
    for text in headings:
        slug = re.sub(r'[^\w\- ]', '', text.strip().lower()).replace(' ', '-')
        anchors.add(f'{slug}-{seen[slug]}' if seen[slug] else slug)
        seen[slug] += 1
    return anchors


@cache
def read(path):
    "Links and anchors of one page."
    page = Page()
    for piece in markdown(path):
        page.feed(markdown2html(piece))
    page.close()
    return page.links, page.ids if path.suffix=='.ipynb' else github_anchors(page.headings)


def fault(path, link):
    "What is wrong with a link of a page; nothing if it leads somewhere, or to another site."
    if re.match(r'[a-z][a-z0-9+.-]*:|//', link, re.I):
        return
    target, _, anchor = unquote(link).partition('#')
    to = (path.parent/target).resolve() if target else path
    if not to.is_relative_to(ROOT):
        return 'leads out of the repository'
    if not to.exists():
        return 'no such file'
    if anchor and to.suffix in ('.ipynb', '.md') and anchor not in read(to)[1]:
        return f'{to.relative_to(ROOT)} has no such heading'


def main():
    notebooks = [p for p in sorted((ROOT/'nbs').rglob('*.ipynb')) if '.ipynb_checkpoints' not in p.parts]
    pages = [*notebooks, *(ROOT/t for t in TEXTS)]
    n_links, found = 0, []
    for path in pages:
        links = read(path)[0]
        n_links += len(links)
        for link in dict.fromkeys(links):
            if wrong := fault(path, link):
                found.append(f'{path.relative_to(ROOT)}: {link}: {wrong}')
    print('\n'.join(found) or f'all {n_links} links of {len(pages)} pages lead somewhere')
    return int(bool(found))


if __name__=='__main__':
    sys.exit(main())
