#!/usr/bin/python3
"""Writes pytorch.json: what PyTorch makes of small models whose weights and batches follow a formula, for the tests to compare with.

Run with a Python that has PyTorch (the figures in the repository are of 1.13.1, CPU):  python3 make_fixtures.py > pytorch.json
"""
import json, math, sys
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

V, H, E, C = 7, 5, 4, 3


def value(tensor, i):
    return 0.5 * math.sin(0.7 + 1.3 * tensor + 0.9 * i)


class Model(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        d = 2 if c["Bidirectional"] else 1
        rows = c["Layers"] * d * (2 if c["Cell"] == "Lstm" else 1)
        if c["EmbeddingSize"]:
            self.embedding = nn.Embedding(V, c["EmbeddingSize"])
        cell = {"Rnn": nn.RNN, "Lstm": nn.LSTM, "Gru": nn.GRU}[c["Cell"]]
        extra = {"nonlinearity": c["Nonlinearity"].lower()} if c["Cell"] == "Rnn" else {}
        self.rnn = cell(c["EmbeddingSize"] or V, c["HiddenSize"], c["Layers"], bidirectional=c["Bidirectional"], **extra)
        if c["InitialState"] == "Learned":
            self.initial_state = nn.Parameter(torch.zeros(rows, c["HiddenSize"]))
        if c["Conditions"]:
            self.condition = nn.Embedding(c["Conditions"], rows * c["HiddenSize"])
        outputs = C if c["Task"] == "Classification" else V
        self.output = nn.Linear(c["HiddenSize"] * d, outputs)
        if c["TieWeights"]:
            self.output.weight = self.embedding.weight
        with torch.no_grad():
            for k, (name, p) in enumerate(self.in_order()):
                p.copy_(torch.tensor([value(k, i) for i in range(p.numel())], dtype=torch.float64).view_as(p))

    def in_order(self):
        """The order of ModelWeights."""
        named = dict(self.named_parameters())
        names = [n for n in named if n.startswith("embedding")] + [n for n in named if n.startswith("rnn")]
        names += [n for n in ("initial_state", "condition.weight", "output.weight", "output.bias") if n in named]
        return [(n, named[n]) for n in names]

    def start(self, batch, conditions):
        c, d = self.c, 2 if self.c["Bidirectional"] else 1
        rows, s = c["Layers"] * d, 2 if c["Cell"] == "Lstm" else 1
        if conditions is not None:
            x = self.condition(conditions).view(batch, rows, s, c["HiddenSize"]).permute(1, 2, 0, 3)
        elif c["InitialState"] == "Learned":
            x = self.initial_state.view(rows, s, 1, c["HiddenSize"]).expand(rows, s, batch, c["HiddenSize"])
        else:
            x = torch.zeros(rows, s, batch, c["HiddenSize"])
        h = x[:, 0].contiguous()
        return (h, x[:, 1].contiguous()) if s == 2 else h

    def forward(self, tokens, state, lengths):
        c = self.c
        x = self.embedding(tokens) if c["EmbeddingSize"] else nn.functional.one_hot(tokens, V).float()
        if lengths is None:
            out, state = self.rnn(x, state)
        else:
            out, state = self.rnn(pack_padded_sequence(x, lengths), state)
            out, _ = pad_packed_sequence(out, total_length=len(tokens))
        if c["Task"] == "Classification":
            if c["Pooling"] == "Last":
                h = state[0] if isinstance(state, tuple) else state
                out = torch.cat([h[-2], h[-1]], 1) if c["Bidirectional"] else h[-1]
            else:
                n = lengths if lengths is not None else torch.full((tokens.shape[1],), len(tokens))
                inside = torch.arange(len(tokens))[:, None] < n[None, :]
                if c["Pooling"] == "Mean":
                    out = (out * inside[:, :, None]).sum(0) / n[:, None]
                else:
                    out = out.masked_fill(~inside[:, :, None], -math.inf).max(0).values
        return self.output(out), state


def run(name, steps=30, length=6, batch=4, lengths=None, carry=True, conditions=None, ignore=False, weights=None, optimizer=None, initial=False,
        accumulate=1, **config):
    c = {"Task": "LanguageModel", "Cell": "Gru", "Nonlinearity": "Tanh", "VocabularySize": V, "HiddenSize": H, "Layers": 1, "EmbeddingSize": E,
         "TieWeights": False, "InitialState": "Zeros", "Conditions": 0, "Bidirectional": False, "Pooling": "Last", "Classes": 0, **config}
    o = {"Kind": "Adam", "LearningRate": 0.01, "Momentum": 0, "WeightDecay": 0, "ClipNorm": 1, "ClipValue": 0, **(optimizer or {})}
    classify = c["Task"] == "Classification"
    model = Model(c)
    p, lr, wd = model.parameters(), o["LearningRate"], o["WeightDecay"]
    opt = {"Sgd": lambda: torch.optim.SGD(p, lr, o["Momentum"], weight_decay=wd), "Adagrad": lambda: torch.optim.Adagrad(p, lr, weight_decay=wd),
           "RmsProp": lambda: torch.optim.RMSprop(p, lr, momentum=o["Momentum"], weight_decay=wd),
           "Adam": lambda: torch.optim.Adam(p, lr, weight_decay=wd), "AdamW": lambda: torch.optim.AdamW(p, lr, weight_decay=wd)}[o["Kind"]]()
    n = None if lengths is None else torch.tensor(lengths)
    k = None if conditions is None else torch.tensor(conditions)
    h0 = torch.tensor([value(50, i) for i in range(c["Layers"] * batch * H)]).view(c["Layers"], batch, H) if initial else None
    w = None if weights is None else torch.tensor(weights)
    state, losses, norms, logits = None, [], [], None
    for step in range(steps):
        opt.zero_grad()
        losses.append(0.0)
        for part in range(accumulate):
            text = torch.tensor([[(5 * t + 3 * b * b + t * b + step + part) % V for b in range(batch)] for t in range(length + 1)])
            if not (carry and state is not None):
                state = model.start(batch, k)
                if initial:
                    state = (h0, torch.zeros_like(h0)) if isinstance(state, tuple) else h0
            logits, state = model(text[:-1], state, n)
            state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
            target = torch.tensor([b % C for b in range(batch)]) if classify else text[1:].clone()
            if not classify and n is not None:
                target[torch.arange(length)[:, None] >= n[None, :]] = -1
            if ignore:
                target[:2] = -1
            loss = nn.functional.cross_entropy(logits.view(-1, logits.shape[-1]), target.reshape(-1), w, ignore_index=-1)
            (loss / accumulate).backward()
            losses[-1] += loss.item() / accumulate
        if o["ClipValue"]:
            nn.utils.clip_grad_value_(model.parameters(), o["ClipValue"])
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), o["ClipNorm"] or math.inf).item())
        opt.step()
    figures = lambda x: [float(f"{v:.8g}") for v in x.detach().flatten().tolist()]
    return {"Name": name, "Config": c, "Optimizer": o, "Steps": steps, "Length": length, "BatchSize": batch, "Lengths": lengths, "CarryState": carry,
            "Conditions": conditions, "Ignore": ignore, "ClassWeights": weights, "InitialHidden": None if h0 is None else figures(h0),
            "Accumulate": accumulate, "Losses": losses, "Norms": norms, "LastLogits": figures(logits),
            "Weights": {k: figures(v) for k, v in model.in_order()} if optimizer else {}}


