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


def free_running(length, batch, step):
    """Where the model reads its own prediction: about a third of the places, never the first position."""
    return torch.tensor([[t > 0 and (5 * t + 3 * b + step) % 3 == 0 for b in range(batch)] for t in range(length)])


def run_freely(model, tokens, state, free):
    """Position by position: where free says so, the input is what the position before made the most likely."""
    logits = []
    for t in range(len(tokens)):
        x = tokens[t] if t == 0 else torch.where(free[t], logits[-1].argmax(1), tokens[t])
        out, state = model(x[None], state, None)
        logits.append(out[0])
    return torch.stack(logits), state


def make_optimizer(o, p):
    lr, wd, momentum = o["LearningRate"], o["WeightDecay"], o["Momentum"]
    eps = {"eps": o["Epsilon"]} if "Epsilon" in o else {}
    betas = (o.get("Beta1", 0.9), o.get("Beta2", 0.999))
    return {"Sgd": lambda: torch.optim.SGD(p, lr, momentum, weight_decay=wd),
            "Adagrad": lambda: torch.optim.Adagrad(p, lr, weight_decay=wd, **eps),
            "RmsProp": lambda: torch.optim.RMSprop(p, lr, alpha=o.get("Alpha", 0.99), momentum=momentum, weight_decay=wd, **eps),
            "Adam": lambda: torch.optim.Adam(p, lr, betas, weight_decay=wd, **eps),
            "AdamW": lambda: torch.optim.AdamW(p, lr, betas, weight_decay=wd, **eps)}[o["Kind"]]()


def make_scheduler(o, opt, steps, steps_per_epoch):
    """The schedule, after a warm-up that reaches the full rate with its last step."""
    from torch.optim import lr_scheduler as s
    warmup, final = o.get("WarmupSteps", 0), o.get("FinalLearningRateFraction", 0)
    rest = {"Constant": lambda: s.ConstantLR(opt, 1),
            "StepDecay": lambda: s.StepLR(opt, o.get("DecayEpochs", 1) * steps_per_epoch, o.get("DecayFactor", 0.97)),
            "Linear": lambda: s.LinearLR(opt, 1, final, steps - warmup),
            "Cosine": lambda: s.CosineAnnealingLR(opt, steps - warmup, final * o["LearningRate"])}[o.get("Schedule", "Constant")]()
    return s.SequentialLR(opt, [s.LambdaLR(opt, lambda step: (step + 1) / warmup), rest], [warmup]) if warmup else rest


def run(name, steps=30, length=6, batch=4, lengths=None, carry=True, conditions=None, ignore=False, weights=None, optimizer=None, initial=False,
        accumulate=1, free=False, reduction="Mean", smoothing=0, steps_per_epoch=5, **config):
    c = {"Task": "LanguageModel", "Cell": "Gru", "Nonlinearity": "Tanh", "VocabularySize": V, "HiddenSize": H, "Layers": 1, "EmbeddingSize": E,
         "TieWeights": False, "InitialState": "Zeros", "Conditions": 0, "Bidirectional": False, "Pooling": "Last", "Classes": 0, **config}
    o = {"Kind": "Adam", "LearningRate": 0.01, "Momentum": 0, "WeightDecay": 0, "ClipNorm": 1, "ClipValue": 0, **(optimizer or {})}
    classify = c["Task"] == "Classification"
    model = Model(c)
    opt = make_optimizer(o, model.parameters())
    scheduler = make_scheduler(o, opt, steps, steps_per_epoch)
    n = None if lengths is None else torch.tensor(lengths)
    k = None if conditions is None else torch.tensor(conditions)
    h0 = torch.tensor([value(50, i) for i in range(c["Layers"] * batch * H)]).view(c["Layers"], batch, H) if initial else None
    w = None if weights is None else torch.tensor(weights)
    state, losses, norms, rates = None, [], [], []
    for step in range(steps):
        opt.zero_grad()
        losses.append(0.0)
        for part in range(accumulate):
            text = torch.tensor([[(5 * t + 3 * b * b + t * b + step + part) % V for b in range(batch)] for t in range(length + 1)])
            if not (carry and state is not None):
                state = model.start(batch, k)
                if initial:
                    state = (h0, torch.zeros_like(h0)) if isinstance(state, tuple) else h0
            if free:
                logits, state = run_freely(model, text[:-1], state, free_running(length, batch, step + part))
            else:
                logits, state = model(text[:-1], state, n)
            state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
            target = torch.tensor([b % C for b in range(batch)]) if classify else text[1:].clone()
            if not classify and n is not None:
                target[torch.arange(length)[:, None] >= n[None, :]] = -1
            if ignore:
                target[:2] = -1
            loss = nn.functional.cross_entropy(logits.view(-1, logits.shape[-1]), target.reshape(-1), w, ignore_index=-1, label_smoothing=smoothing)
            (loss * (target >= 0).sum() if reduction == "Sum" else loss / accumulate).backward()
            losses[-1] += loss.item() / accumulate
        if o["ClipValue"]:
            nn.utils.clip_grad_value_(model.parameters(), o["ClipValue"])
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), o["ClipNorm"] or math.inf).item())
        rates.append(opt.param_groups[0]["lr"])
        opt.step()
        scheduler.step()
    figures = lambda x: [float(f"{v:.8g}") for v in (x.detach().flatten().tolist() if torch.is_tensor(x) else x)]
    return {"Name": name, "Config": c, "Optimizer": o, "Steps": steps, "StepsPerEpoch": steps_per_epoch, "Length": length, "BatchSize": batch,
            "Lengths": lengths, "CarryState": carry, "Conditions": conditions, "Ignore": ignore, "ClassWeights": weights,
            "InitialHidden": None if h0 is None else figures(h0), "Accumulate": accumulate, "Free": free, "Reduction": reduction, "LabelSmoothing": smoothing,
            "Rates": rates if "Schedule" in o or "WarmupSteps" in o else [], "Losses": figures(losses), "Norms": figures(norms),
            "Weights": {k: figures(v) for k, v in model.in_order()} if optimizer else {}}


