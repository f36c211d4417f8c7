"""The demo's standards and duty list on a real database, through the rooms' own actions."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Count

from lianqin.catalogue import queries
from lianqin.catalogue.models import CaseClass, DutyLine, Standard
from lianqin.console.demo import seed
from lianqin.force.models import Centre
from lianqin.journal.models import Entry

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def test_a_demo_install_has_them_marked_as_samples_and_seeding_again_adds_nothing() -> None:
    told = list(seed(with_cases=False))
    before = (Standard.objects.count(), DutyLine.objects.count(), Entry.objects.count())

    assert before[0] == 507
    assert any("507" in line for line in told)
    for table in (Standard, DutyLine):
        assert not table.objects.exclude(sample=True, origin="demo").exists()
    assert not CaseClass.objects.annotate(n=Count("standards")).filter(n=0).exists()

    list(seed(with_cases=False))
    assert before == (Standard.objects.count(), DutyLine.objects.count(), Entry.objects.count())


def test_in_every_demo_centre_every_class_has_a_unit_on_duty() -> None:
    list(seed(with_cases=False))
    for centre in Centre.objects.all():
        for one in CaseClass.objects.all()[::9]:
            assert queries.units_on_duty(one.id, centre.place, TODAY), (centre.place, one.code)
