
import django.db.models.deletion
import lianqin.cases.models.case
import uuid6
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_clocks_are_rows'),
        ('catalogue', '0003_seed'),
        ('force', '0001_first'),
        ('territory', '0001_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reveal',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(max_length=200)),
                ('salt', models.CharField(default=lianqin.cases.models.case.salt, max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='SecurityLead',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(help_text='journal position of the last change', null=True)),
                ('duty_date', models.DateField()),
                ('place', models.CharField(max_length=120)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('text', models.TextField()),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('marked', models.BooleanField(default=False)),
                ('origin', models.CharField(max_length=10)),
                ('salt', models.CharField(default=lianqin.cases.models.case.salt, max_length=32)),
                ('handed_to', models.CharField(help_text='the police body, not a person', max_length=80)),
                ('police_number', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceRecord',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(help_text='journal position of the last change', null=True)),
                ('duty_date', models.DateField()),
                ('place', models.CharField(max_length=120)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('text', models.TextField()),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('marked', models.BooleanField(default=False)),
                ('origin', models.CharField(max_length=10)),
                ('salt', models.CharField(default=lianqin.cases.models.case.salt, max_length=32)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='case_by_end'),
        ),
        migrations.AddField(
            model_name='reveal',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reveal',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='cases.case'),
        ),
        migrations.AddField(
            model_name='securitylead',
            name='area',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.area'),
        ),
        migrations.AddField(
            model_name='securitylead',
            name='crew',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='force.crew'),
        ),
        migrations.AddField(
            model_name='securitylead',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='servicerecord',
            name='area',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.area'),
        ),
        migrations.AddField(
            model_name='servicerecord',
            name='crew',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='force.crew'),
        ),
        migrations.AddField(
            model_name='servicerecord',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='securitylead',
            index=models.Index(fields=['place', '-id'], name='securitylead_by_place', opclasses=['varchar_pattern_ops', 'uuid_ops']),
        ),
        migrations.AddIndex(
            model_name='securitylead',
            index=models.Index(fields=['crew', '-id'], name='securitylead_by_crew'),
        ),
        migrations.AddIndex(
            model_name='securitylead',
            index=models.Index(fields=['duty_date'], name='securitylead_by_date'),
        ),
        migrations.AddConstraint(
            model_name='securitylead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lat', None), ('lon', None)), models.Q(('lat__isnull', False), ('lon__isnull', False)), _connector='OR'), name='securitylead_position_whole'),
        ),
        migrations.AddIndex(
            model_name='servicerecord',
            index=models.Index(fields=['place', '-id'], name='servicerecord_by_place', opclasses=['varchar_pattern_ops', 'uuid_ops']),
        ),
        migrations.AddIndex(
            model_name='servicerecord',
            index=models.Index(fields=['crew', '-id'], name='servicerecord_by_crew'),
        ),
        migrations.AddIndex(
            model_name='servicerecord',
            index=models.Index(fields=['duty_date'], name='servicerecord_by_date'),
        ),
        migrations.AddConstraint(
            model_name='servicerecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lat', None), ('lon', None)), models.Q(('lat__isnull', False), ('lon__isnull', False)), _connector='OR'), name='servicerecord_position_whole'),
        ),
    ]
