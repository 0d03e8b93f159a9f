"""Three bands by which a person can sort matches, and what each means."""

from __future__ import annotations

__all__ = ["BANDS", "FINDINGS", "MEANING", "POSSIBLE", "STRONG", "band"]

#: Least scores. Below `POSSIBLE` nothing is reported.
STRONG, POSSIBLE = 0.85, 0.70
#: Least score of `exact`: an equal identifier that something contradicts is no longer exact.
EXACT = 0.90
BANDS = ("exact", "strong", "possible")
#: Bands that make a screening a hit.
FINDINGS = ("exact", "strong")
MEANING = {
    "exact": "an identifier is equal and valid on the day, or the name is the same but for case, "
    "punctuation, legal form and word order, and nothing contradicts it",
    "strong": "the same name by a known alias, in another transliteration or with small errors, or an "
    "identifier that needs its context; act as if it were the listed one until shown otherwise",
    "possible": "like the listed one, but something that tells the two apart is missing, different or "
    "unknown; a person must look",
}


def band(score: float, equal: bool) -> str | None:
    """The band of a score; None below all.

    Parameters
    ----------
    score : float
    equal : bool
        Whether the match rests on equality: of an identifier, or of a whole name.

    Examples
    --------
    >>> band(0.97, True), band(0.97, False), band(0.84, True), band(0.5, False)
    ('exact', 'strong', 'possible', None)
    """
    if equal and score >= EXACT:
        return "exact"
    if score >= STRONG:
        return "strong"
    return "possible" if score >= POSSIBLE else None
