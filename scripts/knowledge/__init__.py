"""Derives what the product knows of how characters sound, look and split, and what signs stand for.

- `hanzi.tsv`: readings from pypinyin; frequency from the words of jieba's dictionary.
- `looks.tsv`: look-alikes. Glyphs are drawn and compared by stroke directions, shade and corners;
  cjk-decomp says which parts two characters share. Two logistic formulas join these signals.
- `splits.tsv`: cjk-decomp's parts, as people type them.
- `emoji.tsv`: CLDR's short names and keywords, the likeliest plain word first.
- `glyphs.tsv`: odd letters that, drawn, fall on a Latin letter, or whose name says which it is.
- `words.tsv`: the most frequent words of jieba's dictionary.

`python -m scripts.knowledge` writes them; `python -m scripts.knowledge.measure` compares them with
others' tables, none of which is copied. Another numpy may move a percent of `looks.tsv` by one.
"""
