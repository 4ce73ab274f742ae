"""Check the built site in _docs/: links, texts of figures, weight; and in a browser what a reader meets.

Usage: python .ci/site_check.py [--browser] [--all]     One line for each finding; exit status 1 if there is any.

Every link leads to a page and to a place on it, or to a file of the repository; links to other sites are not followed.
Every figure has a text. What a page loads before it can be read is below 1 MB.
With `--browser`, in Chromium, Chrome or $CHROMIUM, at 1280 pixels in light and at 390 in dark: no page scrolls sideways,
axe finds nothing wrong (contrast, names, order), the search finds what it should. A sample of pages, with `--all` every page.
The sample is printed, too: no line of code is cut off. And by keyboard alone one skips the menu, and sees where one is.
"""
import os, re, shutil, sys, threading
from functools import cache, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT/'_docs'
LIMIT = 1_000_000    # bytes
SAMPLE = ['index', 'paths', 'pages', 'glossary', 'reference', 'search', 'adapters/00_lora', 'adapters/04_composition', 'tasks/15_shifts',
          'experiments/16_vision_shifts', 'experiments/20_leaderboard', 'exercises/71_lora', 'using/62_classifier']
SEARCHES = {'null module': 'Glossary', 'compose': 'lora_compose_nb.compose'}   # words -> a title among the results


class Page(HTMLParser):
    "Places, links and loaded files of one page."

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loaded, self.faults = set(), [], [], []
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.ids |= {a[k] for k in ('id', 'name') if a.get(k)}
        target = a.get('href') or a.get('src')
        if target:
            self.links.append(target)
        if target and a.get('loading')!='lazy' and (tag in ('script', 'img') or tag=='link' and a.get('rel')=='stylesheet'):
            self.loaded.append(target)
        if tag=='img' and not re.search('[A-Za-z]{3}', a.get('alt') or '') or re.search(r'\.png$', a.get('alt') or ''):
            self.faults.append(f'{target}: a figure without a text')


@cache
def read(path):
    return Page(path)


def fault(path, link, repository):
    "What is wrong with a link of a page; nothing if it leads somewhere, or to another site."
    if link.startswith(repository):
        target = ROOT/unquote(link.removeprefix(repository).split('#')[0])
        return None if target.exists() else 'no such file in the repository'
    if re.match(r'[a-z][a-z0-9+.-]*:|//', link, re.I):
        return
    target, _, place = unquote(link).partition('#')
    to = (path.parent/target.split('?')[0]).resolve() if target else path
    if not to.is_relative_to(DOCS) or not to.is_file():
        return 'no such file'
    if place and to.suffix=='.html' and place not in read(to).ids:
        return f'{to.relative_to(DOCS)} has no such place'


def weight(path):
    "Bytes of a page and of what it loads before it can be read."
    files = {path, *((path.parent/unquote(f.split('?')[0])).resolve() for f in read(path).loaded)}
    return sum(f.stat().st_size for f in files if f.exists())


def static(pages, repository):
    "Findings that need no browser."
    found, n_links = [], 0
    for path in pages:
        page, name = read(path), path.relative_to(DOCS)
        n_links += len(page.links)
        found += [f'{name}: {f}' for f in page.faults]
        found += [f'{name}: {link}: {wrong}' for link in dict.fromkeys(page.links) if (wrong := fault(path, link, repository))]
        if weight(path)>LIMIT:
            found.append(f'{name}: {weight(path):,} bytes before it can be read')
    heaviest = max(pages, key=weight)
    print(f'{len(pages)} pages, {n_links} links; the heaviest is {heaviest.relative_to(DOCS)}, {weight(heaviest):,} bytes')
    return found


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


WIDER = """() => {
    const wide = [...document.querySelectorAll('img')].filter(i => i.getBoundingClientRect().right > innerWidth + 1);
    return [document.documentElement.scrollWidth - innerWidth, wide.map(i => i.src)]
}"""
LOADED = """() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
    .reduce((sum, e) => sum + e.encodedBodySize, 0)"""


