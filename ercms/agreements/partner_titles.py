"""What the agreement with a pending partner is called: one title for each State, which a page says in its language."""

from functools import lru_cache

from babel import Locale

TITLE = "Readmission agreement between %(partner)s and the Republic of Azerbaijan, under negotiation"


def title_of(state: str) -> str:
    """Return the English title that the file of a pending partner bears; `state` is an ISO 3166-1 code."""
    return TITLE % {"partner": Locale("en").territories[state]}


def state_of(title: str) -> str | None:
    """Return the State whose pending agreement bears this title; None for a title that somebody wrote."""
    return _states_by_title().get(title)


@lru_cache(maxsize=1)
def _states_by_title() -> dict[str, str]:
    states = [str(code) for code in Locale("en").territories]
    return {title_of(state): state for state in states if len(state) == 2}
