"""A model folder as sentence-transformers saves one, made here: a BERT of a few hundred random weights."""

import json
from pathlib import Path

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] . , : ' ? nurses leave the wards hospital boats sardine tins query passage "
    "represent this sentence for searching relevant passages ask story where is who"
).split()


def tiny_model(folder: Path, reads: int = 256, places: int = 512, **prompts: str) -> Path:
    """A folder with a model of eight dimensions; `reads` is its limit in tokens, `places` what it could read."""
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415
    from transformers import BertConfig, BertModel, BertTokenizerFast  # noqa: PLC0415

    raw = folder.with_name(f"{folder.name}-raw")
    raw.mkdir(parents=True)
    (raw / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=places,
        initializer_range=1.0,
    )
    BertModel(config).save_pretrained(raw)
    BertTokenizerFast(str(raw / "vocab.txt"), do_lower_case=True).save_pretrained(raw)
    word_vectors = Transformer(str(raw), max_seq_length=reads)
    model = SentenceTransformer(modules=[word_vectors, Pooling(8)], prompts=prompts or None, device="cpu")
    model.save(str(folder))
    assert prompts.items() <= json.loads((folder / "config_sentence_transformers.json").read_text())["prompts"].items()
    return folder
