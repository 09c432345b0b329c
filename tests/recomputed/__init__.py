"""A second pair of eyes: what ``consolidate --json`` says, calculated again from what was typed.

Register.xlsx, the filled cards and the account plans are read with openpyxl alone, found by what
stands on the sheets (marks, ids, rows of keys), and put through the method as DESIGN describes it.
Nothing of kamxl is imported here (a test holds that), so a mistake of the core cannot be repeated.
Only which files count is taken from the answer itself (``files``: path and status), because that is
asked of signatures; what stands in them is read anew.

Where the method leaves room, it is read like this:

- Raters. A rater is an addressee, or another person who typed a clearly different name into her
  card; the same person in two segments is one. ``of`` counts every rater whose file counts, also
  one without a single rating of us, or with weights of zero.
- "The raters who have them". A rater without a rating of a supplier has no total of it and is not
  averaged, neither in totals nor in coverages; where nobody has a total, the coverage is unknown
  (that of the card would be zero) and counts as zero in the account's.
- A half is enough: shares and coverages are compared with 0.5 after rounding to 1e-9.
- "On a tie the one stronger on the heavier requirements": the larger mean of Σw²r/Σw², over what
  the raters whose leads are averaged rated of the rival; then the smaller id. The same where none
  has enough basis and two have the highest total: there the id alone decides.
- Where none has enough basis, a rival without any rating is not named; the one named may have no
  lead, if nobody rated us beside it.
- The largest segment is that with the largest known revenue, the first id among equals; those of
  unknown revenue come last.
- Revenue shares are equal if a revenue is unknown, and also if all are zero. Where all that have a
  figure have a share of zero, there is no mean: unknown, not the figure of what brings nothing.
- "An account without a reply in the period shows its latest earlier one" holds for each of its
  segments: where one was answered in the period, only answers of the period count in it. Totals and
  leads of an account take its segments so.
- A segment without a comparison has the basis: no rater, weights 0, not enough; an account without
  a compared segment: the same, and revenue 0. ``of`` says in both who answered.
- A requirement that a customer added counts from the first thing she typed in its row, on her card
  alone; while it has no weight, her profile is not complete.
- The relative position follows the account's lead also where the basis is too small for a verdict.
- Selection: an account that nobody judged has no score, a gate to clarify and a place among those
  to build up; every score has a rank, whatever its coverage; ABC takes the known part of a partly
  known revenue.
- Contact breadth: the register says who is there and in which function, the plan who is seen; a
  function under a word nobody knows covers none.
- Programmes: an effect without a probability is not valued; nothing valued is unknown, not zero.
"""
