from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def uploads() -> Path:
    """Give the folder of uploads, which the address map read when it was loaded."""
    return Path(settings.MEDIA_ROOT)


@pytest.mark.parametrize(("name", "code"), [("images/house.png", 200), ("documents/page.html", 404)])
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


@pytest.mark.django_db
def test_nothing_outside_the_folder_is_served() -> None:
    assert Client().get("/media/images/../../secret.key").status_code == 400


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000, "%00", "ä" * 200])
@pytest.mark.django_db
def test_a_name_that_no_file_can_have_is_not_found(name: str) -> None:
    assert Client().get(f"/media/images/{name}").status_code == 404
