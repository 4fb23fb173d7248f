"""Texts in which people search."""

from typing import Any

from django.db import models

from channels.folding import fold


class SearchableBody(models.Model):
    """Keeps `body` folded, for search. Whoever writes rows without `save` fills `search_text` with `fold(body)`."""

    search_text = models.TextField(editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the search text made anew."""
        self.search_text = fold(self.body)  # type: ignore[attr-defined]
        if "body" in (fields := kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)
