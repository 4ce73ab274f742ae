"Packaging, read from settings.ini so that nbdev and pip see one description."
import shlex
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
ini = ConfigParser(delimiters=['='])
ini.read(here/'settings.ini', encoding='utf-8')
cfg = ini['DEFAULT']

def shipped(root='data', to='share/lora_compose_nb'):
    "`data_files` entries that install everything below `data/` under `<prefix>/share/lora_compose_nb`."
    folders = sorted({p.parent for p in (here/root).rglob('*') if p.is_file()})
    return [(f'{to}/{d.relative_to(here/root)}'.removesuffix('/.'),
             [str(p.relative_to(here)) for p in sorted(d.iterdir()) if p.is_file()]) for d in folders]

setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'],
    long_description=(here/'README.md').read_text(encoding='utf-8') if (here/'README.md').exists() else cfg['description'],
    long_description_content_type='text/markdown',
    author=cfg['author'], author_email=cfg['author_email'], url=cfg['git_url'], keywords=cfg['keywords'].split(),
    license_expression='Apache-2.0', license_files=['LICENSE'],
    classifiers=['Development Status :: 3 - Alpha', 'Intended Audience :: Science/Research', 'Intended Audience :: Education',
                 'Natural Language :: English'] + [f'Programming Language :: Python :: {v}' for v in cfg['py_versions'].split()],
    packages=find_packages(include=['lora_compose_nb*']), include_package_data=True, data_files=shipped(),
    python_requires=f">={cfg['min_python']}",
    install_requires=shlex.split(cfg['requirements']),
    extras_require={extra: shlex.split(cfg[f'{extra}_requirements']) for extra in ('dev', 'cluster', 'imagenet', 'site')},
    entry_points={'console_scripts': shlex.split(cfg['console_scripts']),
                  'nbdev': [f"{cfg['lib_name']}={cfg['lib_name']}._modidx:d"]},
    zip_safe=False,
)
