"""What each property means, in one sentence for the author."""

from __future__ import annotations

from typing import Final

TITLES: Final[dict[str, str]] = {
    "red-flags-raise": "No red flag, present or unanswered, ends in the last level",
    "urgency-is-monotone": "One more red flag, or a worse number, never lowers the level",
    "bounds-hold": "Further answers stay between the certain and the possible level",
    "urgent-levels-do-not-wait": "An urgent level does not wait for an answer that cannot change it",
    "complete-answers-have-an-outcome": "Whoever answered everything gets a level by some rule",
    "contraindications-block": "Advice is never given with its contraindication present",
    "rules-can-fire": "Every rule can fire",
    "rules-add-something": "No rule is needless beside another without saying so",
    "unique-tables-are-exact": "Rows of unique tables never overlap and leave no gap",
    "order-does-not-matter": "The order of rules and answers changes nothing",
    "open-questions-are-exact": "Each open question can change the certain level, and none is missing",
}
