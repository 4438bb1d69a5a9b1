#!/usr/bin/python3
"""Writes figures.json: small models of each kind, with PyTorch's weights, and what PyTorch says of some texts.

Each text is run alone through torch.nn, without packing, padding or batches, in double precision. Nothing of it is shared with the library.
Run with a Python that has PyTorch (the figures in the repository are of 1.13.1, CPU):  python3 make_figures.py > figures.json
"""
import json, math
import torch
from torch import nn

NAMES = ["Anna", "Zoë", "Bela", "Jo", "Łucja", "Anna-Lena", "X", "Мария", "Nan 😀", "Dee"]
SONG = "the cat sat on the mat,\nand the dog — wau! — sat on the log.\n" * 3
SUMS = [("1+1=?", "2"), ("9+9=?", "18"), ("7+0=?", "7"), ("5x5=?", "25"), ("3+4=?", ""), ("", "0")]
KINDS = [("cat", "miau"), ("dog", "wau"), ("cat", "miaaau"), (None, "wuff"), ("dog", "wau wau"), ("cat", "pürr")]
CODES = [("spam", "buy now!!"), ("ham", "see you"), ("spam", "win win"), ("ham", ""), ("ham", "lunch?"), ("spam", "!"), ("ham", "buy milk"), ("spam", "prize ü"), ("spam", "see you")]
PETS = [("cat", "miau"), ("dog", "wau"), ("cow", "muh"), ("cat", "mi"), ("dog", "wuff"), ("cat", "purr"), ("ant", "...")]


class Network(nn.Module):
    """The library's architecture in torch.nn, with its names of weights."""

    def __init__(self, cell, inputs, outputs, hidden, layers=1, embedding=0, bidirectional=False, learned=False, conditions=0, deviation=0.4):
        super().__init__()
        self.inputs, self.rows = inputs, layers * (2 if bidirectional else 1)
        self.states = 2 if cell == "Lstm" else 1
        if embedding:
            self.embedding = nn.Embedding(inputs, embedding)
        self.rnn = {"Rnn": nn.RNN, "Lstm": nn.LSTM, "Gru": nn.GRU}[cell](embedding or inputs, hidden, layers, bidirectional=bidirectional)
        if learned:
            self.initial_state = nn.Parameter(torch.zeros(self.rows * self.states, hidden))
        if conditions:
            self.condition = nn.Embedding(conditions, self.rows * self.states * hidden)
        self.output = nn.Linear(hidden * (2 if bidirectional else 1), outputs)
        for p in self.parameters():
            nn.init.normal_(p, std=deviation)
            p.data = torch.tensor([round(x, 3) for x in p.flatten().tolist()]).view_as(p)

    def start(self, condition):
        if condition is not None:
            x = self.condition.weight[condition].view(self.rows, self.states, 1, -1)
        elif hasattr(self, "initial_state"):
            x = self.initial_state.view(self.rows, self.states, 1, -1)
        else:
            return None
        return (x[:, 0].contiguous(), x[:, 1].contiguous()) if self.states == 2 else x[:, 0].contiguous()

    def forward(self, ids, condition=None):
        x = torch.tensor(ids)
        x = self.embedding(x) if hasattr(self, "embedding") else nn.functional.one_hot(x, self.inputs).double()
        return self.rnn(x[:, None], self.start(condition))[0][:, 0]   # [T, H]


class Vocabulary:
    """Special tokens first, in the order unknown, start, end; then the characters in the order of their code points."""

    def __init__(self, characters, unknown="Token", framed=False):
        self.characters, self.unknown, self.framed = "".join(sorted(characters)), unknown, framed
        special = (["unknown"] if unknown == "Token" else []) + (["start", "end"] if framed else [])
        self.special = {name: i for i, name in enumerate(special)}
        self.first = len(special)
        self.size = self.first + len(characters)

    def encode(self, text):
        """Returns pairs of an id and the bytes that its character is in UTF-8; 0 bytes for one that is not known. Characters that are left out have the id None."""
        return [(self.first + self.characters.index(c), len(c.encode())) if c in self.characters else (self.special.get("unknown"), 0) for c in text]

    def json(self):
        return {"Characters": self.characters, "UnknownCharacters": self.unknown, "StartAndEnd": self.framed}


def score(network, vocabulary, text, before, condition):
    """The sums over a text: of all that counts, and of what is known."""
    tokens = vocabulary.encode(text)
    unknown = sum(size == 0 for _, size in tokens)
    counted = [t for t in tokens if t[0] is not None] + ([(vocabulary.special["end"], 1)] if vocabulary.framed else [])
    # A running text's first character follows on nothing.
    read, counted = (before, counted) if before else ([counted[0][0]] if counted else [], counted[1:])
    ids = read + [t[0] for t in counted]
    p = torch.log_softmax(network.output(network(ids[:-1], condition)), 1) if counted else []
    each = [p[len(read) - 1 + i, t[0]].item() for i, t in enumerate(counted)]
    known = [(x, t[1]) for x, t in zip(each, counted) if t[1] > 0]
    return {"LogProbability": sum(each), "Count": len(each), "UnknownCharacters": unknown,
            "KnownLogProbability": sum(x for x, _ in known), "KnownCount": len(known), "KnownBytes": sum(size for _, size in known)}


def total(rows):
    return {key: sum(row["Figures"][key] for row in rows) for key in rows[0]["Figures"]}


def weights(network):
    return {name: [round(x, 3) for x in p.flatten().tolist()] for name, p in network.named_parameters()}


