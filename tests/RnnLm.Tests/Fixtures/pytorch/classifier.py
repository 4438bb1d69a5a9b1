"""Loads a classifier that 'rnnlm convert classifier.zip classifier.pth' wrote, and prints the logits of texts: [B, C] as JSON.

Writes its weights again under other names, as a program of one's own would: python3 classifier.py classifier.pth own.pth "text" "text".
"""
import json, sys, zipfile
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Classifier(nn.Module):
    def __init__(self, model):
        super().__init__()
        size, hidden, self.tokens = model["embedding_size"], model["hidden_size"], model["vocabulary_size"]
        self.pooling = model["pooling"]
        if size > 0:
            self.embedding = nn.Embedding(self.tokens, size)
        kind = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[model["cell"]]
        relu = {"nonlinearity": "relu"} if model["cell"] == "rnn" and model["nonlinearity"] == "relu" else {}
        both = model["bidirectional"]
        self.rnn = kind(size or self.tokens, hidden, model["layers"], batch_first=True, bidirectional=both, **relu)
        self.output = nn.Linear(hidden * (2 if both else 1), model["classes"])
        if model["initial_state"] == "learned":
            self.initial_state = nn.Parameter(torch.zeros(model["layers"] * (2 if both else 1) * (2 if kind is nn.LSTM else 1), hidden))

    def forward(self, ids, lengths):  # [B, T], [B] -> [B, C]
        one_hot = not hasattr(self, "embedding")
        x = nn.functional.one_hot(ids, self.tokens).float() if one_hot else self.embedding(ids)
        packed, last = self.rnn(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False), self.start(len(ids)))
        if self.pooling == "last":
            last = last[0] if isinstance(last, tuple) else last  # [L·D, B, H]: of the last layer, each direction's own last state
            pooled = torch.cat(list(last[-2 if self.rnn.bidirectional else -1:]), 1)
        else:
            states, _ = pad_packed_sequence(packed, batch_first=True)
            pooled = torch.stack([s[:n].mean(0) if self.pooling == "mean" else s[:n].max(0).values for s, n in zip(states, lengths)])
        return self.output(pooled)

    def start(self, batch):
        if not hasattr(self, "initial_state"):
            return None
        rows = self.initial_state.unsqueeze(1).repeat(1, batch, 1)  # layer by layer, hidden before cell
        return (rows[0::2].contiguous(), rows[1::2].contiguous()) if isinstance(self.rnn, nn.LSTM) else rows


path, own, texts = sys.argv[1], sys.argv[2], sys.argv[3:]
config = json.loads(zipfile.ZipFile(path).read("archive/extra/config.json"))
vocabulary = config["vocabulary"]
assert vocabulary["unknown_characters"] == "token" and not vocabulary["start_and_end"]
ids = {token: i for i, token in enumerate(["unknown"] + list(vocabulary["characters"]))}
model = Classifier(config["model"])
model.load_state_dict(torch.load(path, weights_only=True))
names = {"embedding": "encoder.characters", "rnn": "encoder.layers", "output": "head"}
torch.save({".".join([names.get(name.split(".")[0], name.split(".")[0])] + name.split(".")[1:]): t for name, t in model.state_dict().items()}, own)
rows = [torch.tensor([ids.get(c, 0) for c in text]) for text in texts]
with torch.no_grad():
    logits = model(nn.utils.rnn.pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows]))
print(json.dumps(logits.tolist()))
