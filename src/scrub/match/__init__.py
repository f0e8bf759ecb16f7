"""Every kind of copy, proven sentence by sentence: the modules in the order in which they decide.

1. Words and sentences of a text: `tokens`, by the compiled `scan`; what has no full stops is cut
   where its words say (`endless`).  Letters are folded (`characters`), names known by their sound
   (`spelling`), numbers by their value (`numbers`); `languages` has the function words.
2. What is kept of it: `features`, its words, its MinHash bands (`signatures`) and a sample of the
   shingles of its frame.
3. Which pairs are compared: `candidates`, which share a band or enough of the sample.
4. What is counted of a pair, as MEASURES of `verify`: the sentences that are aligned; of two that
   stand opposite each other the words, names and numbers that agree (`opposite`, in other units
   `conversions`); how common the wording is, and which words fill slots of a template
   (`frequency`); what stands beside the sentences that match (`rests`); words (`similarity`).
5. What the counts say together: `account`, a sum of terms, for a copy coverage, frame, sentences
   and words, against it contested sentences, slots, disagreement and `standing` blocks.  What
   reaches the sum that is needed is linked.
6. All of it for a corpus: `pairs`, whose `find_copies` looks at each candidate once (`looks`) and
   weighs those that are plausible, on threads (`parts`); `clusters` makes stories of the links,
   `keep` chooses what stays of each.

`explain` shows the account of two texts.  `rewrites` is a second pass over what is kept, for the
same story in other words.  `minhash` is plain LSH instead of all this, for comparison.
"""
