#!/usr/bin/env bash
# Does peft 0.15.2, with a transformers of its time, read what this package writes? Uses the Python that has the package installed
# and its torch; the old versions go into a temporary folder. The last line is `peft 0.15.2 reads and merges N of N adapters`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/old_peft.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
python -m pip install --quiet --disable-pip-version-check --no-deps --target "$tmp/old" \
  'peft==0.15.2' 'transformers==4.51.3' 'tokenizers>=0.21,<0.22' 'huggingface_hub<1' 'accelerate<1.8'
mkdir "$tmp/adapters"
export HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1
python "$here/old_peft.py" write "$tmp/adapters"
PYTHONPATH=$tmp/old python "$here/old_peft.py" read "$tmp/adapters"
