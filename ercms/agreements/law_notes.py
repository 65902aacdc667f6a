"""The notes, titles and headings of the agreements' files, marked for translation as `law_texts` marks their lists."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

LISTS: Mapping[str, Any] = {
    "persons": _l("Persons covered"),
    "exceptions": _l("Exceptions"),
    "no_application": _l("When no application is needed"),
    "application_content": _l("What an application contains"),
    "application_form": _l("Fields of the joint application form"),
    "transit_form": _l("Fields of the transit form"),
    "refusal_grounds": _l("Grounds for refusal"),
    "transit_refusal_grounds": _l("Grounds for refusing transit"),
    "data_list": _l("Personal data that may be transferred"),
    "data_rules": _l("Rules for personal data"),
    "non_affection": _l("What the agreement leaves untouched"),
    "contacts": _l("Competent authorities"),
    "annexes": _l("What the annex is"),
    "definitions": _l("Definitions"),
    "general_provisions": _l("General provisions"),
    "evidence_rules": _l("What evidence does"),
    "transit_conditions": _l("Conditions of transit"),
    "protocol_matters": _l("What an implementing protocol settles"),
    "declarations": _l("Joint declarations"),
    "practice": _l("Practice of Member States"),
}

GROUPS: Mapping[str, Any] = {
    "header": _l("Head of the form"),
    "person": _l("The person"),
    "spouse": _l("The spouse"),
    "children": _l("The children"),
    "special_circumstances": _l("Special circumstances"),
    "evidence": _l("The evidence"),
    "observations": _l("Remarks"),
    "transit": _l("The transit"),
    "own_national": _l("Nationals of the requested State"),
    "third_country_national stateless": _l("Third-country nationals and stateless persons"),
}

TITLES: tuple[Any, ...] = (
    _l(
        "Agreement between the European Union and the Republic of Azerbaijan on the readmission of persons residing "
        "without authorisation"
    ),
    _l("Agreement between the Republic of Moldova and the Republic of Azerbaijan on readmission"),
    _l(
        "Agreement between the Government of Montenegro and the Government of the Republic of Azerbaijan on "
        "readmission (return and acceptance) of persons who are without a residence permit"
    ),
    _l(
        "Agreement between the Government of the Kingdom of Norway and the Government of the Republic of Azerbaijan "
        "on the readmission of persons residing without authorisation"
    ),
    _l("Agreement between the Republic of Serbia and the Republic of Azerbaijan on readmission"),
    _l(
        "Agreement between the Swiss Federal Council and the Government of the Republic of Azerbaijan on the "
        "readmission of persons with unauthorised stay"
    ),
)

NOTES: tuple[Any, ...] = (
    _l(
        "Every bound Member State is a requesting State of its own. Ireland and Denmark are not bound. The official "
        "text must be read once by a person before go-live."
    ),
    _l(
        "Signed in a month of May, in 2024 or 2025; whether it is in force is not confirmed. The text has not been "
        "entered."
    ),
    _l(
        "Signed; whether it is in force is not confirmed. No limit is known. The figure of 12 days found for "
        "Montenegro belongs to another agreement (EU-Montenegro)."
    ),
    _l("No time limit could be verified. The full text exists (S19, S23): one reading closes this file."),
    _l(
        "Ratified by Serbia and published in Azerbaijan; whether it is in force is not confirmed. The text has not "
        "been entered."
    ),
    _l(
        "All articles were read in the German text; the English text decides interpretation. The annexes were not read."
    ),
    _l("Brussels"),
    _l("Baku"),
    _l("Bern"),
    _l("Approved by the President of Azerbaijan; conclusion for the Union by Decision 2014/239/EU of 14 April 2014"),
    _l(
        "In May of 2024 or 2025, with a memorandum between the interior ministry of Moldova and the State Migration"
        " Service. The agreement on migration cooperation of 22 February 2007 is no readmission agreement"
    ),
    _l(
        "Podgorica, 2017, before 27 July; the exact day is not known. The bill of ratification went to Parliament "
        "on 31 August 2017; what became of it is not known"
    ),
    _l("Law 1218-IVQ of Azerbaijan, in force on 20 March 2015; Collection of Legislation 2015 no. 3, art. 260"),
    _l("Belgrade; Serbian, Azerbaijani, English"),
    _l(
        "Serbian law, Medj. ugovori 1/2023; published in Azerbaijan in March 2023; the day of ratification was not read"
    ),
    _l("By exchange of notes"),
    _l("15 days as practised by the Netherlands is verified; that they are calendar days is not"),
    _l("No extension is known: one is recorded only with reason, document and approver, and never by itself"),
    _l("Receipt or acknowledgement: not known. Counted from receipt, which is the earlier date"),
    _l(
        "Implied: the transfer limit counts from consent or, failing a reply, from the end of the reply limit. A "
        "person records the effect, never the system"
    ),
    _l("Reasons in writing"),
    _l("From knowledge; extended while legal or factual obstacles last"),
    _l("The text is verified, its attribution to this agreement is not"),
    _l(
        "Within 15 km of, and including, seaports and international airports with customs zones; a hint, the officer "
        "decides"
    ),
    _l(
        "Owed by the mission when documents are missing, insufficient or doubtful, on a request made in the "
        "application. 5 working days are weakly reported and not used"
    ),
    _l("A proof may have expired by up to this length"),
    _l("Irrespective of the person's will and free of charge"),
    _l("150 days is weakly reported and not used: ask for the expiry of each document"),
    _l("Same validity"),
    _l("Deemed accepted when no document is issued in time"),
    _l("Issued by the requesting Member State"),
    _l("From consent or the end of the reply limit"),
    _l("At request, by the time that legal or practical obstacles take"),
    _l("Prior written notice is due; its lead time is not known"),
    _l("Own nationals with a valid travel document need no notice"),
    _l("Charter or scheduled, any carrier; escorts not limited to staff of the requesting State"),
    _l("Sister agreements usually deem consent; no effect is given to it"),
    _l("Up to the border of the State of destination, error returns included; may be recovered"),
    _l("Item 4 is reported by S9"),
    _l(
        "Its existence is verified, its powers are reported: monitors, decides implementing arrangements, recommends "
        "amendments"
    ),
    _l(
        "Applied by the Netherlands while the Benelux protocol was still under negotiation. No signed protocol with"
        " Azerbaijan was found"
    ),
    _l("Depends on the protocol; Azerbaijani or English as practised by the Netherlands"),
    _l("In force on the second day after the notice"),
    _l("Three years in the Swiss agreement; under any value of two or three years long expired"),
    _l("A prima facie proof of nationality exists (fragment of Article 2)"),
    _l("Inferred from the EU agreement, on whose terms Azerbaijan was asked to conclude with Norway; not verified"),
    _l("Bilateral, so probably expert meetings"),
    _l("If no reply is possible in time, the requested State informs that a further period of this length is needed"),
    _l("The day of acknowledgement of receipt"),
    _l("The agreement has no sentence on tacit consent: an unanswered request is overdue and nothing else"),
    _l("Reasoned in writing"),
    _l("From knowledge; extended at request while obstacles last"),
    _l("The limit of Article 8(1) speaks of third-country nationals and stateless persons only"),
    _l("No radius in kilometres; crossing points included"),
    _l("On a written request attached to the application; the requested State may also demand one"),
    _l("Irrespective of the person's wish and free of charge"),
    _l(
        "The text says 90 days; calendar days are read into it. The domestic return certificate is valid for a "
        "shorter time"
    ),
    _l("Free, same validity"),
    _l("No fallback to another document"),
    _l("Issued by the requesting State"),
    _l("At request"),
    _l("At least so long before the transfer: date, crossing point, escorts, other details"),
    _l("Any carrier, scheduled or charter; escorts get visas free at the airport (9(3))"),
    _l("Transit within this time of consent"),
    _l("To the border of the State of destination, error returns included; may be recovered"),
    _l("On demand, of the data held and of their purpose"),
    _l("Expert meeting on request; disputes by the diplomatic channel"),
    _l(
        "No implementing protocol; authorities, contacts and crossing points are notified by the diplomatic "
        "channel, changes at once"
    ),
    _l("Any means of communication, fax and encrypted e-mail included"),
    _l(
        "Whole or in part, for security, public order, health or other serious grounds; in force on the second day "
        "after receipt of the notice"
    ),
    _l(
        "The duty applies fully since 1 April 2020; before, only for stateless persons and for nationals of States "
        "that have an arrangement on readmission with the requested State"
    ),
    _l("The heading is ours; the content was read"),
    _l("Answers of agencies are due when this share of the reply limit has run"),
    _l("The limit of the agreement was for the first reply; none is known for a request that is taken up again"),
    _l("Counted from the sending, where no day for the reply is known"),
    _l("Where the agreement names no number"),
    _l("Where the agreement names no lead time: warns, never refuses a shorter notice"),
    _l("Where the agreement names no reply limit for transit"),
    _l("A re-issue is prepared so long before a document expires"),
    _l("Missions issue the certificate within this time of registering a complete application"),
    _l("Shorter than what an agreement may demand: shown at issue"),
    _l("Mandate of the Council; initialled on 29 July 2013"),
    _l("Counted from the transfer; the identity information goes back with the person"),
    _l("Counted from the transfer; all identity information is handed over"),
    _l("Whether a valid identity card suffices as well is not known"),
    _l(
        "What a mission tells applicants; the limit of the Decision itself was not read. Longer than every reply "
        "limit: the reply clock runs on and warns"
    ),
    _l("No fee for persons who are readmitted (S51)"),
)
