"""Does an older PEFT read what this package writes?

Usage: old_peft.py write FOLDER   with the package installed: small models, adapters collapsed from compositions, and their outputs
       old_peft.py read FOLDER    with peft 0.15.2: load each adapter, compare outputs, print one line; exit status 1 if any differs
"""
import copy, sys, warnings
from pathlib import Path

import torch
from torch import nn


def models():
    "Small models with random weights, made alike on both sides, with their inputs: all four kinds of layer."
    from transformers import BertConfig, BertModel, GPT2Config, GPT2Model
    bert = BertModel(BertConfig(vocab_size=50, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48))
    gpt2 = GPT2Model(GPT2Config(vocab_size=50, n_positions=20, n_embd=32, n_layer=2, n_head=4, bos_token_id=0, eos_token_id=1))
    conv = nn.Sequential(nn.Conv2d(3, 6, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(6, 8, 1), nn.Flatten(), nn.Linear(8*16, 5))
    tokens, images = torch.arange(21).view(3, 7) % 48, torch.linspace(-1, 1, 4*3*8*8).view(4, 3, 8, 8).sin()
    return {'bert': (bert, [['query', 'value'], ['query', 'dense'], ['word_embeddings', 'value']], tokens),
            'gpt2': (gpt2, [['c_attn'], ['c_attn', 'c_proj', 'c_fc'], ['wte', 'c_attn']], tokens),
            'conv': (conv, [['0', '2'], ['0', '4'], ['2', '4']], images)}


def run(model, x):
    with torch.no_grad(): out = model.eval()(x)
    return getattr(out, 'last_hidden_state', out)


def pool(model, targets):
    "Adapters of unequal rank and scaling, with random factors."
    from lora_compose_nb.adapters import Adapter, LowRank
    from lora_compose_nb.layers import layer_kind, matrix_shape
    out = []
    for i, ts in enumerate(targets):
        layers = {}
        for n, m in model.named_modules():
            if not any(n==t or n.endswith('.'+t) for t in ts): continue
            (n_out, n_in), kind = matrix_shape(m), layer_kind(m)
            A, B = torch.randn(2+i, n_in)/n_in**.5, torch.randn(n_out, 2+i)
            layers[n] = LowRank(A, B, .3+.2*i, kind, tuple(m.weight.shape[1:]) if kind=='conv2d' else ())
        out.append(Adapter(f'a{i}', layers))
    return out


def write(folder):
    from lora_compose_nb.adapters import save_adapter
    from lora_compose_nb.collapsing import collapse
    from lora_compose_nb.composition import Uniform, compose
    torch.manual_seed(0)
    for k, (model, targets, x) in models().items():
        torch.save(model.state_dict(), folder/f'{k}.pt')
        composed = copy.deepcopy(model); compose(composed, pool(model, targets), Uniform)
        for a in (collapse(composed, 'exact'), collapse(composed, 'rank-2', r=2), collapse(composed, 'error', max_error=.4)):
            alone = copy.deepcopy(model); compose(alone, [a], Uniform)
            save_adapter(a, folder/f'{k}-{a.name}')
            torch.save(run(alone, x), folder/f'{k}-{a.name}'/'outputs.pt')


def read(folder):
    import peft
    right = total = 0
    for k, (model, _, x) in models().items():
        model.load_state_dict(torch.load(folder/f'{k}.pt', weights_only=True), strict=False)
        for home in sorted(folder.glob(f'{k}-*')):
            with warnings.catch_warnings():
                warnings.simplefilter('error', UserWarning)   # a missing key is a warning in peft
                pm = peft.PeftModel.from_pretrained(copy.deepcopy(model), home)
            want = torch.load(home/'outputs.pt', weights_only=True)
            errors = [(run(m, x)-want).norm()/want.norm() for m in (pm, pm.merge_and_unload())]
            right, total = right+int(max(errors)<1e-4), total+1
            if max(errors)>=1e-4: print(f'{home.name}: outputs differ by {max(errors):.1e}')
    print(f'peft {peft.__version__} reads and merges {right} of {total} adapters')
    return int(right<total or not total)


if __name__=='__main__':
    what, folder = sys.argv[1], Path(sys.argv[2])
    sys.exit(write(folder) if what=='write' else read(folder))
