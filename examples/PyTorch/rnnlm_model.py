"""Loads a model that 'rnnlm convert model.zip model.pth' wrote, and computes its logits: python3 rnnlm_model.py model.pth "text"."""
import json, sys, zipfile
import torch
from torch import nn


class CharRnn(nn.Module):
    def __init__(self, model):
        super().__init__()
        size, hidden, self.tokens = model["embedding_size"], model["hidden_size"], model["vocabulary_size"]
        if size > 0:
            self.embedding = nn.Embedding(self.tokens, size)
        kind = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[model["cell"]]
        relu = {"nonlinearity": "relu"} if model["cell"] == "rnn" and model["nonlinearity"] == "relu" else {}
        self.rnn = kind(size or self.tokens, hidden, model["layers"], batch_first=True, **relu)
        self.output = nn.Linear(hidden, self.tokens)

    def forward(self, ids, state=None):  # [B, T] -> [B, T, V]
        one_hot = not hasattr(self, "embedding")
        x = nn.functional.one_hot(ids, self.tokens).float() if one_hot else self.embedding(ids)
        x, state = self.rnn(x, state)
        return self.output(x), state


path, text = sys.argv[1:3]
config = json.loads(zipfile.ZipFile(path).read("archive/extra/config.json"))
vocabulary = config["vocabulary"]
special = (["unknown"] if vocabulary["unknown_characters"] == "token" else []) + (["start", "end"] if vocabulary["start_and_end"] else [])
ids = {token: i for i, token in enumerate(special + list(vocabulary["characters"]))}
model = CharRnn(config["model"])
model.load_state_dict(torch.load(path, weights_only=True))
# A model without an unknown token skips unknown characters, or refuses them.
if vocabulary["unknown_characters"] == "throw" and (unknown := set(text) - ids.keys()):
    sys.exit(f"the model does not know {sorted(unknown)}")
known = text if vocabulary["unknown_characters"] == "token" else [c for c in text if c in ids]
start = [ids["start"]] if vocabulary["start_and_end"] else []
with torch.no_grad():
    logits, _ = model(torch.tensor([start + [ids.get(c, ids.get("unknown")) for c in known]]))
print(json.dumps(logits[0].tolist()))