def cases():
    for cell, nonlinearity in (("Rnn", "Tanh"), ("Rnn", "Relu"), ("Lstm", "Tanh"), ("Gru", "Tanh")):
        for layers, embedding in ((1, 0), (2, E)):
            yield run(f"{cell} {nonlinearity} {layers} layers, {'embedding' if embedding else 'one-hot'}", Cell=cell, Nonlinearity=nonlinearity,
                      Layers=layers, EmbeddingSize=embedding)
    for o in ({"Kind": "Sgd", "LearningRate": 0.5}, {"Kind": "Sgd", "LearningRate": 0.1, "Momentum": 0.9, "WeightDecay": 0.01},
              {"Kind": "Adagrad", "LearningRate": 0.1}, {"Kind": "Adagrad", "LearningRate": 0.1, "WeightDecay": 0.01}, {"Kind": "RmsProp"},
              {"Kind": "RmsProp", "Momentum": 0.9, "WeightDecay": 0.01}, {"Kind": "Adam"}, {"Kind": "Adam", "WeightDecay": 0.01},
              {"Kind": "AdamW", "WeightDecay": 0.1}):
        yield run("optimiser " + " ".join(str(v) for v in o.values()), optimizer=o)
    yield run("clip by value, then norm", optimizer={"ClipValue": 0.02, "ClipNorm": 0.1})
    yield run("no clipping", optimizer={"ClipNorm": 0})
    yield run("accumulation", accumulate=3)
    for cell in ("Rnn", "Lstm", "Gru"):
        yield run(f"{cell} lengths", Cell=cell, Layers=2, lengths=[6, 4, 4, 1], carry=False)
        yield run(f"{cell} lengths, carried", Cell=cell, lengths=[6, 4, 4, 1])
        yield run(f"{cell} conditions", Cell=cell, Layers=2, Conditions=3, conditions=[2, 0, 1, 2], carry=False, ignore=True)
        yield run(f"{cell} learned state", Cell=cell, Layers=2, InitialState="Learned", carry=False)
        yield run(f"{cell} given state", Cell=cell, carry=False, initial=True)
    yield run("tied weights", EmbeddingSize=H, TieWeights=True)
    for pooling in ("Last", "Mean", "Max"):
        for bidirectional in (False, True):
            yield run(f"classifier {pooling}{' bidirectional' if bidirectional else ''}", Task="Classification", Classes=C, Layers=2, Pooling=pooling,
                      Bidirectional=bidirectional, carry=False, lengths=[6, 5, 2, 1], weights=[1.0, 0.5, 2.0])
            yield run(f"classifier {pooling}{' bidirectional' if bidirectional else ''}, equal lengths", Task="Classification", Classes=C, Cell="Lstm",
                      Pooling=pooling, Bidirectional=bidirectional, carry=False)


torch.set_num_threads(1)
print("[\n" + ",\n".join(json.dumps(c) for c in cases()) + "\n]")
