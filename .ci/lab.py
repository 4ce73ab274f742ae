"""Run chapters in JupyterLab in a real browser, as a reader does: open the page, Run All Cells, save.

Usage: python .ci/lab.py [NOTEBOOK ...]     three chapters with exercises if none is named. Needs the package, JupyterLab,
playwright and a Chromium ($CHROMIUM, or `chromium` on the path). One line a page; exit status 1 if a cell did not run or
ended in an error.
"""
import json, os, shutil, socket, subprocess, sys, tempfile, time, urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ['adapters/00_lora.ipynb', 'adapters/04_composition.ipynb', 'learning/24a_controls.ipynb']
MINUTES = 10  # for one page


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def serve(folder, port):
    "JupyterLab over a folder; its commands can be called from the page."
    options = ['--no-browser', '--allow-root', '--expose-app-in-browser', f'--ServerApp.port={port}']
    quiet = ['--ServerApp.log_level=ERROR', '--LabApp.news_url=', '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate']
    token = ['--IdentityProvider.token=read', f'--ServerApp.root_dir={folder}']
    server = subprocess.Popen([sys.executable, '-m', 'jupyter', 'lab', *options, *quiet, *token], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(120):
        try:
            urllib.request.urlopen(f'http://127.0.0.1:{port}/api?token=read')
            return server
        except OSError:
            time.sleep(0.5)
    server.kill()
    sys.exit('JupyterLab did not start within a minute')


def run_all(browser, port, page_path):
    "Open a page, run all its cells, save it."
    page = browser.new_page()
    page.set_default_timeout(MINUTES * 60_000)
    page.goto(f'http://127.0.0.1:{port}/lab/tree/{page_path}?token=read&reset')  # not what was open before
    here = f"window.jupyterapp?.shell.currentWidget?.context?.path === '{page_path}'"
    idle = "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
    page.wait_for_function(f'{here} && window.jupyterapp.shell.currentWidget.context.isReady && {idle}')
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.close()


def wrong(path):
    "The cells that did not run, or ended in an error: pairs of id and words."
    for cell in json.loads(path.read_text(encoding='utf-8'))['cells']:
        if cell['cell_type'] != 'code' or not ''.join(cell['source']).strip() or '#| slow' in ''.join(cell['source']):
            continue
        if cell['execution_count'] is None:
            yield cell['id'], 'did not run'
        for out in cell['outputs']:
            if out['output_type'] == 'error':
                yield cell['id'], f"{out['ename']}: {out['evalue']}"


def main(pages):
    chromium = os.environ.get('CHROMIUM') or shutil.which('chromium')
    failed = False
    with tempfile.TemporaryDirectory() as tmp, sync_playwright() as p:
        nbs = Path(shutil.copytree(ROOT / 'nbs', f'{tmp}/nbs'))
        port = free_port()
        server = serve(nbs, port)
        browser = p.chromium.launch(executable_path=chromium, args=['--no-sandbox'])
        try:
            for page in pages:
                begun = time.time()
                run_all(browser, port, page)
                found = list(wrong(nbs / page))
                failed |= bool(found)
                print(f"{'FAILED' if found else 'ran'} {time.time() - begun:6.1f} s  {page}", *(f'\n   {i}: {w}' for i, w in found), flush=True)
        finally:
            browser.close()
            server.terminate()
    return failed


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:] or CHAPTERS))
