"""The building blocks of pages, each with its own template in templates/website/blocks/."""

from __future__ import annotations

from qmportal.website.blocks.media import TEXT_FEATURES, PictureBlock
from qmportal.website.blocks.streams import (
    ArticleBlocks,
    ContentBlocks,
    DeadlineBlocks,
    HeroPictures,
    HomeBlocks,
    PartnerBlocks,
    ProjectBlocks,
)

__all__ = [
    "TEXT_FEATURES",
    "ArticleBlocks",
    "ContentBlocks",
    "DeadlineBlocks",
    "HeroPictures",
    "HomeBlocks",
    "PartnerBlocks",
    "PictureBlock",
    "ProjectBlocks",
]
