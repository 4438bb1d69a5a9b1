#!/usr/bin/python3
"""Writes inference.json: what PyTorch computes for models whose weights both sides make by the same formula.

Element i of tensor n (in the order of ModelWeights) is (2654435761 i + 2246822519 n + 374761393 mod 2^32) / 2^32 - 1/2.
Run with a Python that has PyTorch: python3 make_inference_fixture.py > inference.json
"""
import json

import torch
from torch import nn

VOCABULARY, HIDDEN, STEPS, LANES, CLASSES = 11, 19, 5, 2, 3
LENGTHS = [6, 4, 1]


class Model(nn.Module):
    def __init__(self, cell, layers, embedding, ones=False, bidirectional=False, outputs=VOCABULARY):
        super().__init__()
        self.ones, self.one_hot = ones, embedding == 0
        if embedding:
            self.embedding = nn.Embedding(VOCABULARY, embedding)
        kind = {"Rnn": nn.RNN, "Relu": nn.RNN, "Lstm": nn.LSTM, "Gru": nn.GRU}[cell]
        extra = {"nonlinearity": "relu"} if cell == "Relu" else {}
        self.rnn = kind(embedding or VOCABULARY, HIDDEN, layers, bidirectional=bidirectional, **extra)
        self.output = nn.Linear(HIDDEN * (2 if bidirectional else 1), outputs)

    def embed(self, x):
        return nn.functional.one_hot(x, VOCABULARY).float() if self.one_hot else self.embedding(x)

    def start(self, batch):
        if not self.ones:
            return None
        hidden = torch.ones(self.rnn.num_layers, batch, HIDDEN)
        return (hidden, torch.zeros_like(hidden)) if isinstance(self.rnn, nn.LSTM) else hidden


def fill(model):
    with torch.no_grad():
        for n, p in enumerate(model.parameters()):
            i = torch.arange(p.numel(), dtype=torch.int64)
            h = (2654435761 * i + 2246822519 * n + 374761393) % 2**32
            p.copy_((h.double() / 2**32 - 0.5).float().view(p.shape))
    return model.eval()


def language_model(cell, layers, embedding, ones):
    model = fill(Model(cell, layers, embedding, ones))
    x = torch.tensor([[(3 * t + 5 * b) % VOCABULARY for b in range(LANES)] for t in range(STEPS)])
    hidden, _ = model.rnn(model.embed(x), model.start(LANES))
    return {"cell": cell, "layers": layers, "embedding": embedding, "ones": ones, "logits": model.output(hidden)[-1].flatten().tolist()}


def classifier(cell, layers, embedding, pooling):
    model = fill(Model(cell, layers, embedding, bidirectional=True, outputs=CLASSES))
    x = torch.tensor([[(3 * t + 5 * b) % VOCABULARY for b in range(len(LENGTHS))] for t in range(LENGTHS[0])])
    packed = nn.utils.rnn.pack_padded_sequence(model.embed(x), torch.tensor(LENGTHS))
    outputs, state = model.rnn(packed)
    hidden = state[0] if isinstance(state, tuple) else state
    outputs, _ = nn.utils.rnn.pad_packed_sequence(outputs)
    rows = [outputs[:n, b] for b, n in enumerate(LENGTHS)]
    pooled = {"Last": torch.cat([hidden[-2], hidden[-1]], 1),
              "Mean": torch.stack([r.mean(0) for r in rows]),
              "Max": torch.stack([r.max(0).values for r in rows])}[pooling]
    return {"cell": cell, "layers": layers, "embedding": embedding, "pooling": pooling,
            "probabilities": torch.softmax(model.output(pooled), 1).flatten().tolist()}


def main():
    with torch.no_grad():
        print(json.dumps({
            "pytorch": torch.__version__,
            "languageModels": [language_model(c, n, e, ones) for c in ("Rnn", "Relu", "Lstm", "Gru")
                               for n, e, ones in ((1, 0, False), (2, 7, False), (2, 0, True))],
            "classifiers": [classifier(c, 2, 7, p) for c in ("Rnn", "Lstm", "Gru") for p in ("Last", "Mean", "Max")],
        }, indent=1))


if __name__ == "__main__":
    main()
