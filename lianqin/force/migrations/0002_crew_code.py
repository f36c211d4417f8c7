from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("force", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="crew",
            name="code",
            field=models.CharField(
                help_text="what files call it", max_length=40, null=True, unique=True
            ),
        )
    ]
