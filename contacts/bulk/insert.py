"""Making a row for each of many contacts in one statement: objects made in Python take ten times as long."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Field, Model, Value

from contacts.models.contact_queryset import ContactQuerySet


def insert_for(contacts: ContactQuerySet, model: type[Model], **values: Any) -> int:
    """Make a row of `model` for each of the contacts: its `contact_id`, and for all alike `values` and defaults.

    Returns how many were made. A row that is there already stays as it is.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    selected = {
        column: F("pk") if column == "contact_id" else _constant(field, values.pop(field.name, field.get_default()))
        for column, field in fields.items()
    }
    if values:
        raise TypeError(f"{model.__name__} has no {', '.join(values)}")
    try:
        select, parameters = contacts.order_by().values_list(*selected.values()).query.sql_with_params()
    except EmptyResultSet:  # Django knows without the database that there is no such contact
        return 0
    columns = ", ".join(connection.ops.quote_name(column) for column in selected)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) {select} ON CONFLICT DO NOTHING", parameters)
        return int(cursor.rowcount)


def _constant(field: "Field[Any, Any]", value: Any) -> Value:
    return Value(getattr(value, "pk", value), output_field=field)
