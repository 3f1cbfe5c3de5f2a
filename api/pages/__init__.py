"""Server-rendered pages in Traditional Chinese and English; they work without JavaScript."""

from api.pages.page import LANGUAGES, Alternate, Page, Renderer

__all__ = ["LANGUAGES", "Alternate", "Page", "Renderer"]
