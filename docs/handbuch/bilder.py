"""Take the pictures of the handbook from a running demo: `python docs/handbuch/bilder.py http://127.0.0.1:8000`.

It makes what the pictures need and takes it back: an absence within its minute, an appointment of an invented person.
A second run makes the same files. Dates are German where Chromium has its German texts (on Debian: chromium-l10n).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Locator, Page, sync_playwright

TARGET = Path(__file__).resolve().parent / "bilder"
LOGIN, PASSWORD = "hannah.helfrich@musterstadt.example", "musterstadt"
TODAY = datetime.now(ZoneInfo("Europe/Berlin")).date()
DESK, PHONE = (1280, 860), (390, 780)
A4, A6, MARGIN = (794, 1123), (420, 595), 32
# Enough for a page of plain colours, and a quarter of the size.
COLOURS = 64
TO_THE_TOP = "document.activeElement.blur(), document.querySelector('h1')?.scrollIntoView({block: 'end'})"


class Camera:
    """A German browser that is logged in to the back end, with a name for each picture."""

    def __init__(self, browser: Browser, address: str, size: tuple[int, int]) -> None:
        self.address, self.size = address, size
        width, height = size
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="de-DE",
            timezone_id="Europe/Berlin",
            is_mobile=width < DESK[0],
            has_touch=width < DESK[0],
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)

    def log_in(self) -> Camera:
        """Open the back end as the demo's administrator."""
        self.open("")
        self.page.fill("input[name=login]", LOGIN)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("Anmelden")
        self.page.wait_for_selector("text=Guten Tag")
        return self

    def open(self, path: str) -> Locator:
        """Go to a page below /verwaltung/ and return its main part."""
        self.page.goto(f"{self.address}/verwaltung/{path}")
        return self.page.locator("main")

    def press(self, words: str) -> None:
        """Press the first button or link that begins with the words and that people see."""
        seen = (
            self.page.locator("main")
            .locator("button:not([aria-hidden]), a")
            .filter(has_text=re.compile(rf"^\W*{words}"))
        )
        with self.page.expect_navigation():
            seen.locator("visible=true").first.click()

    def take(self, name: str, *, height: int = 0) -> None:
        """Keep what the screen shows, from the top of the page and as high as wanted."""
        self.page.set_viewport_size({"width": self.size[0], "height": height or self.size[1]})
        self.page.evaluate(TO_THE_TOP)
        self.page.wait_for_load_state("networkidle")
        shot = Image.open(BytesIO(self.page.screenshot(animations="disabled")))
        self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        save(shot, name)


