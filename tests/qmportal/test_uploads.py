from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from booking.models import Office, Slot
from qmportal.accounts.models import User
from qmportal.uploads import MOST_BYTES, MOST_BYTES_OF_STRANGERS

pytestmark = pytest.mark.once


@pytest.fixture
def uploads() -> Path:
    """Give the folder of uploads, which the address map read when it was loaded."""
    return Path(settings.MEDIA_ROOT)


@pytest.mark.parametrize(
    ("name", "code"), [("images/house.png", 200), ("office/logo.webp", 200), ("documents/page.html", 404)]
)
@pytest.mark.django_db
def test_pictures_are_served_without_a_proxy_and_documents_are_not(
    uploads: Path, name: str, code: int
) -> None:
    path = uploads / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"upload of a test")
    try:
        answer = Client().get(f"/media/{name}")
        answer.close()
    finally:
        path.unlink()
    assert answer.status_code == code


@pytest.mark.parametrize(
    "name",
    [
        "../../secret.key",
        "../documents/page.html",
        "%2e%2e/documents/page.html",
        "a/../../original_images/x.png",
    ],
)
@pytest.mark.django_db
def test_nothing_outside_the_folder_is_served(uploads: Path, name: str) -> None:
    page = uploads / "documents" / "page.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("<script>")
    assert Client().get(f"/media/images/{name}").status_code == 400
    page.unlink()


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000, "%00", "ä" * 200])
@pytest.mark.django_db
def test_a_name_that_no_file_can_have_is_not_found(name: str) -> None:
    assert Client().get(f"/media/images/{name}").status_code == 404


@pytest.mark.parametrize(
    ("who", "size", "code"),
    [
        ("stranger", MOST_BYTES_OF_STRANGERS - 1_000, 422),
        ("stranger", MOST_BYTES_OF_STRANGERS, 413),
        ("manager", MOST_BYTES_OF_STRANGERS, 422),
        ("manager", MOST_BYTES, 413),
    ],
)
@pytest.mark.django_db
def test_nobody_fills_the_disk_and_strangers_send_no_files(
    slots: list[Slot], who: str, size: int, code: int
) -> None:
    browser, temporary = Client(), len(list(Path(gettempdir()).glob("*.upload*")))
    if who == "manager":
        browser.force_login(User.objects.create_user("hannah@musterstadt.example"))
    file = SimpleUploadedFile("viel.bin", b"x" * size)
    answer = browser.post(reverse("booking:find"), {"file": file})
    assert answer.status_code == code
    assert len(list(Path(gettempdir()).glob("*.upload*"))) == temporary


@pytest.mark.parametrize("length", ["", "viel", "9" * 20, "9" * 5_000])
@pytest.mark.django_db
def test_a_length_that_is_none_harms_nobody(office: Office, length: str) -> None:
    answer = Client().post(reverse("booking:find"), CONTENT_LENGTH=length)
    assert answer.status_code == (413 if len(length) > 5 else 422)
