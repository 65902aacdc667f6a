"""What the words of connections to registers are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.registries.enums import BreakerState, ExchangeState, Failure
from ercms.web import labels

labels.register(
    BreakerState,
    {
        BreakerState.CLOSED: _l("Works"),
        BreakerState.HALF_OPEN: _l("Is being tried again"),
        BreakerState.OPEN: _l("Left alone for now"),
    },
)
labels.register(
    ExchangeState,
    {
        ExchangeState.WAITING: _l("Waits for the register"),
        ExchangeState.ACCEPTED: _l("Is with the register"),
        ExchangeState.ANSWERED: _l("Answered by the register"),
        ExchangeState.BY_HAND: _l("The register was given up: the agency answers on its page"),
        ExchangeState.ENDED: _l("Ended without the register"),
    },
)
labels.register(
    Failure,
    {
        Failure.DOWN: _l("The register cannot be reached"),
        Failure.SLOW: _l("The register did not answer in time"),
        Failure.TLS: _l("The certificate of the register does not hold"),
        Failure.BUSY: _l("The register says that it is busy or broken"),
        Failure.REFUSES: _l("The register refuses us"),
        Failure.NONSENSE: _l("The answer could not be understood; it was not applied"),
        Failure.TOO_LONG: _l("The answer was too long; it was not read to its end"),
        Failure.WRONG_PERSON: _l("The answer was about somebody else; it was not applied"),
        Failure.NOT_ALLOWED: _l("The address is not among those that may be called"),
        Failure.NOT_CALLED: _l("Not called: the connection is switched off or rests"),
    },
)
