"""The demo's drawings, all made for this product: an SVG as source, and beside it what draw.py made of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django.core.files import File
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from qmportal.website.models import Video

HERE = Path(__file__).parent
LOGOS = (
    "logo-office",
    "logo-programme",
    "logo-city",
    "logo-garden",
    "logo-sports",
    "logo-advice",
    "logo-library",
)


class Drawing(NamedTuple):
    """What a drawing is called, and what it shows, in German as everything that the demo's editors wrote."""

    title: str
    text: str
    # Left, top, right and bottom of what has to stay in sight when it is cropped, in parts of the whole.
    focus: tuple[float, float, float, float] | None = None


FACE = (0.22, 0.1, 0.78, 0.75)
DRAWINGS = {
    "lane": Drawing("Gasse mit Fachwerkhäusern", "Eine Gasse mit Fachwerkhäusern"),
    "river": Drawing("Fluss an der Stadt", "Ein Fluss an der Stadt"),
    "bicycle": Drawing(
        "Fahrrad mit Einkaufskorb", "Ein Fahrrad mit gefüllter Einkaufstasche auf dem vorderen Gepäckkorb"
    ),
    "hannah": Drawing("Hannah Helfrich", "Eine junge Frau, die lacht", FACE),
    "karl": Drawing("Karl Kümmerling", "Ein Mann in Anzug", FACE),
    "neighbour-woman": Drawing("Bewohnerin", "Eine Frau mit Kopftuch, die lächelt", FACE),
    "neighbour-man": Drawing("Bewohner", "Ein älterer Mann mit Bart, Brille und Mütze", FACE),
    "youth": Drawing("Junge Menschen am Tisch", "Eine Gruppe junger Menschen an einem Tisch"),
    "door": Drawing("Offene Bürotür", "In der offenen Tür des Quartiersbüros steht eine Frau und winkt"),
    "trees": Drawing("Bäume pflanzen", "Eine Frau, ein Mann und ein Kind pflanzen einen jungen Baum"),
    "reading": Drawing("Vorlesekreis", "Eine Frau liest Kindern aus einem Buch vor"),
    "breakfast": Drawing(
        "Nachbarschaftsfrühstück", "Nachbarinnen und Nachbarn frühstücken an einem langen Tisch"
    ),
    "walk": Drawing(
        "Spaziergang mit Plan",
        "Vier Menschen sind mit einem Plan im Quartier unterwegs, ein Mann im Rollstuhl",
    ),
    "workshop": Drawing("Werkstatt mit Zetteln", "Drei Menschen hängen Zettel mit Ideen an eine Wand"),
    "party": Drawing("Sommerfest", "Menschen tanzen auf einem Platz unter Wimpeln, dahinter spielt Musik"),
    "beds": Drawing("Hochbeete", "Zwei Menschen und ein Kind ernten Gemüse an Hochbeeten"),
    "repair": Drawing("Repair-Café", "Zwei Menschen reparieren zusammen eine Lampe"),
    "mural": Drawing("Wandbild", "Zwei Jugendliche malen ein großes Bild an eine Hauswand"),
    "film": Drawing("Was macht das Quartiersmanagement?", "Menschen stehen vor dem Quartiersbüro und winken"),
    "logo-office": Drawing("Logo Quartiersmanagement", "Quartiersmanagement Musterstadt Nord"),
    "logo-programme": Drawing("Logo Musterland fördert Quartiere", "Musterland fördert Quartiere"),
    "logo-city": Drawing("Logo Stadt Musterstadt", "Stadt Musterstadt"),
    "logo-garden": Drawing("Logo Garten für alle", "Garten für alle e. V."),
    "logo-sports": Drawing("Logo Turnverein Musterstadt Nord", "Turnverein Musterstadt Nord"),
    "logo-advice": Drawing("Logo Beratung im Hof", "Beratung im Hof"),
    "logo-library": Drawing("Logo Stadtteilbücherei", "Stadtteilbücherei Nord"),
}


def demo_picture(name: str) -> AbstractImage:
    """Return the drawing from the library of pictures; the first call puts it there."""
    drawing = DRAWINGS[name]
    found: AbstractImage | None = get_image_model().objects.filter(title=drawing.title).first()
    if found is not None:
        return found
    with demo_file(name) as file:
        image: AbstractImage = get_image_model()(title=drawing.title, description=drawing.text, file=file)
        if drawing.focus:
            left, top, right, bottom = drawing.focus
            image.focal_point_x = round((left + right) / 2 * image.width)
            image.focal_point_y = round((top + bottom) / 2 * image.height)
            image.focal_point_width = round((right - left) * image.width)
            image.focal_point_height = round((bottom - top) * image.height)
        image.save()
    return image


def demo_file(name: str) -> File[bytes]:
    """Open the drawing for a field that takes a file, such as an office's logo."""
    path = HERE / f"{name}.webp"
    return File(path.open("rb"), name=path.name)


def demo_video() -> Video:
    """Return the video about the office; the first call puts it among the videos, with its words."""
    title = DRAWINGS["film"].title
    found: Video | None = Video.objects.filter(title=title).first()
    if found is not None:
        return found
    with (HERE / "film.mp4").open("rb") as film, (HERE / "film.vtt").open("rb") as subtitles:
        video = Video(
            title=title,
            file=File(film, name="film.mp4"),
            subtitles=File(subtitles, name="film.vtt"),
            transcript=(HERE / "film.html").read_text(encoding="utf-8"),
            poster=demo_picture("film"),
        )
        video.save()
    return video
