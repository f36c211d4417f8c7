import django.contrib.postgres.indexes
from django.db import migrations, models


#: What tokens could do before they had scopes goes on: integrations do not stop with an upgrade.
WIDEN = """
UPDATE accounts_apitoken SET scopes = ARRAY(
    SELECT DISTINCT scope FROM unnest(scopes || ARRAY['read', 'report', 'act', 'tickets', 'reveal']) scope
    ORDER BY scope)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_access_log'),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='last_used_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='session_round',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='accessentry',
            index=models.Index(fields=['kind', 'position'], name='access_by_kind'),
        ),
        migrations.AddIndex(
            model_name='accessentry',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='access_by_day', pages_per_range=16),
        ),
        migrations.RunSQL(WIDEN, migrations.RunSQL.noop, elidable=False),
    ]
