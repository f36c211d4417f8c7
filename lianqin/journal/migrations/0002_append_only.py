from django.db import migrations

from lianqin.journal import sql


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_first")]

    operations = [
        migrations.RunSQL(sql.APPEND, sql.DROP_APPEND),
        migrations.RunSQL(sql.REFUSE_TRUNCATE, "DROP FUNCTION refuse_truncate() CASCADE"),
        # Entries are written by the function alone, so the application role only reads them here.
        migrations.RunSQL(sql.append_only("journal_entry"), migrations.RunSQL.noop),
        migrations.RunSQL(sql.append_only("journal_seal"), migrations.RunSQL.noop),
        migrations.RunSQL(sql.read_only("journal_head"), migrations.RunSQL.noop),
        migrations.RunSQL(sql.read_only("journal_serial"), migrations.RunSQL.noop),
    ]
