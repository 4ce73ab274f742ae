"Formulas as MathML, which browsers draw themselves: no script, no fonts, and a screen reader can say them."
from docutils.nodes import SkipNode
from latex2mathml.converter import convert


def mathml(node, display):
    r"One formula; latex2mathml does not know `\arg`."
    return convert(node.astext().replace(r'\arg', r'\operatorname{arg}'), display=display)


def inline(writer, node):
    writer.body.append(mathml(node, 'inline'))
    raise SkipNode


def block(writer, node):
    writer.body.append(f'<div class="math">{mathml(node, "block")}</div>')
    raise SkipNode


def setup(app):
    app.add_html_math_renderer('mathml', (inline, None), (block, None))
