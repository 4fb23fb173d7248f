"""Addresses of the campaign lists, below /contacts/."""

from django.urls import path

from campaigns import views

app_name = "campaigns"

urlpatterns = [
    path("<int:pk>/lists/", views.contact_lists, name="contact_lists"),
]
