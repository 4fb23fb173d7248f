"""Who gets what from every page: the table that test_permissions.py holds against the site.

A row names a page, what its URL is about, and the answers to GET and to an empty POST, in the order of ROLES. An
inactive user gets what nobody logged in gets; HEAD is as GET without the body; PUT and DELETE are the wrong method.

    login   sent to the login page, the whole browser, without a word of content
    200     the page, or for htmx its part
    302     sent on, by a redirect or, for htmx, the HX-Redirect header; 302/200 is without and with htmx
    403     may not do this at all       404  there is nothing of that kind for this user
    405     the wrong method             422  the form again, with what is wrong
"""

from dataclasses import dataclass

# Outsider and importer are in another team than the agent; the importer may import into its channels.
ROLES = ("anonymous", "agent", "outsider", "importer", "administrator", "nobody")


@dataclass(frozen=True)
class Page:
    name: str
    about: str  # a method of `Book` in test_permissions.py, "" for a page about nothing in particular
    get: str
    post: str

    def answer(self, role: str, method: str, *, htmx: bool) -> str:
        """What the role gets; "" where the page need not say whether the method or the right is wrong."""
        answers = dict(zip(ROLES, (self.post if method == "POST" else self.get).split(), strict=True))
        answer = answers["anonymous" if role == "inactive" else role]
        if method in {"PUT", "DELETE"}:
            return "login" if answer == "login" else ""
        return answer.split("/")[-1 if htmx else 0]


SHOWN = "login 200 404 404 200 403"  # to those who see the contact
FORM = "login 422 404 404 422 403"
DONE = "login 302 404 404 302 403"
DONE_IN_PLACE = "login 302/200 404 404 302/200 403"
WRONG = "login 405 405 405 405 405"
# The import asks for the permission first, and agents have none.
IMPORT_SHOWN = "login 403 403 404 200 403"
IMPORT_DONE = "login 403 403 404 302 403"
IMPORT_WRONG = "login 403 403 405 405 403"
EXPORT_WRONG = "login 403 403 403 405 403"
EVERYBODY = "200 200 200 200 200 200"
WRONG_FOR_EVERYBODY = "405 405 405 405 405 405"

