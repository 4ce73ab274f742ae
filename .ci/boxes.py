"""Check that every page of the rooms opens with its box, and that no page is longer than its budget.

A box is the cell below the title, a quote of five lines: **Question.** · **Answer.** (two sentences at most) · **Number.**
(may be missing; each of its numbers stands on the page, too) · **Limit.** · **Before.** with **Reads in** N minutes.
Budgets, in words of prose in front of a page's appendix (no tables, no code): a chapter 3,000, an experiment 2,000, the
path of one day 25,000.

Usage: python .ci/boxes.py     (standard library only). One line a finding; exit status 1 if there is any.
"""
import ast, json, re, sys
from pathlib import Path

NBS = Path(__file__).resolve().parents[1]/'nbs'
ROOMS = 'adapters tasks learning measuring analysis studies using experiments'.split()
FORM = re.compile(r'''> \*\*Question\.\*\* (?P<question>.+\?)
>
> \*\*Answer\.\*\* (?P<answer>.+)
>
(?:> \*\*Number\.\*\* (?P<number>.+)
>
)?> \*\*Limit\.\*\* (?P<limit>.+)
>
> \*\*Before\.\*\* (?P<before>.+) · \*\*Reads in\*\* (?P<minutes>\d+) minutes''')
LONGEST, CHAPTER, EXPERIMENT, DAY = 130, 3000, 2000, 25000   # words
NUMERAL = re.compile(r'\d[\d,]*(?:\.\d+)?')


def cells_of(path):
    "The cells of a notebook: kind, source, and what its outputs say."
    for cell in json.loads(path.read_text(encoding='utf-8'))['cells']:
        said = [''.join(out.get('text', '')) + ''.join(''.join(t) for k, t in out.get('data', {}).items() if k.startswith('text/')) for out in cell.get('outputs', [])]
        yield cell['cell_type'], ''.join(cell['source']), ' '.join(said)


def without_exercises(cells):
    "The cells of a page but for its exercises, which say their own minutes."
    skip = False
    for cell in cells:
        if cell[0]=='markdown' and cell[1].startswith('## '):
            skip = cell[1].startswith('## Exercises')
        if not skip: yield cell


def minutes(cells):
    "Reading without exercises: 200 words a minute, half a minute for each code cell that is shown, in steps of five."
    cells = list(without_exercises(cells))
    words = sum(len(source.split()) for kind, source, _ in cells if kind=='markdown')
    code = sum(kind=='code' and '#| hide' not in source for kind, source, _ in cells)
    return max(5, 5*round((words/200 + code/2)/5))


def prose(cells):
    "Words in front of the appendix, without tables, code and exercises."
    cells = list(without_exercises(cells))
    text = '\n'.join(source for kind, source, _ in cells if kind=='markdown')
    text = re.split(r'^## Appendix', text, flags=re.M)[0]
    text = re.sub(r'^\s*```.*?^\s*```', '', text, flags=re.M | re.S)
    return sum(len(line.split()) for line in text.splitlines() if not line.lstrip().startswith('|'))


def numbers(text): return [float(n.replace(',', '')) for n in NUMERAL.findall(text)]


def strangers(box, cells):
    "Numbers of the box that no other cell of the page says, not even with more digits."
    there = [n for _, source, said in [*cells[:1], *cells[2:]] for n in numbers(source + ' ' + said)]
    for text in NUMERAL.findall(box['number'] or ''):
        digits = len(text.partition('.')[2])
        if not any(f'{n:,.{digits}f}' in (text, text.rstrip(',')) or f'{n:.{digits}f}'==text for n in there): yield text


def findings(path, cells):
    "What is wrong with one page, in words."
    limit = EXPERIMENT if path.parent.name=='experiments' else CHAPTER
    if (n := prose(cells))>limit: yield f'{n:,} words of prose, budget {limit:,}'
    box = FORM.fullmatch(cells[1][1].strip()) if cells[1][0]=='markdown' else None
    if box is None:
        yield 'no box below the title, or one of another form'
        return
    if len(cells[1][1].split())>LONGEST: yield f'a box of {len(cells[1][1].split())} words'
    for part, most in dict(answer=2, limit=1).items():
        if (n := len(re.findall(r'[.!?](?=\s|$)', box[part])))!=1 and n>most: yield f'{n} sentences in {part}'
    if abs(int(box['minutes'])-minutes(cells))>5: yield f"reads in {minutes(cells)} minutes, the box says {box['minutes']}"
    yield from (f'{n} of the box stands nowhere else on the page' for n in strangers(box.groupdict(), cells))


def day():
    "Pages of the path of one day."
    source = next(s for _, s, _ in cells_of(NBS/'paths.ipynb') if re.search(r'^day = ', s, re.M))
    value = next(n.value for n in ast.parse(source).body if isinstance(n, ast.Assign) and n.targets[0].id=='day')
    return list(ast.literal_eval(value))


if __name__=='__main__':
    pages = [p for room in ROOMS for p in sorted((NBS/room).glob('*.ipynb'))]
    found = [f'{p.relative_to(NBS.parent)}: {what}' for p in pages for what in findings(p, list(cells_of(p)))]
    words = sum(prose(list(cells_of(NBS/f'{name}.ipynb'))) for name in day())
    if words>DAY: found.append(f'nbs/paths.ipynb: one day has {words:,} words, budget {DAY:,}')
    print('\n'.join(found) or f'{len(pages)} pages open with their box and keep their budget; one day has {words:,} words')
    sys.exit(bool(found))
