"""Addresses of the campaign lists, below /contacts/."""

from django.urls import path

from campaigns.views import audience, contact_lists, list_detail, list_edit, list_list, members

app_name = "campaigns"

urlpatterns = [
    path("lists/", list_list.list_list, name="list_list"),
    path("lists/new/", list_edit.list_new, name="list_new"),
    path("lists/<int:pk>/", list_detail.list_detail, name="list_detail"),
    path("lists/<int:pk>/count/", list_list.list_count, name="list_count"),
    path("lists/<int:pk>/edit/", list_edit.list_edit, name="list_edit"),
    path("lists/<int:pk>/audience/", audience.audience_new, name="audience_new"),
    path("lists/<int:pk>/archive/", list_edit.list_archive, name="list_archive"),
    path("lists/<int:pk>/restore/", list_edit.list_restore, name="list_restore"),
    path("<int:pk>/lists/", contact_lists.contact_lists, name="contact_lists"),
    path("<int:pk>/lists/<int:list_pk>/join/", members.list_join, name="list_join"),
    path("<int:pk>/lists/<int:list_pk>/leave/", members.list_leave, name="list_leave"),
    path("<int:pk>/lists/undo/<int:action_pk>/", members.list_undo, name="list_undo"),
]
