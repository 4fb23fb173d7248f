"""What narrows the list of contacts. List, export, bulk actions, saved views and campaign lists all read it here.

contact_filter   the query string of the list, read into contacts
custom_values    its filters by the values of custom fields
ranges           its filters from one day until another
scope            its filter by what a higher app puts contacts on, such as a campaign list
narrowing        how a filter narrows quickly, whether few contacts pass it or many
import_filter    the same kind of thing for the history of imports
"""

from contacts.filters.contact_filter import ContactFilter, FilterChoices, ListQuery, Show, Sort, is_panel_filter

__all__ = ["ContactFilter", "FilterChoices", "ListQuery", "Show", "Sort", "is_panel_filter"]