def language_model(name, mode, vocabulary, rows, conditions=(), learned=False, **config):
    """rows: (text, target of a pair or None, condition or None)."""
    network = Network(inputs=vocabulary.size, outputs=vocabulary.size, conditions=len(conditions), learned=learned, **config).double().eval()
    scored = []
    for text, target, condition in rows:
        start = [vocabulary.special["start"]] if vocabulary.framed else []
        read = [i for i, _ in vocabulary.encode(text) if i is not None] + start if target is not None else start
        figures = score(network, vocabulary, text if target is None else target, read, None if condition is None else conditions.index(condition))
        scored.append({"Text": text, "Target": target, "Condition": condition, "Figures": figures})
    return {"Name": name, "Mode": mode, "Vocabulary": vocabulary.json(), "Conditions": list(conditions),
            "Config": describe(config, vocabulary, learned=learned, conditions=len(conditions)), "Weights": weights(network), "Rows": scored, "Total": total(scored)}


def describe(config, vocabulary, learned=False, conditions=0, **more):
    return {"Cell": config["cell"], "VocabularySize": vocabulary.size, "HiddenSize": config["hidden"], "Layers": config.get("layers", 1),
            "EmbeddingSize": config.get("embedding", 0), "InitialState": "Learned" if learned else "Zeros", "Conditions": conditions, **more}


def classifier(name, vocabulary, classes, rows, pooling, seed, **config):
    torch.manual_seed(seed)
    network = Network(inputs=vocabulary.size, outputs=len(classes), bidirectional=True, deviation=1.5, **config).double().eval()
    hidden, answers = config["hidden"], []
    for label, text in rows:
        # A text without characters is read as one token, the first.
        out = network([i for i, _ in vocabulary.encode(text)] or [0])
        pooled = {"Mean": lambda: out.mean(0), "Max": lambda: out.max(0).values, "Last": lambda: torch.cat([out[-1, :hidden], out[0, hidden:]])}[pooling]()
        answers.append((label, torch.softmax(network.output(pooled), 0).tolist()))
    predicted = [(label, classes[max(range(len(p)), key=lambda i: p[i])]) for label, p in answers]
    names = sorted({n for pair in predicted for n in pair})
    f1 = [2 * sum(a == b == n for a, b in predicted) / (sum(a == n for a, _ in predicted) + sum(b == n for _, b in predicted)) for n in names]
    losses = [-math.log(p[classes.index(label)]) for label, p in answers if label in classes]
    # The area under the ROC curve, by its meaning: how often one of the second label scores higher than one of the first, a tie being half.
    pairs = [(a[1], b[1]) for x, a in answers for y, b in answers if x == classes[0] and y == classes[1]] if len(classes) == 2 else []
    return {"Name": name, "Vocabulary": vocabulary.json(), "Classes": classes, "Weights": weights(network),
            "Config": describe(config, vocabulary, Task="Classification", Bidirectional=True, Pooling=pooling, Classes=len(classes)),
            "Rows": [{"Label": label, "Text": text, "Probabilities": p} for (label, text), (_, p) in zip(rows, answers)],
            "Accuracy": sum(a == b for a, b in predicted) / len(rows), "MacroF1": sum(f1) / len(f1), "Loss": sum(losses) / len(losses), "LossRows": len(losses),
            "AreaUnderCurve": sum((b > a) + 0.5 * (b == a) for a, b in pairs) / len(pairs) if pairs else None}


def main():
    torch.manual_seed(1)
    letters = " abcdeghilmnoprstuw.,\n"
    single = lambda texts: [(text, None, None) for text in texts]
    print(json.dumps({"PyTorch": torch.__version__, "LanguageModels": [
        language_model("running text, unknown left out", "Stream", Vocabulary(letters, "Skip"), single([SONG]), cell="Lstm", hidden=4, layers=2),
        language_model("running text, unknown token", "Stream", Vocabulary(letters), single([SONG]), cell="Gru", hidden=5),
        language_model("rows", "Rows", Vocabulary("AaBbdeJjLlnoZëу-😀", framed=True), single(NAMES), cell="Gru", hidden=5, embedding=3, learned=True),
        language_model("rows with conditions", "Rows", Vocabulary("aifmuwr ", framed=True), [(text, None, c) for c, text in KINDS], conditions=("cat", "dog"),
                       cell="Lstm", hidden=4, embedding=2),
        language_model("pairs", "Pairs", Vocabulary("0123456789+=?", "Skip", framed=True), [(a, b, None) for a, b in SUMS], cell="Rnn", hidden=6),
        language_model("pairs with conditions", "Pairs", Vocabulary("abcdefghijklmnopqrstuvwxyz", framed=True),
                       [("hello", "bonjour", "fr"), ("hello", "hallo", "de"), ("tea", "thé", "fr"), ("tea", "tee", None)], conditions=("de", "fr"), cell="Gru", hidden=4, learned=True),
    ], "Classifiers": [
        classifier("two labels", Vocabulary(" abeiklnosuwyz!"), ["ham", "spam"], CODES, "Mean", seed=1, cell="Gru", hidden=3, embedding=2),
        classifier("three labels", Vocabulary("aimuwhfpr"), ["dog", "cat", "cow"], PETS, "Last", seed=2, cell="Lstm", hidden=2),
    ]}, ensure_ascii=False, indent=None).replace('{"Name"', '\n{"Name"'))


if __name__ == "__main__":
    with torch.no_grad():
        main()
