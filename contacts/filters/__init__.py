"""What narrows the list of contacts. List, export, bulk actions and saved views all read it here."""

from contacts.filters.contact_filter import APART, ContactFilter, ListQuery, Show, Sort

__all__ = ["APART", "ContactFilter", "ListQuery", "Show", "Sort"]
