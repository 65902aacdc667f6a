"""The texts of the agreements' general provisions, marked for translation as `law_texts` marks the rest."""

from typing import Any

from flask_babel import lazy_gettext as _l

PROVISIONS: tuple[Any, ...] = (
    _l("Minor unmarried children of own nationals, whatever their nationality"),
    _l("Former nationals who gave up the nationality without acquiring another"),
    _l("Persons who gave up the nationality after entering the requesting State"),
    _l("Proof of nationality"),
    _l("Prima facie evidence of nationality"),
    _l("Proof regarding third-country nationals and stateless persons"),
    _l("Prima facie evidence regarding third-country nationals and stateless persons"),
    _l("Application form"),
    _l("Transit form"),
    _l("Safeguards of human rights"),
    _l("Voluntary return is preferred to forced return"),
    _l("The agreement takes precedence over incompatible bilateral rules on readmission"),
    _l("Proof of nationality is accepted without further inquiry"),
    _l(
        "Prima facie evidence counts also when expired: nationality is deemed established unless the requested "
        "State shows the contrary"
    ),
    _l(
        "Proof regarding third-country nationals and stateless persons is accepted without further inquiry; prima "
        "facie evidence can be rebutted"
    ),
    _l("A missing visa or residence permit shows that the entry or stay is unlawful"),
    _l("Transit only where direct return to the State of destination is impossible"),
    _l("Onward travel through other States and admission by the State of destination are assured"),
    _l("Consent can be revoked; the person is then taken back"),
    _l("No airport transit visa is needed for transit by air"),
    _l("Support, guarding and facilities are agreed by consultation"),
    _l("The national law of each side governs its processing"),
    _l("Data are protected by measures of security"),
    _l("The processing is under supervisory control"),
    _l("Conventions on asylum"),
    _l("Other arrangements for return remain possible"),
    _l("Border crossing points"),
    _l("Competent authorities"),
    _l("Languages of communication"),
    _l("Returns under escort"),
    _l("Further means of evidence"),
    _l("Details of the accelerated procedure"),
    _l("Interviews"),
    _l("Azerbaijan should conclude with Iceland and Norway on the same terms"),
    _l("Azerbaijan should conclude with Switzerland, Liechtenstein and Denmark on the same terms"),
    _l("Netherlands: a valid passport suffices, no application is needed"),
    _l("Netherlands: the form is filled in as completely as possible, in Azerbaijani or English"),
    _l("Netherlands: one recent digital passport photograph in colour"),
    _l("Netherlands: copies of the documents on identity and nationality"),
    _l("Netherlands: for a child born abroad, an international birth certificate with apostille"),
    _l("Netherlands: every page of a passport of the former Soviet Union"),
    _l("Netherlands: after a refusal, a new application only with new information"),
    _l("Biometric passport"),
    _l("No border region with a radius is defined"),
    _l("A permission to stay during asylum or permit proceedings is no residence title"),
    _l("An airport transit visa is no visa"),
    _l("The parties help each other in applying the agreement"),
    _l("Amendments are made by protocol"),
    _l("The Contracting Parties are the two States"),
    _l("Readmission covers own nationals, third-country nationals and stateless persons"),
    _l("A clause that reflects the occupation of territory of Azerbaijan; its wording is not known"),
    _l("Collective expulsion is excluded"),
    _l("Decision 84 of the Cabinet of Ministers, 18 March 2015"),
)
