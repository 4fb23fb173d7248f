"""Addresses below /contacts/exports/, part of the namespace "contacts"."""

from django.urls import path

from contacts.views import exports

urlpatterns = [
    path("new/", exports.export_new, name="export_new"),
    path("<int:pk>/", exports.export_detail, name="export_detail"),
    path("<int:pk>/file/", exports.export_file, name="export_file"),
    path("<int:pk>/delete/", exports.export_delete, name="export_delete"),
]
