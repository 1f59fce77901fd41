"""What the demo office shows of itself and of who pays for it: the logos that were drawn for them."""

from __future__ import annotations

from booking import logos
from booking.actions import office_profile
from booking.actions.office_profile import FunderEntry
from booking.models import Office
from qmportal.website.pictures import HERE

OFFICE = "logo-office"
FUNDERS = {
    "logo-city": ("Stadt Musterstadt", "https://www.musterstadt.example/"),
    "logo-programme": ("Musterland fördert Quartiere", "https://www.musterland.example/quartiere"),
}


def show_logos(office: Office) -> None:
    """Give the demo office its logo and its funders; what somebody has entered since stays as it is."""
    if not office.logo and not office.funders.exists():
        entries = [FunderEntry(name, url, _logo(drawing)) for drawing, (name, url) in FUNDERS.items()]
        office_profile.save_office(office, (), _logo(OFFICE), entries)


def _logo(drawing: str) -> bytes:
    path = HERE / f"{drawing}.webp"
    with path.open("rb") as file:
        return logos.logo(file, path.stat().st_size)
