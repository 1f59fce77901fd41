from __future__ import annotations

import pytest
from wagtail.models import Collection, Page

from qmportal.website.demo import open_site
from tests import factories


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_a_site_is_built_also_after_a_test_that_emptied_the_tables(time: str) -> None:
    home = open_site(factories.make_office())
    assert home.get_parent() == Page.get_first_root_node()
    assert Collection.objects.count() == 1