PAGES = [
    # The site. Who is logged in has no business on the login page.
    Page("home", "", "login 302 302 302 302 302", "login 302 302 302 302 302"),
    Page("health", "", EVERYBODY, WRONG_FOR_EVERYBODY),
    # Whoever has no signature, logged in or not.
    Page("webhook", "channel_token", "403 403 403 403 403 403", "403 403 403 403 403 403"),
    Page("welcome", "", "404 404 404 404 404 404", "404 404 404 404 404 404"),
    Page("set_language", "", WRONG_FOR_EVERYBODY, "302 302 302 302 302 302"),
    Page("set_theme", "", WRONG_FOR_EVERYBODY, "400 400 400 400 400 400"),
    Page("keys", "", "login 200 200 200 200 200", "login 400 400 400 400 400"),
    Page("account_login", "", "200 302 302 302 302 302", "200 302 302 302 302 302"),
    Page("account_logout", "", "302 200 200 200 200 200", "302 302 302 302 302 302"),
    Page("account_inactive", "", EVERYBODY, WRONG_FOR_EVERYBODY),
    Page("account_change_password", "", "login 200 200 200 200 200", "login 200 200 200 200 200"),
    Page("account_reset_password", "", EVERYBODY, EVERYBODY),
    Page("account_reset_password_done", "", EVERYBODY, WRONG_FOR_EVERYBODY),
    Page("account_reset_password_from_key", "worn_out_key", EVERYBODY, EVERYBODY),
    # Contacts
    Page("contacts:contact_list", "", "login 200 200 200 200 403", WRONG),
    Page("contacts:contact_new", "", "login 302 302 302 200 403", WRONG),
    Page("contacts:contact_new_details", "channel_in_path", SHOWN, FORM),
    Page("contacts:saved_view_new", "", "login 200 200 200 200 403", "login 422 422 422 422 403"),
    Page("contacts:saved_view_edit", "shared_view", "login 403 403 403 200 403", "login 403 403 403 422 403"),
    Page("contacts:saved_view_delete", "shared_view", WRONG, "login 403 403 403 302 403"),
    Page("contacts:saved_view_restore", "deleted_view", WRONG, "login 403 403 403 302 403"),
    Page("contacts:contact_detail", "contact", SHOWN, WRONG),
    Page("contacts:contact_profile", "contact", SHOWN, WRONG),
    Page("contacts:contact_next", "contact", "login 302 404 404 302 403", WRONG),
    Page("contacts:contact_previous", "contact", "login 302 404 404 302 403", WRONG),
    Page("contacts:contact_media", "contact", SHOWN, WRONG),
    Page("contacts:attachment", "attachment", SHOWN, WRONG),
    Page("contacts:attachment_thumbnail", "attachment", SHOWN, WRONG),
    Page("contacts:contact_edit", "contact", SHOWN, FORM),
    Page("contacts:contact_person", "contact", SHOWN, WRONG),
    Page("contacts:contact_link", "two_contacts", WRONG, DONE),
    Page("contacts:contact_link_undo", "two_contacts", WRONG, DONE),
    Page("contacts:contact_unlink", "two_contacts", WRONG, DONE),
    Page("contacts:contact_block", "contact", SHOWN, DONE),
    Page("contacts:contact_unblock", "contact", WRONG, DONE),
    Page("contacts:contact_reblock", "contact", WRONG, "login 404 404 404 404 403"),
    Page("contacts:contact_opt_out", "contact", WRONG, DONE),
    Page("contacts:contact_opt_out_end", "contact", WRONG, DONE),
    Page("contacts:contact_opt_out_restore", "contact", WRONG, "login 404 404 404 404 403"),
    Page("contacts:blocked_list", "", "login 403 403 403 200 403", WRONG),
    Page("contacts:blocked_unblock", "", WRONG, "login 403 403 403 302 403"),
    Page("contacts:contact_favorite", "contact", WRONG, DONE_IN_PLACE),
    Page("contacts:contact_unfavorite", "contact", WRONG, DONE_IN_PLACE),
    Page("contacts:contact_field", "field", SHOWN, DONE),
    Page("contacts:field_new", "contact", SHOWN, FORM),
    Page("contacts:change_undo", "change", WRONG, "login 404 404 404 404 403"),
    Page("contacts:contact_labels", "contact", SHOWN, WRONG),
    Page("contacts:conversation_labels", "conversation", SHOWN, DONE),
    Page("contacts:contact_label_new", "contact", "login 403 403 403 200 403", "login 403 403 403 422 403"),
    Page("contacts:contact_label_add", "label", WRONG, DONE),
    Page("contacts:contact_label_remove", "label", WRONG, DONE),
    Page("contacts:note_list", "contact", SHOWN, WRONG),
    Page("contacts:note_new", "contact", SHOWN, FORM),
    # The note is somebody else's.
    Page("contacts:note_detail", "note", SHOWN, WRONG),
    Page("contacts:note_edit", "note", "login 403 404 404 403 403", "login 403 404 404 403 403"),
    Page("contacts:note_delete", "note", WRONG, "login 403 404 404 403 403"),
    Page("contacts:note_restore", "note", WRONG, "login 403 404 404 403 403"),
    Page("contacts:note_pin", "note", WRONG, DONE),
    Page("contacts:note_unpin", "note", WRONG, DONE),
    Page("campaigns:contact_lists", "contact", SHOWN, WRONG),
    # The list is of a channel that the outsider and the importer do not see.
    Page("campaigns:list_list", "", "login 200 200 200 200 403", WRONG),
    Page("campaigns:list_new", "", "login 403 403 403 200 403", "login 403 403 403 422 403"),
    Page("campaigns:list_detail", "campaign_list", SHOWN, WRONG),
    Page("campaigns:list_count", "campaign_list", "login 302/200 404 404 302/200 403", WRONG),
    # Empty, so that there is nothing to export.
    Page("campaigns:audience_new", "campaign_list", "login 403 403 403 200 403", "login 403 403 403 422 403"),
    Page("campaigns:list_edit", "campaign_list", "login 403 403 403 200 403", "login 403 403 403 422 403"),
    Page("campaigns:list_archive", "campaign_list", WRONG, "login 403 403 403 302 403"),
    Page("campaigns:list_restore", "campaign_list", WRONG, "login 403 403 403 302 403"),
    Page("campaigns:list_join", "contact_list", WRONG, DONE_IN_PLACE),
    Page("campaigns:list_leave", "contact_list", WRONG, DONE_IN_PLACE),
    Page("campaigns:list_undo", "list_joined_by_agent", WRONG, "login 302/200 404 404 404 403"),
    Page("contacts:bulk_new", "", WRONG, "login 400 400 400 400 403"),
    Page("contacts:bulk_detail", "bulk_action_of_agent", "login 200 404 404 404 403", WRONG),
    Page("contacts:bulk_cancel", "bulk_action_of_agent", WRONG, "login 302 404 404 404 403"),
    Page("contacts:bulk_undo", "bulk_action_of_agent", WRONG, "login 302 404 404 404 403"),
    Page("contacts:contact_delete", "contact", "login 403 403 403 200 403", "login 403 403 403 302 403"),
    Page("contacts:contact_restore", "trashed_contact", WRONG, "login 403 403 403 302 403"),
    Page("contacts:trash_list", "", "login 403 403 403 200 403", WRONG),
    Page("contacts:trash_restore", "", WRONG, "login 403 403 403 302 403"),
    # Exports, which agents may not make; those of others are not found
    Page("contacts:export_new", "", "login 403 403 403 200 403", "login 403 403 403 302 403"),
    Page("contacts:export_detail", "export_of_administrator", "login 403 403 403 200 403", EXPORT_WRONG),
    Page("contacts:export_file", "export_of_administrator", "login 403 403 403 200 403", EXPORT_WRONG),
    Page("contacts:export_delete", "export_of_administrator", EXPORT_WRONG, "login 403 403 403 302 403"),
    # Imports
    Page("contacts:import_list", "", "login 403 403 200 200 403", IMPORT_WRONG),
    # The pill of the navigation; without htmx the list.
    Page("contacts:import_running", "", "login 403 403 302/200 302/200 403", IMPORT_WRONG),
    Page("contacts:import_new", "", "login 403 403 200 200 403", IMPORT_WRONG),
    Page("contacts:import_new_details", "channel_in_query", IMPORT_SHOWN, IMPORT_WRONG),
    Page("contacts:import_new_file", "channel_in_query", IMPORT_SHOWN, "login 403 403 404 422 403"),
    Page("contacts:import_template", "channel_type", "login 403 403 200 200 403", IMPORT_WRONG),
    Page("contacts:import_detail", "staged_import", IMPORT_DONE, IMPORT_WRONG),
    Page("contacts:import_checking", "uploaded_import", IMPORT_SHOWN, IMPORT_WRONG),
    Page("contacts:import_refused", "refused_import", IMPORT_SHOWN, IMPORT_WRONG),
    Page("contacts:import_settings", "staged_import", IMPORT_SHOWN, IMPORT_DONE),
    Page("contacts:import_columns", "staged_import", IMPORT_SHOWN, "login 403 403 404 422 403"),
    Page("contacts:import_recipe_forget", "staged_import", IMPORT_WRONG, IMPORT_DONE),
    Page("contacts:import_delete", "staged_import", IMPORT_WRONG, IMPORT_DONE),
    Page("contacts:import_review", "staged_import", IMPORT_SHOWN, IMPORT_WRONG),
    Page("contacts:import_rows_remove", "staged_import", IMPORT_WRONG, "login 403 403 404 302/200 403"),
    Page("contacts:import_rows_restore", "staged_import", IMPORT_WRONG, "login 403 403 404 302/200 403"),
    Page("contacts:import_rows_mend", "staged_problem", IMPORT_WRONG, IMPORT_DONE),
    Page("contacts:import_rows_unmend", "staged_problem", IMPORT_WRONG, IMPORT_DONE),
    Page("contacts:import_row", "staged_row", "login 403 403 404 302/200 403", IMPORT_WRONG),
    Page("contacts:import_cell", "staged_cell", IMPORT_SHOWN, "login 403 403 404 409 403"),
    Page("contacts:import_row_mend", "staged_row_problem", IMPORT_WRONG, "login 403 403 404 302/200 403"),
    Page("contacts:import_commit", "staged_import", IMPORT_WRONG, IMPORT_DONE),
    Page("contacts:import_progress", "committing_import", IMPORT_SHOWN, IMPORT_WRONG),
    Page("contacts:import_cancel", "committing_import", IMPORT_WRONG, IMPORT_DONE),
    Page("contacts:import_result", "committed_import", IMPORT_SHOWN, IMPORT_WRONG),
    Page("contacts:import_file", "rows_to_take_away", IMPORT_SHOWN, IMPORT_WRONG),
    Page("contacts:import_undo", "committed_import", "login 403 403 403 200 403", "login 403 403 403 302 403"),
    Page("contacts:import_undoing", "undoing_import", IMPORT_SHOWN, IMPORT_WRONG),
]
