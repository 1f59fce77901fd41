"""PostgreSQL itself refuses two live office hours of one host at the same time; SQLite has no such constraint."""

from django.db import migrations

NAME = "host_in_one_place_at_a_time"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # A trusted extension since PostgreSQL 13: the owner of the database may create it.
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    schema_editor.execute(
        f"ALTER TABLE booking_officehours ADD CONSTRAINT {NAME} EXCLUDE USING gist"
        ' (host_id WITH =, tstzrange(start, "end") WITH &&) WHERE (status = \'live\')'
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE booking_officehours DROP CONSTRAINT {NAME}")


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]
    operations = [migrations.RunPython(add, remove, elidable=False)]
