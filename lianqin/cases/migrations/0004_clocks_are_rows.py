"""A task's clock lives in its own row now."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_carry_over")]

    operations = [
        migrations.RemoveField(model_name="task", name=name)
        for name in ("clock_started_at", "clock_due_at", "clock_stopped_at")
    ]
