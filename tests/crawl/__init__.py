"""Every page of the demo in every language: followed by its links, read as HTML, looked at in a browser."""

from __future__ import annotations
