"""Addresses below /contacts/imports/, part of the namespace "contacts"."""

from django.urls import path

from contacts.views.imports import columns, history, new, refusal, result, review, rows, undo, work
from contacts.views.imports.pages import import_detail

urlpatterns = [
    path("", history.import_list, name="import_list"),
    path("new/", new.import_new, name="import_new"),
    path("new/details/", new.import_new_details, name="import_new_details"),
    path("new/file/", new.import_new_file, name="import_new_file"),
    path("running/", work.import_running, name="import_running"),
    path("templates/<slug:channel_type>.csv", new.import_template, name="import_template"),
    path("<int:pk>/", import_detail, name="import_detail"),
    path("<int:pk>/checking/", work.import_checking, name="import_checking"),
    path("<int:pk>/refused/", refusal.import_refused, name="import_refused"),
    path("<int:pk>/settings/", refusal.import_settings, name="import_settings"),
    path("<int:pk>/columns/", columns.import_columns, name="import_columns"),
    path("<int:pk>/recipe/forget/", columns.import_recipe_forget, name="import_recipe_forget"),
    path("<int:pk>/delete/", refusal.import_delete, name="import_delete"),
    path("<int:pk>/review/", review.import_review, name="import_review"),
    path("<int:pk>/rows/remove/", rows.import_rows_remove, name="import_rows_remove"),
    path("<int:pk>/rows/restore/", rows.import_rows_restore, name="import_rows_restore"),
    path("<int:pk>/rows/mend/<slug:code>/", rows.import_rows_mend, name="import_rows_mend"),
    path("<int:pk>/rows/unmend/<slug:code>/", rows.import_rows_unmend, name="import_rows_unmend"),
    path("<int:pk>/rows/<int:line>/", rows.import_row, name="import_row"),
    path("<int:pk>/rows/<int:line>/<int:column>/", rows.import_cell, name="import_cell"),
    path("<int:pk>/rows/<int:line>/mend/<slug:code>/", rows.import_row_mend, name="import_row_mend"),
    path("<int:pk>/commit/", review.import_commit, name="import_commit"),
    path("<int:pk>/progress/", work.import_progress, name="import_progress"),
    path("<int:pk>/cancel/", work.import_cancel, name="import_cancel"),
    path("<int:pk>/result/", result.import_result, name="import_result"),
    path("<int:pk>/<slug:kind>.csv", result.import_file, name="import_file"),
    path("<int:pk>/undo/", undo.import_undo, name="import_undo"),
    path("<int:pk>/undoing/", work.import_undoing, name="import_undoing"),
]