def look(tab, address, name, width, scheme, axe):
    "Findings about one page as it is shown."
    tab.goto(f'{address}/{name}.html')
    where = f'{name} at {width} pixels, {scheme}'
    too_wide, images = tab.evaluate(WIDER)
    if too_wide>0:
        yield f'{where}: scrolls sideways by {too_wide} pixels'
    yield from (f'{where}: wider than the page: {i}' for i in images)
    if (n := tab.evaluate(LOADED))>LIMIT:
        yield f'{where}: {n:,} bytes were loaded'
    for wrong in axe.run(tab, options=dict(runOnly=['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])).response['violations']:
        yield f"{where}: {wrong['id']}: {wrong['help']}, {len(wrong['nodes'])} times, first {wrong['nodes'][0]['html'][:160]}"


def searched(tab, address):
    "Findings about the search."
    from playwright.sync_api import TimeoutError

    for words, title in SEARCHES.items():
        tab.goto(f'{address}/search.html?q={words.replace(" ", "+")}')
        try:
            tab.get_by_role('link', name=title, exact=True).and_(tab.locator('#search-results a')).wait_for()
        except TimeoutError:
            yield f'search for {words}: {title} is not among what was found'


CUT = """() => [...document.querySelectorAll('pre, .skip-to-content')]
    .filter(e => getComputedStyle(e).display != 'none' && (e.matches('a') || e.scrollWidth > e.clientWidth + 1))
    .map(e => e.innerText.slice(0, 60))"""
SEEN = """() => {
    const e = document.activeElement, s = getComputedStyle(e);
    return [e.innerText || e.name, s.outlineStyle != 'none' && s.outlineWidth != '0px']
}"""


def printed(tab, address):
    "Findings about pages on paper, as wide as A4."
    tab.emulate_media(media='print')
    for name in SAMPLE:
        tab.goto(f'{address}/{name}.html')
        yield from (f'{name} in print: cut off, or not for paper: {text!r}' for text in tab.evaluate(CUT))
    tab.emulate_media(media='screen')


def by_keyboard(tab, address):
    "Findings about a reader without a mouse."
    tab.goto(f'{address}/adapters/00_lora.html')
    for i in range(12):
        tab.keyboard.press('Tab')
        what, seen = tab.evaluate(SEEN)
        if not seen:
            yield f'by keyboard: {what!r} does not show that it has the focus'
        if not i and what!='Skip to content':
            yield f'by keyboard: the first stop is {what!r}, and should skip the menu'


def in_browser(pages, program, everything):
    "Findings of a look at the pages; `axe` looks at a sample of them, in two ways."
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    names = [p.relative_to(DOCS).with_suffix('').as_posix() for p in pages] if everything else SAMPLE
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=str(DOCS)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f'http://127.0.0.1:{server.server_port}'
    found = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=program, args=['--no-sandbox'])
        for width, height, scheme in ((1280, 900, 'light'), (390, 844, 'dark')):
            tab = browser.new_page(viewport=dict(width=width, height=height), color_scheme=scheme)
            tab.set_default_timeout(300_000)   # milliseconds; a busy machine is slow
            for name in names:
                found += look(tab, address, name, width, scheme, Axe())
            found += searched(tab, address)
            tab.close()
        tab = browser.new_page(viewport=dict(width=794, height=1123))
        tab.set_default_timeout(300_000)
        found += printed(tab, address)
        tab.set_viewport_size(dict(width=1280, height=900))
        found += by_keyboard(tab, address)
        browser.close()
    server.shutdown()
    print(f'looked at {len(names)} pages in two widths')
    return found


def browser():
    "The Chromium or Chrome of this machine."
    names = ('chromium', 'chromium-browser', 'google-chrome', 'chrome')
    found = os.environ.get('CHROMIUM') or next((p for n in names if (p := shutil.which(n))), None)
    return found or sys.exit('no Chromium or Chrome here: widths, contrast and search cannot be looked at')


def main():
    pages = sorted(p for p in DOCS.rglob('*.html') if '_static' not in p.parts)
    if not pages:
        sys.exit('there is no site in _docs/: python .ci/site.py builds it')
    sys.path.insert(0, str(ROOT/'nbs/_site'))
    from pages import repository

    found = static(pages, repository()+'/')
    if '--browser' in sys.argv:
        found += in_browser(pages, browser(), '--all' in sys.argv)
    print('\n'.join(found) or 'the site is in order')
    return int(bool(found))


if __name__=='__main__':
    sys.exit(main())
