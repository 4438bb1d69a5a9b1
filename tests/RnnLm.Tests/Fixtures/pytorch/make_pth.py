#!/usr/bin/python3
"""Writes files of PyTorch into the folder that is given, and cases.json: of each file the tokens, a text as ids, and its logits.

Run with a Python that has PyTorch, 1.13 or newer: python3 make_pth.py FOLDER
"""
import json, os, sys
from collections import OrderedDict

import torch
from torch import nn

CHARACTERS = ["h", "e", "l", "o", " ", "\n", "é"]
SPECIAL = ["<pad>", "h", "<unk>", "e", "<s>", "l", "</s>", "é"]
IDS = [0, 1, 2, 2, 3, 4, 6, 5]


class Model(nn.Module):
    def __init__(self, cell, tokens=7, embedding=3, layers=1, names=("embed", "rnn", "fc"), bias=True, tied=False, **options):
        super().__init__()
        self.names, self.tokens = names, tokens
        if embedding:
            setattr(self, names[0], nn.Embedding(tokens, embedding))
        setattr(self, names[1], cell(embedding or tokens, 4, layers, batch_first=True, bias=bias, **options))
        setattr(self, names[2], nn.Linear(4, tokens, bias=bias))
        if tied:
            getattr(self, names[2]).weight = getattr(self, names[0]).weight

    def forward(self, ids):
        embed, rnn, fc = (getattr(self, name, None) for name in self.names)
        x = embed(ids) if embed else nn.functional.one_hot(ids, self.tokens).to(fc.weight.dtype)
        return fc(rnn(x)[0])


def views(state):
    """The same weights as parts of one storage, transposed and with gaps."""
    flat = torch.zeros(sum(2 * t.numel() + 3 for t in state.values()))
    result, place = OrderedDict(), 3
    for name, tensor in state.items():
        if tensor.dim() == 2:
            rows, columns = tensor.shape
            part = flat[place : place + tensor.numel()].view(columns, rows).t()
        else:
            part = flat[place : place + 2 * tensor.numel() : 2]
        part.copy_(tensor)
        result[name] = part
        place += 2 * tensor.numel() + 3
    return result


class Evil:
    def __reduce__(self):
        return (os.system, ("touch /tmp/rnnlm-pickle-ran",))


def main(folder):
    torch.manual_seed(1)
    cases = []

    def save(name, model, state=None, tokens=None, options=None, **how):
        model.eval()
        ids = IDS if model.tokens == 7 else [4, 1, 3, 5, 2, 7]
        with torch.no_grad():
            logits = model.double()(torch.tensor([ids]))[0].tolist()
        torch.save(state, os.path.join(folder, name + ".pth"), **how)
        cases.append({"name": name, "tokens": tokens or CHARACTERS, "ids": ids, "logits": logits, **(options or {})})

    def plain(name, model, change=lambda s: s, **more):
        save(name, model, change(OrderedDict((k, v.clone()) for k, v in model.state_dict().items())), **more)

    lstm = Model(nn.LSTM, layers=2, names=("embed", "lstm", "fc"))
    plain("lstm", lstm)
    plain("gru-one-hot", Model(nn.GRU, embedding=0, layers=3, names=("none", "gru", "head")))
    tied = Model(nn.RNN, embedding=4, bias=False, tied=True, names=("encoder", "rnn", "decoder"), nonlinearity="relu")
    save("rnn-relu-tied", tied, tied.state_dict(), options={"nonlinearity": "relu", "tied": True})
    for type_name in ("half", "bfloat16", "double"):
        model = Model(nn.GRU)
        model.load_state_dict({k: v.to(getattr(torch, type_name)).float() for k, v in model.state_dict().items()})
        plain(type_name, model, lambda s: OrderedDict((k, v.to(getattr(torch, type_name))) for k, v in s.items()))
    model = Model(nn.LSTM)
    plain("views", model, views)
    plain("legacy", Model(nn.GRU, layers=2), _use_new_zipfile_serialization=False)
    plain("protocol4", Model(nn.RNN), pickle_protocol=4)
    model = Model(nn.GRU)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.tensor([IDS])).sum().backward()
    optimizer.step()
    plain("checkpoint", model, lambda s: {"epoch": 3, "loss": 0.25, "characters": CHARACTERS, "best": None, "done": True,
                                          "model_state_dict": s, "optimizer_state_dict": optimizer.state_dict()})
    plain("special", Model(nn.GRU, tokens=8), lambda s: OrderedDict(("module." + k, v) for k, v in s.items()), tokens=SPECIAL)
    plain("same-width", Model(nn.GRU, embedding=4, names=("a", "b", "c")), lambda s: OrderedDict(
        (k, nn.Parameter(v)) for k, v in s.items()))
    json.dump(cases, open(os.path.join(folder, "cases.json"), "w"))

    # What is refused.
    torch.save(OrderedDict(weight=Evil()), os.path.join(folder, "evil.pth"))
    torch.save(OrderedDict(weight=Evil()), os.path.join(folder, "evil-legacy.pth"), _use_new_zipfile_serialization=False)
    torch.save(lstm.float(), os.path.join(folder, "module.pth"))
    torch.save(nn.LSTM(3, 4, proj_size=2).state_dict(), os.path.join(folder, "projection.pth"))
    torch.save(nn.GRU(7, 4, bidirectional=True).state_dict(), os.path.join(folder, "bidirectional.pth"))


main(sys.argv[1])
