"""What narrows the list of contacts. List, export, bulk actions and saved views all read it here."""

from contacts.filters.contact_filter import ContactFilter, ListQuery, Show, Sort, Words, is_apart

__all__ = ["ContactFilter", "ListQuery", "Show", "Sort", "Words", "is_apart"]
