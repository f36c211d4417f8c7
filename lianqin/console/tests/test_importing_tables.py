"""Tables of the territory and the catalogue in every form; names in one language; ways, limits,
practice; what a long file costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from django.utils import timezone
from openpyxl import Workbook

from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.catalogue import queries
from lianqin.catalogue.models import CaseClass, DutyLine, Standard
from lianqin.console.imports import features as features_module
from lianqin.console.imports.catalogue import import_catalogue_file
from lianqin.console.imports.features import features
from lianqin.console.imports.files import open_file
from lianqin.console.imports.new_district import NewDistrict
from lianqin.console.imports.territory import import_territory_file
from lianqin.console.words import Refusal
from lianqin.journal.models import Entry
from lianqin.territory.models import Area, CalendarDay, District, Site
from lianqin.territory.queries import calendar, office_names

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]
ABROAD = NewDistrict("BAL", "Baltimore", "BAL", timezone="America/New_York", demo=True)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(content: str, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return _write


WAYS = "source,verify,filed_by,checked_by,closed_by\n"


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=2)).isoformat()


# --- a district from tables ----------------------------------------------------------------------


def test_a_rehearsal_district_is_set_up_from_a_table_without_a_single_polygon(
    write: Write,
) -> None:
    file = write(
        "code,kind,parent,name_en\nC-1,community,Central,Mount Vernon\nCentral,街道,,Central\n"
    )
    report = import_territory_file(file, district=ABROAD)
    assert (report["written"], report["errors"]) == (2, [])
    here = District.objects.get()
    assert (here.name_en, here.timezone, here.demo, here.outline) == (
        "Baltimore", "America/New_York", True, None,
    )  # fmt: skip
    community = Area.objects.get(code="C-1")
    assert (community.name_zh, community.place, community.parent.code) == (
        "Mount Vernon", "BAL/Central", "Central",
    )  # fmt: skip
    assert office_names()["BAL/Central"] == {"zh": "Central联勤办", "en": "Central office"}
    assert not CalendarDay.objects.exists()
    assert import_territory_file(file, district=ABROAD)["changes"] == 0


def test_a_rehearsal_district_and_a_real_one_are_not_mistaken_for_each_other(write: Write) -> None:
    file = write("code,kind,name_en\nCentral,subdistrict,Central\n")
    import_territory_file(file, district=ABROAD)
    real = NewDistrict("BAL", "Baltimore", "BAL", timezone="America/New_York")
    with pytest.raises(Refusal, match="holds the demo district Baltimore"):
        import_territory_file(file, district=real)


def test_a_calendar_brings_days_and_says_how_far_it_speaks(write: Write) -> None:
    build()
    file = write("date,kind,name\n2031-01-01,假日,New Year\n2031-02-02,workday,\n")
    report = import_territory_file(file)
    assert report["notes"] == ["holidays are known to 2031-12-31"]
    assert calendar().valid_until == date(2031, 12, 31)
    assert not calendar().is_workday(date(2031, 1, 1))
    assert calendar().is_workday(date(2031, 2, 2))
    assert import_territory_file(file)["changes"] == 0

    longer = import_territory_file(file, calendar_until=date(2032, 6, 30))
    assert longer["written"] == 1
    assert District.objects.get().calendar_until == date(2032, 6, 30)
    with pytest.raises(Refusal, match="is before 2031-02-02"):
        import_territory_file(file, calendar_until=date(2031, 1, 31))


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("2031-02-30,holiday,", "date", "should be a date"),
        (",holiday,", "date", "is empty"),
        ("2031-02-02,rest,", "kind", "one of holiday, workday"),
        ("2031-02-03,workday,", "kind", "is a weekday anyway"),
    ],
)
def test_a_day_that_cannot_be_says_what_would_be_right(
    write: Write, row: str, field: str, said: str
) -> None:
    build()
    (error,) = import_territory_file(write("date,kind,name\n" + row + "\n"))["errors"]
    assert error["field"] == field
    assert said in error["reason"]


def test_sites_stand_at_their_position_in_their_place(write: Write) -> None:
    build()
    head = "code,kind,name_zh,lon,lat,place\n"
    file = write(
        head
        + f"k-1,岗亭,一号岗亭,117.2001,34.2002,{CENTRES[0]}\n"
        + f"k-2,kiosk,二号,117,34,{CENTRES[0]}\n"
        + "k-3,kiosk,三号,0,0,\n"
        + "k-4,tower,四号,117.2,34.2001,\n"
        + "k-5,kiosk,五号,117.2001,34.2001,990101/none\n"
    )
    report = import_territory_file(file)
    assert [(e["row"], e["field"]) for e in report["errors"]] == [
        (3, "lon"), (4, "lon"), (5, "kind"), (6, "place"),
    ]  # fmt: skip
    site = Site.objects.get(code="k-1")
    assert (site.kind, site.lon, site.place) == ("kiosk", 117.2001, CENTRES[0])
    assert import_territory_file(file)["changes"] == 0

    shifted = write(head + f"k-1,kiosk,一号岗亭,117.2001,34.2002,{CENTRES[0]}\n")
    import_territory_file(shifted, datum="gcj02")
    site.refresh_from_db()
    assert 0.004 < abs(site.lon - 117.2001) < 0.008


def test_parents_in_another_piece_of_a_long_file_are_found(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianqin.territory.actions._PIECE", 3)
    monkeypatch.setattr("lianqin.console.imports.territory._CHUNK", 2)
    grids = "".join(f"G{n},grid,C{n % 5},格{n}\n" for n in range(20))
    communities = "".join(f"C{n},community,S,社区{n}\n" for n in range(5))
    text = "code,kind,parent,name_zh\n" + grids + communities + "S,subdistrict,,街\n"
    report = import_territory_file(write(text), district=ABROAD)
    assert (report["written"], report["errors"]) == (26, [])
    assert Area.objects.get(code="G7").parent.code == "C2"
    assert Area.objects.get(code="G7").place == "BAL/S"


# --- forms of files ------------------------------------------------------------------------------


CLASSES = [["kind", "code", "name_zh", "limit_value", "limit_unit"],
           ["event", "0401", "无照游商", 2, "urgent_hour"],
           ["event", "0402", "店外经营", None, None]]  # fmt: skip


def as_csv(path: Path) -> Path:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in CLASSES]
    path.with_suffix(".csv").write_text("\n".join(lines), encoding="utf-8")
    return path.with_suffix(".csv")


def as_xlsx(path: Path) -> Path:
    book = Workbook()
    for row in CLASSES:
        book.active.append(row)
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def as_parquet(path: Path) -> Path:
    columns = dict(zip(CLASSES[0], zip(*CLASSES[1:], strict=True), strict=True))
    table = pyarrow.table({name: list(values) for name, values in columns.items()})
    pyarrow.parquet.write_table(table, path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


@pytest.mark.parametrize("form", [as_csv, as_xlsx, as_parquet])
def test_csv_xlsx_and_parquet_give_the_same_rows(
    tmp_path: Path, form: Callable[[Path], Path]
) -> None:
    build()
    report = import_catalogue_file(form(tmp_path / "classes"))
    assert (report["written"], report["errors"]) == (2, [])
    found = CaseClass.objects.get(kind="event", code="0401")
    assert (found.name_zh, found.limit_value, found.limit_unit) == ("无照游商", 2, "urgent_hour")
    assert CaseClass.objects.get(code="0402").limit_value is None


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
def test_a_file_that_is_cut_off_is_refused_in_words(tmp_path: Path, name: str) -> None:
    build()
    made = (as_xlsx if name.endswith("xlsx") else as_parquet)(tmp_path / "whole")
    (tmp_path / name).write_bytes(made.read_bytes()[:-200])
    with pytest.raises(Refusal, match="is not a whole"):
        import_catalogue_file(tmp_path / name)


def test_features_are_read_one_by_one_however_the_file_is_cut_into_pieces(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [{"type": "Feature", "n": n, "w": "字" * n, "x": [1.5, {"y": "]}"}]} for n in range(40)]
    text = json.dumps({"name": "x", "features": many, "type": "FeatureCollection"}, indent=1)
    file = open_file(write(text, "a.geojson"))
    for piece in (1, 7, 64, 10_000):
        monkeypatch.setattr(features_module, "_PIECE", piece)
        assert [feature for _, feature in features(file)] == many


def test_a_broken_feature_is_told_by_its_line(write: Write) -> None:
    build()
    text = '{"type": "FeatureCollection", "features": [\n{"type": "Feature"},\n{"type" 3}\n]}'
    with pytest.raises(Refusal, match="stops being JSON at line 3"):
        import_territory_file(write(text, "a.geojson"))


# --- names in one language -----------------------------------------------------------------------


def test_names_in_english_alone_stand_in_both(write: Write) -> None:
    build()
    import_catalogue_file(write("kind,code,name_en,group_en\nevent,0001,Dirty alley,Waste\n"))
    standards = "kind,code,filing_en,closing_en,limit_value,limit_unit\n"
    import_catalogue_file(write(standards + "event,0001,An alley,Clean,5,work_day\n"))
    found = CaseClass.objects.get(code="0001")
    assert (found.name_zh, found.name_en, found.group_zh) == ("Dirty alley", "Dirty alley", "Waste")
    assert Standard.objects.get(case_class=found).filing_zh == "An alley"


def test_a_name_too_long_for_the_other_language_says_which_column(write: Write) -> None:
    build()
    text = f"kind,code,name_en\nevent,0001,{'x' * 61}\n"
    (error,) = import_catalogue_file(write(text))["errors"]
    assert (error["field"], error["reason"]) == ("name_en", "at most 60 characters")


# --- ways, limits of stages, practice ------------------------------------------------------------


def test_a_way_a_limit_and_the_practice_follow_the_seeded_ones_from_a_day_on(write: Write) -> None:
    build()
    day = tomorrow()
    ways = "source,verify,filed_by,checked_by,closed_by,reply,valid_from\n"
    assert (
        import_catalogue_file(write(ways + f"hotline,no,here,here,district,yes,{day}\n"))["written"]
        == 1
    )
    limits = "stage,limit_value,limit_unit,valid_from\n"
    assert import_catalogue_file(write(limits + f"派遣,20,分钟,{day}\n"))["written"] == 1
    practice = "sample_percent,twin_metres,valid_from\n"
    assert import_catalogue_file(write(practice + f"10,80,{day}\n"))["written"] == 1

    then, before = date.fromisoformat(day), date.fromisoformat(day) - timedelta(days=1)
    assert queries.way("hotline", then).filed_by == "here"
    assert queries.way("hotline", before).filed_by == "elsewhere"
    limit = queries.stage_limit("dispatch", then)
    assert limit is not None
    assert limit.value == 20
    assert (queries.practice(then).sample_percent, queries.practice(then).twin_metres) == (10, 80)
    assert queries.practice(then).twin_hours == queries.practice(before).twin_hours
    assert import_catalogue_file(write(practice + f"10,80,{day}\n"))["changes"] == 0
    kinds = Entry.objects.order_by("position").values_list("subject_kind", flat=True)
    assert list(kinds) == ["ways", "stage_limits", "practice"]


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        (WAYS + "radio,no,here,here,centre\n", "source", "one of patrol"),
        (WAYS + "public,no,here,here,nobody\n", "closed_by", "one of centre"),
        ("stage,limit_value,limit_unit\nlunch,20,minute\n", "stage", "one of intake"),
        ("sample_percent\n50\n", "sample_percent", "from 5 to 10"),
        ("collectors_from,collectors_until\n19,7\n", "collectors_until", "later than"),
        ("collectors_from\n9\n", "collectors_from", "both hours"),
    ],
)
def test_figures_that_cannot_be_say_what_would_be_right(
    write: Write, text: str, field: str, said: str
) -> None:
    build()
    (error,) = import_catalogue_file(write(text))["errors"]
    assert error["field"] == field
    assert said in error["reason"]


def test_a_workbook_of_the_catalogue_may_cite_classes_that_it_brings_itself(
    tmp_path: Path,
) -> None:
    world: World = build()
    DutyLine.objects.all().delete()
    unit = next(iter(world.units.values()))
    book = Workbook()
    sheets = {
        "权责清单": [["条目号", "类型", "小类代码", "单位", "依据"],
                  ["Q-1", "事件", "0777", unit.code, "文件"]],
        "立案结案标准": [["类型", "小类代码", "立案条件", "结案条件", "时限", "时限单位"],
                   ["事件", "0777", "有", "无", 2, "工作日"]],
        "案件类别": [["类型", "小类代码", "小类名称"], ["事件", "0777", "新类"]],
    }  # fmt: skip
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "catalogue.xlsx")
    tried = import_catalogue_file(tmp_path / "catalogue.xlsx", dry_run=True)
    assert (tried["changes"], tried["errors"]) == (3, [])
    assert not CaseClass.objects.filter(code="0777").exists()
    assert import_catalogue_file(tmp_path / "catalogue.xlsx")["written"] == 3
    assert DutyLine.objects.get(code="Q-1").case_class.code == "0777"
    assert DutyLine.objects.get(code="Q-1").place == DISTRICT
