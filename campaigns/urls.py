"""Addresses of the campaign lists, below /contacts/."""

from django.urls import path

from campaigns import views

app_name = "campaigns"

urlpatterns = [
    path("<int:pk>/lists/", views.contact_lists, name="contact_lists"),
    path("<int:pk>/lists/<int:list_pk>/join/", views.list_join, name="list_join"),
    path("<int:pk>/lists/<int:list_pk>/leave/", views.list_leave, name="list_leave"),
]
