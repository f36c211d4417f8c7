from django.db import migrations

from lianqin.accounts import sql
from lianqin.journal.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first"), ("journal", "0002_append_only")]

    operations = [
        migrations.RunSQL(sql.ACCESS_APPEND, sql.DROP_ACCESS_APPEND),
        migrations.RunSQL(append_only("accounts_accessentry"), migrations.RunSQL.noop),
    ]