def main(address: str) -> None:
    """Write all pictures anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--lang=de-DE"],
            env={**os.environ, "LANGUAGE": "de"},
        )
        door = Camera(browser, address, PHONE)
        door.open("")
        door.take("anmelden")
        desk, phone = (Camera(browser, address, size).log_in() for size in (DESK, PHONE))
        plain_pages(desk, phone)
        a_new_series(desk)
        a_changed_series(desk)
        before_closing(phone)
        with an_absence(phone):
            phone.take("ausfall-warten")
        an_appointment(browser, phone)
        signs(browser, phone)
        browser.close()


def plain_pages(desk: Camera, phone: Camera) -> None:
    """Photograph what is there without doing anything."""
    desk.open("")
    desk.take("startseite", height=1240)
    for name in ("profil", "bericht", "postausgang"):
        desk.open(f"{name}/")
        desk.take(name)
    desk.press("gebucht")
    desk.take("nachricht")
    home = desk.open("pages/").locator("tr").filter(has_text="Deutsch").locator("a[href$='/edit/']").first
    desk.page.goto(f"{desk.address}{home.get_attribute('href')}")
    desk.take("website")
    phone.page.goto(f"{phone.address}/konto/2fa/")
    phone.take("zweiter-faktor")
    phone.open("buchen/")
    phone.take("buchen")
    phone.open(f"tag/?tag={last_day_with_appointments(phone)}")
    phone.take("tag")


def last_day_with_appointments(camera: Camera) -> str:
    """Return the latest past day on which somebody had an appointment, as in a URL."""
    for days in range(1, 8):
        day = (TODAY - timedelta(days=days)).isoformat()
        if camera.open(f"tag/?tag={day}").get_by_role("button", name="war da").count():
            return day
    return TODAY.isoformat()


def a_new_series(desk: Camera) -> None:
    """Fill in the form of a series, and look at its days without publishing them."""
    page = desk.page
    desk.open("sprechstunden/veroeffentlichen/")
    page.select_option("#id_service", label="Sprechstunde")
    page.select_option("#id_host", label="Hannah Helfrich")
    desk.press("Werte dieses Angebots übernehmen")
    page.get_by_label("Freitag").check()
    page.fill("#id_starts_at", "15:00")
    page.fill("#id_ends_at", "17:00")
    page.fill("#id_first_on", (TODAY + timedelta(days=7)).isoformat())
    desk.take("reihe-formular", height=1690)
    desk.press("Tage ansehen")
    page.get_by_role("heading", name="Ist das so richtig?").wait_for()
    desk.take("reihe-vorschau")


def a_changed_series(desk: Camera) -> None:
    """Ask what a later beginning would do to those who have booked, and leave it at the question."""
    page = desk.page
    hours = desk.open("sprechstunden/").locator("article").filter(has=page.locator("li")).first
    page.goto(f"{desk.address}{hours.locator('h3 a').get_attribute('href')}")
    desk.take("sprechstunde")
    its_address = page.url
    desk.press("Zur Reihe")
    desk.take("reihe")
    desk.press("Reihe ändern")
    hour, minute = page.input_value("#id_starts_at").split(":")[:2]
    page.fill("#id_starts_at", f"{int(hour) + 1:02}:{minute}")
    desk.press("Weiter")
    desk.take("reihe-aendern")
    page.goto(f"{its_address}uebergeben/")
    desk.take("uebergeben")


def before_closing(phone: Camera) -> None:
    """See whom a closure of two weeks would concern, and close nothing."""
    phone.open("schliesszeiten/neu/")
    phone.page.fill("#id_first_on", (TODAY + timedelta(days=1)).isoformat())
    phone.page.fill("#id_last_on", (TODAY + timedelta(days=4)).isoformat())
    phone.press("Weiter")
    phone.take("schliesszeit")


@contextmanager
def an_absence(phone: Camera) -> Iterator[None]:
    """Report a colleague ill for some days, and take it back within the minute in which nobody is told."""
    page = phone.page
    phone.open("ausfall/")
    page.select_option("#id_host", index=1)
    page.get_by_label("bis zu einem Tag").check()
    page.fill("#id_last_on", (TODAY + timedelta(days=4)).isoformat())
    phone.press("Zeigen, wer betroffen ist")
    phone.take("ausfall", height=1000)
    phone.press("Absagen")
    try:
        yield
    finally:
        phone.press("Rückgängig machen")
        page.get_by_text("Zurückgenommen.").wait_for()


def an_appointment(browser: Browser, phone: Camera) -> None:
    """Book for somebody who calls, find her, hand her over so that she is on the list of calls, and cancel."""
    page = phone.page
    phone.open("buchen/ausserhalb/")
    page.fill("#id_day", (TODAY + timedelta(days=8)).isoformat())
    page.fill("#id_starts_at", "07:30")
    page.fill("#id_minutes", "20")
    page.fill("#id_name", "Erika Beispiel")
    page.fill("#id_phone", "0171 0020406")
    phone.press("Buchen")
    if page.get_by_role("heading", name="Trotzdem buchen?").count():
        phone.press("Trotzdem buchen")
    phone.take("gebucht")
    slip = page.get_by_role("link", name="Zettel zum Drucken").get_attribute("href")
    on_paper(browser, phone, f"{phone.address}{slip}", A6, "zettel")
    phone.press("Zum Termin")
    booking = page.url
    phone.open("finden/")
    page.fill("#id_q", "Beispiel")
    phone.press("Suchen")
    phone.take("suchen")
    page.goto(f"{booking}verschieben/")
    phone.take("verschieben")
    page.goto(booking)
    phone.press("Zur Sprechstunde")
    phone.press("Übergeben oder tauschen")
    page.get_by_label("Derya Aksoy").check()
    phone.press("Übergeben")
    phone.open("anrufe/")
    phone.take("anrufe")
    phone.press("Erledigt")
    page.goto(f"{booking}absagen/")
    phone.press("Absagen ohne Mail")
    phone.open("")
    phone.press("Besuch ohne Termin")
    phone.take("besuch")
    phone.press("Rückgängig")


def signs(browser: Browser, phone: Camera) -> None:
    """Photograph the sign for the door as it leaves the printer."""
    on_paper(browser, phone, f"{phone.address}/verwaltung/tuerschild/", A4, "tuerschild")


def on_paper(browser: Browser, logged_in: Camera, url: str, size: tuple[int, int], name: str) -> None:
    """Photograph a page as it is printed."""
    paper = Camera(browser, logged_in.address, size)
    paper.context.add_cookies(logged_in.context.cookies())  # type: ignore[arg-type]
    paper.page.emulate_media(media="print")
    paper.page.goto(url)
    shot = Image.open(BytesIO(paper.page.screenshot()))
    paper.context.close()
    sheet = Image.new("RGB", (shot.width + 2 * MARGIN, shot.height + 2 * MARGIN), "white")
    sheet.paste(shot, (MARGIN, MARGIN))
    save(ImageOps.expand(sheet, border=1, fill="#888"), name)


def save(shot: Image.Image, name: str) -> None:
    """Write a picture with few colours, at most as wide as a screen."""
    small = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
