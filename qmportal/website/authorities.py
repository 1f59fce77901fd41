"""Where residents complain in each federal state: about data protection and about barriers.

Only what is certain is named; a state that stands in no table gets the neutral name of what it has by law.
"""

from __future__ import annotations

from typing import Final

from booking.models.office import STATES

PRIVACY: Final = {
    "BW": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
    "BY": "Bayerischer Landesbeauftragter für den Datenschutz",
    "BE": "Berliner Beauftragte für Datenschutz und Informationsfreiheit",
    "BB": "Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht Brandenburg",
    "HB": "Landesbeauftragte für Datenschutz und Informationsfreiheit der Freien Hansestadt Bremen",
    "HH": "Hamburgischer Beauftragter für Datenschutz und Informationsfreiheit",
    "HE": "Hessischer Beauftragter für Datenschutz und Informationsfreiheit",
    "MV": "Landesbeauftragter für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern",
    "NI": "Landesbeauftragter für den Datenschutz Niedersachsen",
    "NW": "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
    "RP": "Landesbeauftragter für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz",
    "SL": "Unabhängiges Datenschutzzentrum Saarland",
    "SN": "Sächsische Datenschutz- und Transparenzbeauftragte",
    "ST": "Landesbeauftragte für den Datenschutz Sachsen-Anhalt",
    "SH": "Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein",
    "TH": "Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit",
}
BARRIERS: Final = {
    "BW": "Schlichtungsstelle beim Landeszentrum Barrierefreiheit Baden-Württemberg",
    "BY": "Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik beim "
    "Landesamt für Digitalisierung, Breitband und Vermessung",
    "BE": "Landesbeauftragte für digitale Barrierefreiheit, Senatskanzlei Berlin",
    "HE": "Durchsetzungs- und Überwachungsstelle Barrierefreie Informationstechnik Hessen",
    "NI": "Schlichtungsstelle bei der Landesbeauftragten für Menschen mit Behinderungen Niedersachsen",
    "NW": "Ombudsstelle für barrierefreie Informationstechnik des Landes Nordrhein-Westfalen",
    "RP": "Durchsetzungsstelle bei der Landesbeauftragten für die Belange von Menschen mit Behinderungen "
    "Rheinland-Pfalz",
    "SH": "Beschwerdestelle bei der Bürgerbeauftragten für soziale Angelegenheiten des Landes "
    "Schleswig-Holstein",
}


def privacy_authority(state: str) -> str:
    """Return the name of the state's authority for data protection."""
    return PRIVACY.get(state, f"Aufsichtsbehörde für den Datenschutz des Landes {dict(STATES)[state]}")


def barrier_authority(state: str) -> str:
    """Return the name of the body that helps when an office leaves barriers where they are."""
    neutral = f"Durchsetzungsstelle für digitale Barrierefreiheit des Landes {dict(STATES)[state]}"
    return BARRIERS.get(state, neutral)
