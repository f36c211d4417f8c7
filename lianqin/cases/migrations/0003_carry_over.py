"""Cases from before the whole lifecycle: their ways by source, their running clocks as rows."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_WAYS = """
UPDATE cases_case SET
    verify_first = false,
    filed_by = CASE WHEN source IN ('city_platform', 'hotline') AND state = 'reported'
        THEN 'elsewhere' ELSE 'here' END
"""

#: A rest of two hours is two hours from its start: what was left when a clock was moved is kept
#: as its due instant; a later pause counts by the limit again.
_CLOCKS = """
INSERT INTO cases_stageclock (
    id, case_id, task_id, stage, limit_value, limit_unit, spans, added, started_at, due_at,
    stopped_at, paused_at, used_s, allowed_s, late, exempt, plain, alerted, next_alert_at
)
SELECT
    gen_random_uuid(), t.case_id, t.id, 'handle', c.limit_value, c.limit_unit,
    jsonb_build_array(jsonb_build_array(t.clock_started_at, t.clock_stopped_at)), '[]',
    t.clock_started_at, t.clock_due_at, t.ended_at,
    CASE WHEN t.ended_at IS NULL THEN t.clock_stopped_at END, 0, 0,
    COALESCE(t.clock_stopped_at > t.clock_due_at, false), false, false, 0,
    CASE WHEN t.clock_stopped_at IS NULL AND t.ended_at IS NULL THEN t.clock_due_at END
FROM cases_task t JOIN cases_case c ON c.id = t.case_id
WHERE t.clock_started_at IS NOT NULL AND c.limit_value IS NOT NULL
"""

_MIRROR = """
UPDATE cases_case SET clock_stage = 'handle', clock_limit_value = limit_value,
    clock_limit_unit = limit_unit
WHERE clock_started_at IS NOT NULL
"""


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Run the three statements in order."""
    with schema_editor.connection.cursor() as cursor:
        for statement in (_WAYS, _CLOCKS, _MIRROR):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_whole_lifecycle")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
