"""Machine-spun wording: which texts have it, which words, and what stood there before.

The modules in the order in which their evidence counts:

1. The text alone: `score`, from compiled `counts` of what English at large seldom has (`web`,
   `words`), how each word fits its place (`word_fit`, over `bigrams` and `syntax`), known `tells`.
2. Its copies: `align` pairs their words along `strips` of anchors, `direction` says which side was
   spun, but for what two countries call differently (`dialects`); `judge` makes a belief of score
   and copies, `soundness` says which copy has most good words.
3. The words of a spun text, the strongest evidence first, as SOURCES of `evidence` has it:
   what an unspun copy has in their place (`siblings`); what such copies taught (`lessons`, a
   `lexicon`, or `lists` that come with scrub), found elsewhere by `known`; how they fit the
   language of the corpus (`context`, by `word_evidence` of `ngrams`, `topics`, `word_use` and the
   neighbours in a `thesaurus`); grammar (`languagetool`); known `phrases`.
4. All of it for a corpus: `flagging`, in passes over batches of whole clusters; `evidence` merges,
   `repair` puts back what is sure.
"""
