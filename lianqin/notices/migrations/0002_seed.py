"""Every install starts with the house's own ladder: push at once, SMS after a minute, a call after
three, the next person after five. From then on the row is the district's, and dated."""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange


def put_in(apps, schema_editor):
    apps.get_model("notices", "LadderPlan").objects.create(
        dates=DateRange(date(2000, 1, 1), None),
        push_after=0, sms_after=60, call_after=180, next_after=300,
    )


class Migration(migrations.Migration):

    dependencies = [("notices", "0001_first")]

    operations = [migrations.RunPython(put_in, migrations.RunPython.noop)]
