"""Settings of the site. `python .ci/site.py` builds it from the notebooks as they are: nothing is run, nothing is loaded.

`pages.py` turns a notebook into a page, `api.py` writes the reference in full, `maths.py` sets formulas.
"""
import sys
from configparser import ConfigParser
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import maths, pages

ini = ConfigParser(delimiters=['='])
ini.read(HERE.parents[1]/'settings.ini', encoding='utf-8')
cfg = ini['DEFAULT']

project = cfg['title']
author = cfg['author']
copyright = cfg['copyright']
release = cfg['version']
html_title = project
html_baseurl = f"{cfg['doc_host']}{cfg['doc_baseurl']}/"

extensions = ['myst_nb', 'sphinx_copybutton']
exclude_patterns = ['_*', '**/_*', '**.ipynb_checkpoints']
nb_execution_mode = 'off'
nb_render_markdown_format = 'myst'
nb_merge_streams = True
nb_code_prompt_hide = 'Hide the code'
myst_enable_extensions = ['dollarmath']
myst_heading_anchors = 6
myst_heading_slug_func = 'pages.anchor'
python_maximum_signature_line_length = 60
html_math_renderer = 'mathml'
copybutton_selector = 'div.cell_input pre, div.highlight-sh pre, div.highlight-python pre'

html_theme = 'furo'
html_static_path = ['static']
html_css_files = ['site.css']
html_js_files = [('site.js', {'defer': 'defer'})]
pygments_style = 'a11y-high-contrast-light'
pygments_dark_style = 'a11y-high-contrast-dark'
html_sourcelink_suffix = ''
html_show_sphinx = False
html_show_search_summary = False   # for it a search loads every page that it finds
html_theme_options = dict(top_of_page_buttons=[])


def setup(app):
    maths.setup(app)
    pages.setup(app)
