"""Addresses of the contact pages. Actions are verbs, and take POST only unless they have a form of their own."""

from django.urls import include, path

from contacts.views import (
    blocks,
    contact_detail,
    contact_edit,
    contact_list,
    contact_new,
    contact_person,
    contact_profile,
    favorites,
    fields,
    labels,
    media,
    neighbors,
    notes,
)

app_name = "contacts"

urlpatterns = [
    path("", contact_list.contact_list, name="contact_list"),
    path("new/", contact_new.contact_new, name="contact_new"),
    path("new/<int:channel_id>/", contact_new.contact_new_details, name="contact_new_details"),
    path("imports/", include("contacts.import_urls")),
    path("<int:pk>/", contact_detail.contact_detail, name="contact_detail"),
    path("<int:pk>/profile/", contact_profile.contact_profile, name="contact_profile"),
    path("<int:pk>/next/", neighbors.contact_next, name="contact_next"),
    path("<int:pk>/previous/", neighbors.contact_previous, name="contact_previous"),
    path("<int:pk>/media/", media.contact_media, name="contact_media"),
    path("<int:pk>/media/<int:attachment_pk>/", media.attachment, name="attachment"),
    path("<int:pk>/edit/", contact_edit.contact_edit, name="contact_edit"),
    path("<int:pk>/person/", contact_person.contact_person, name="contact_person"),
    path("<int:pk>/link/<int:other_pk>/", contact_person.contact_link, name="contact_link"),
    path("<int:pk>/link/<int:other_pk>/undo/", contact_person.contact_link_undo, name="contact_link_undo"),
    path("<int:pk>/unlink/<int:other_pk>/", contact_person.contact_unlink, name="contact_unlink"),
    path("<int:pk>/fields/new/", fields.field_new, name="field_new"),
    path("<int:pk>/fields/<str:name>/", fields.contact_field, name="contact_field"),
    path("<int:pk>/changes/<int:change_pk>/undo/", fields.change_undo, name="change_undo"),
    path("<int:pk>/labels/", labels.contact_labels, name="contact_labels"),
    path("<int:pk>/labels/new/", labels.contact_label_new, name="contact_label_new"),
    path("<int:pk>/labels/<int:label_pk>/add/", labels.contact_label_add, name="contact_label_add"),
    path("<int:pk>/labels/<int:label_pk>/remove/", labels.contact_label_remove, name="contact_label_remove"),
    path("<int:pk>/notes/", notes.note_list, name="note_list"),
    path("<int:pk>/notes/new/", notes.note_new, name="note_new"),
    path("<int:pk>/notes/<int:note_pk>/", notes.note_detail, name="note_detail"),
    path("<int:pk>/notes/<int:note_pk>/edit/", notes.note_edit, name="note_edit"),
    path("<int:pk>/notes/<int:note_pk>/delete/", notes.note_delete, name="note_delete"),
    path("<int:pk>/notes/<int:note_pk>/restore/", notes.note_restore, name="note_restore"),
    path("<int:pk>/notes/<int:note_pk>/pin/", notes.note_pin, name="note_pin"),
    path("<int:pk>/notes/<int:note_pk>/unpin/", notes.note_unpin, name="note_unpin"),
    path("<int:pk>/favorite/", favorites.contact_favorite, name="contact_favorite"),
    path("<int:pk>/unfavorite/", favorites.contact_unfavorite, name="contact_unfavorite"),
    path("<int:pk>/block/", blocks.contact_block, name="contact_block"),
    path("<int:pk>/unblock/", blocks.contact_unblock, name="contact_unblock"),
    path("<int:pk>/reblock/", blocks.contact_reblock, name="contact_reblock"),
]
