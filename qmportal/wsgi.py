from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from qmportal.charsets import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qmportal.settings")
application = utf8_only(get_wsgi_application())
