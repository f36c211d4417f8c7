"""What every install starts with: who performs which stage by source, the figures of the daily
work, and the limits of the stages. Written out here and not imported from the rules, because a
migration says what was put in when it ran; from then on the rows are the district's."""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

ELSEWHERE = {"filed_by": "elsewhere", "checked_by": "elsewhere", "closed_by": "elsewhere"}
HERE = {"filed_by": "here", "checked_by": "here", "closed_by": "centre"}
WAYS = {
    # The sender files, checks and closes; a hotline's citizen waits for words.
    "city_platform": {"verify": False, **ELSEWHERE, "reply": False},
    "hotline": {"verify": False, **ELSEWHERE, "reply": True},
    # Seen by officers or collectors themselves: nobody looks a second time before filing.
    "patrol": {"verify": False, **HERE, "reply": False},
    "collector": {"verify": False, **HERE, "reply": False},
    "video": {"verify": False, **HERE, "reply": False},
    "police_110": {"verify": False, **HERE, "reply": False},
    "public": {"verify": True, **HERE, "reply": False},
    "community_post": {"verify": True, **HERE, "reply": False},
}
PRACTICE = {
    "send_back_window": 120,
    "send_back_limit": 2,
    "twin_metres": 50,
    "twin_hours": 24,
    "recurrence_days": 15,
    "recurrence_metres": 50,
    "sample_percent": 8,
    "collectors_from": 7,
    "collectors_until": 19,
    "extension_max": 2,
    "suspension_days_max": 365,
}
# stage: value, unit, sample. 15 and 30 minutes are national practice, the others are ours.
# Accepting has no limit of its own: the handling clock runs from dispatch already.
STAGES = {
    "intake": (30, "minute", True),
    "verify": (30, "minute", False),
    "dispatch": (15, "minute", False),
    "check": (1, "natural_day", True),
    "reply": (2, "work_hour", True),
    "close": (2, "work_hour", True),
}


def put_in(apps, schema_editor):
    valid = DateRange(date(2000, 1, 1), None)
    SourceWay = apps.get_model("catalogue", "SourceWay")
    for source, values in WAYS.items():
        SourceWay.objects.create(source=source, valid=valid, **values)
    apps.get_model("catalogue", "PracticeVersion").objects.create(valid=valid, **PRACTICE)
    StageLimit = apps.get_model("catalogue", "StageLimit")
    for stage, (value, unit, sample) in STAGES.items():
        StageLimit.objects.create(stage=stage, value=value, unit=unit, sample=sample, valid=valid)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_standards")]

    # Going back drops the tables with what is in them.
    operations = [migrations.RunPython(put_in, migrations.RunPython.noop)]