def cases():
    for cell, nonlinearity in (("Rnn", "Tanh"), ("Rnn", "Relu"), ("Lstm", "Tanh"), ("Gru", "Tanh")):
        for layers, embedding in ((1, 0), (2, E)):
            yield run(f"{cell} {nonlinearity} {layers} layers, {'embedding' if embedding else 'one-hot'}", Cell=cell, Nonlinearity=nonlinearity,
                      Layers=layers, EmbeddingSize=embedding)
    for o in ({"Kind": "Sgd", "LearningRate": 0.5}, {"Kind": "Sgd", "LearningRate": 0.1, "Momentum": 0.9},
              {"Kind": "Sgd", "LearningRate": 0.1, "Momentum": 0.9, "WeightDecay": 0.01}, {"Kind": "Sgd", "LearningRate": 0.1, "WeightDecay": 0.01},
              {"Kind": "Adagrad", "LearningRate": 0.1}, {"Kind": "Adagrad", "LearningRate": 0.1, "WeightDecay": 0.01, "Epsilon": 1e-4},
              {"Kind": "RmsProp"}, {"Kind": "RmsProp", "LearningRate": 0.002, "Momentum": 0.9},
              {"Kind": "RmsProp", "LearningRate": 0.002, "Momentum": 0.9, "WeightDecay": 0.01, "Alpha": 0.9, "Epsilon": 1e-4},
              {"Kind": "Adam"}, {"Kind": "Adam", "WeightDecay": 0.01, "Beta1": 0.8, "Beta2": 0.9, "Epsilon": 1e-4},
              {"Kind": "AdamW"}, {"Kind": "AdamW", "WeightDecay": 0.1, "Beta1": 0.8, "Beta2": 0.9, "Epsilon": 1e-4}):
        yield run("optimiser " + " ".join(str(v) for v in o.values()), optimizer=o)
    for o in ({"Schedule": "StepDecay", "DecayFactor": 0.7, "DecayEpochs": 2}, {"Schedule": "Linear", "FinalLearningRateFraction": 0.1},
              {"Schedule": "Cosine"}, {"Schedule": "Cosine", "FinalLearningRateFraction": 0.2, "WarmupSteps": 7}, {"WarmupSteps": 10}):
        yield run("schedule " + " ".join(f"{k} {v}" for k, v in o.items()), optimizer=o)
    for kind in ("Sgd", "Adagrad", "RmsProp", "Adam", "AdamW"):
        # Everything at once.
        yield run(f"{kind} with tied weights, learned state, decay, both clips, accumulation and schedule", accumulate=2, Cell="Lstm", Layers=2, EmbeddingSize=H,
                  TieWeights=True, InitialState="Learned", carry=False, optimizer={"Kind": kind, "Momentum": 0.5, "WeightDecay": 0.02, "ClipValue": 0.05,
                  "ClipNorm": 0.2, "Schedule": "Cosine", "WarmupSteps": 5})
    # min-char-rnn: the loss summed over the window, gradients clipped element by element.
    yield run("sum of losses", reduction="Sum", Cell="Rnn", EmbeddingSize=0, batch=1, length=12,
              optimizer={"Kind": "Adagrad", "LearningRate": 0.1, "ClipNorm": 0, "ClipValue": 5, "Epsilon": 1e-8})
    for cell in ("Rnn", "Lstm", "Gru"):
        yield run(f"{cell} reading its own predictions", free=True, Cell=cell, Layers=2, optimizer={"Kind": "Adam"})
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
    yield run("label smoothing", smoothing=0.1, Layers=2, lengths=[6, 4, 4, 1], optimizer={"Kind": "Adam"})
    yield run("label smoothing where targets are left out, accumulation", smoothing=0.4, Cell="Lstm", ignore=True, accumulate=2, optimizer={"Kind": "Sgd", "LearningRate": 0.5})
    yield run("label smoothing, sum of losses", smoothing=0.2, reduction="Sum", Cell="Rnn", EmbeddingSize=0, optimizer={"Kind": "Sgd", "LearningRate": 0.01})
    for weights in (None, [1.0, 0.5, 2.0]):
        yield run(f"classifier label smoothing{', class weights' if weights else ''}", smoothing=0.1, weights=weights, Task="Classification", Classes=C, Pooling="Mean",
                  Bidirectional=True, carry=False, lengths=[6, 5, 2, 1], optimizer={"Kind": "Adam"})
    for pooling in ("Last", "Mean", "Max"):
        for bidirectional in (False, True):
            yield run(f"classifier {pooling}{' bidirectional' if bidirectional else ''}", Task="Classification", Classes=C, Layers=2, Pooling=pooling,
                      Bidirectional=bidirectional, carry=False, lengths=[6, 5, 2, 1], weights=[1.0, 0.5, 2.0])
            yield run(f"classifier {pooling}{' bidirectional' if bidirectional else ''}, equal lengths", Task="Classification", Classes=C, Cell="Lstm",
                      Pooling=pooling, Bidirectional=bidirectional, carry=False)


torch.set_num_threads(1)
print("[\n" + ",\n".join(json.dumps(c) for c in cases()) + "\n]")
