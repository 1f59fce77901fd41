"""What blocks say, read from what is stored: without asking for the pictures, videos and files in them.

Wagtail's own way makes every value ready for display first, which costs a query a page for each kind of such things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wagtail import blocks
from wagtail.rich_text import get_text_for_indexing

PARTS = re.compile(r"(?<=</p>)|(?<=</li>)|(?<=</h[2-6]>)|(?<=</blockquote>)")


def said(block: blocks.Block, stored: Any) -> Iterator[str]:
    """Give the texts of a block with its stored value, in their order."""
    if isinstance(block, blocks.StreamBlock):
        for each in stored:
            if each["type"] in block.child_blocks:
                yield from said(block.child_blocks[each["type"]], each["value"])
    elif isinstance(block, blocks.ListBlock):
        for each in stored or ():
            yield from said(block.child_block, each["value"])
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items() if stored else ():
            yield from said(child, stored.get(name))
    elif stored and isinstance(block, blocks.RichTextBlock):
        yield from filter(None, (get_text_for_indexing(part).strip() for part in PARTS.split(stored)))
    elif stored and not isinstance(block, blocks.ChooserBlock):
        yield from block.get_searchable_content(block.to_python(stored))
