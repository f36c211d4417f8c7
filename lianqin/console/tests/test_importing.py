"""Files that districts bring: what is taken, what is left out and why, and never a trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lianqin.accounts.models import Posting, User
from lianqin.cases.tests.world import DISTRICT, World, build
from lianqin.catalogue.models import CaseClass
from lianqin.console.cli import main
from lianqin.console.imports.catalogue import import_catalogue_file
from lianqin.console.imports.new_district import NewDistrict
from lianqin.console.imports.territory import import_territory_file
from lianqin.console.words import Refusal
from lianqin.geo import Datum, Position
from lianqin.journal.models import Entry
from lianqin.territory.models import Area, CalendarDay, District
from lianqin.territory.queries import Spot, calendar, locate

pytestmark = pytest.mark.django_db

HEAD = "kind,code,name_zh,name_en,group_zh,group_en,limit_value,limit_unit\n"
GOOD = HEAD + "event,0401,无照游商,Hawkers,街面秩序,Street order,2,urgent_hour\n"
YUNLONG = NewDistrict("320303", "云龙区", "云龙", "Yunlong District")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def _write(content: str | bytes, name: str = "file") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def ring(west: float, south: float, size: float = 0.01) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: Any, kind: str = "subdistrict", **more: Any) -> dict[str, Any]:
    geometry = more.pop("geometry", {"type": "Polygon", "coordinates": [ring(117.2, 34.2)]})
    properties = {"code": code, "kind": kind, "name_zh": f"区域{code}", **more}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


# --- files as a whole ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
        lambda text: text.replace(",", ";").encode("gb18030"),
        lambda text: text.replace(",", "\t").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "crlf", "semicolon", "tab"],
)
def test_any_usual_encoding_gives_the_same_names(world: World, write: Any, encode: Any) -> None:
    report = import_catalogue_file(write(encode(GOOD)), dry_run=False)

    assert report["written"] == 1
    assert CaseClass.objects.get(kind="event", code="0401").name_zh == "无照游商"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"PK\x03\x04rest", "not a whole spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"kind\0code\x01\x02", "not a text file"),
        (b"\xff\xfe\x00\xd8\x00", "not a text file"),
        (b"kind,code,name_zh\nevent,0401,\x80\xff\xff\n", "not a text file"),
        (GOOD.encode()[: GOOD.encode().index("序".encode()) + 2], "cut off"),
        ((HEAD + 'event,0401,"无照').encode(), "cut off"),
        ((HEAD + 'event,0401,"a"b,,,,,\n').encode(), "line 2"),
        (b"code,name_zh\n0401,x\n", "Missing columns: kind"),
        (b"kind,code,name_zh,code\n", "come twice: code"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    world: World, write: Any, content: bytes, said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        import_catalogue_file(write(content), dry_run=False)
    assert not Entry.objects.exists()


def test_a_file_that_is_not_there_or_not_a_file_says_so(world: World, tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(Refusal, match="cannot be read"):
            import_catalogue_file(path, dry_run=False)


def test_a_huge_file_is_refused_before_it_is_read(
    world: World, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianqin.console.imports.files.MAX_BYTES", 10)
    with pytest.raises(Refusal, match="larger than"):
        import_catalogue_file(write(GOOD), dry_run=False)


# --- the catalogue -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("thing,0401,x,,,,,", "kind", "event or part"),
        ("event,401,x,,,,,", "code", "leading 0"),
        ("event,04.1,x,,,,,", "code", "4 to 6 digits"),
        ("event,０４０１,x,,,,,", "code", "4 to 6 digits"),
        ("event,0401,,,,,,", "name_zh", "empty"),
        (f"event,0401,{'长' * 61},,,,,", "name_zh", "at most 60"),
        ("event,0401,a\x07b,,,,,", "name_zh", "cannot be shown"),
        ("event,0401,x,,,,0,urgent_hour", "limit_value", "whole number"),
        ("event,0401,x,,,,-1,urgent_hour", "limit_value", "whole number"),
        ("event,0401,x,,,,2.5,urgent_hour", "limit_value", "whole number"),
        ("event,0401,x,,,,,urgent_hour", "limit_value", "whole number"),
        ("event,0401,x,,,,2,", "limit_unit", "one of"),
        ("event,0401,x,,,,2,fortnight", "limit_unit", "one of"),
        ("event,0401,x,,,", "", "6 cells under 8 columns"),
        ("event,0401,x,,,,,,,", "", "10 cells under 8 columns"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_with_its_reason(
    world: World, write: Any, row: str, field: str, reason: str
) -> None:
    report = import_catalogue_file(
        write(HEAD + "event,0499,其他,,,,,\n" + row + "\n"), dry_run=False
    )

    assert (report["read"], report["written"]) == (2, 1)
    (error,) = report["errors"]
    assert (error["row"], error["field"]) == (3, field)
    assert reason in error["reason"]


def test_a_class_that_comes_twice_is_taken_once(world: World, write: Any) -> None:
    text = HEAD + "event,0401,甲,,,,,\nevent,0401,乙,,,,,\npart,0401,丙,,,,,\n"
    report = import_catalogue_file(write(text), dry_run=False)

    assert report["written"] == 2
    assert report["errors"][0]["reason"].startswith("the same class as row 2")


def test_columns_by_other_names_and_unknown_ones_are_understood(world: World, write: Any) -> None:
    text = (
        "kind,code,class_code,class_name,subclass_name,local_extension\n"
        "事件,0401,04,街面秩序,无照游商,0\n"
    )
    report = import_catalogue_file(write(text), dry_run=False)

    assert report["ignored_columns"] == ["class_code", "local_extension"]
    found = CaseClass.objects.get(kind="event", code="0401")
    assert (found.name_zh, found.group_zh) == ("无照游商", "街面秩序")


def test_what_the_file_does_not_say_stays(world: World, write: Any) -> None:
    import_catalogue_file(write("kind,code,name_zh\nevent,0406,占道\n"), dry_run=False)
    stays = CaseClass.objects.get(kind="event", code="0406")
    assert (stays.name_zh, stays.name_en, stays.limit_value) == ("占道", "Stalls", 2)

    import_catalogue_file(write(HEAD + "event,0406,占道,,,,,\n"), dry_run=False)
    stays.refresh_from_db()
    assert (stays.name_en, stays.limit_value, stays.limit_unit) == ("", None, "")


def test_a_unit_by_its_other_name_is_kept_by_its_own(world: World, write: Any) -> None:
    import_catalogue_file(write(HEAD + "event,0401,x,,,,3,Urgent_Day\n"), dry_run=False)
    assert CaseClass.objects.get(code="0401").limit_unit == "natural_day"


def test_the_same_file_twice_changes_nothing(world: World, write: Any) -> None:
    file = write(GOOD)
    first = import_catalogue_file(file, dry_run=False)
    again = import_catalogue_file(file, dry_run=False)

    assert (first["written"], again["written"], again["unchanged"]) == (1, 0, 1)
    assert Entry.objects.count() == 1
    assert Entry.objects.get().data["counts"] == {"classes": 1}


def test_a_file_counts_again_after_another_one(world: World, write: Any) -> None:
    one, other = write(GOOD, "a"), write(GOOD.replace("无照游商", "游商"), "b")
    for file in (one, other, one):
        assert import_catalogue_file(file, dry_run=False)["written"] == 1
    assert CaseClass.objects.get(code="0401").name_zh == "无照游商"


def test_a_dry_run_writes_nothing_at_all(world: World, write: Any) -> None:
    report = import_catalogue_file(write(GOOD), dry_run=True)

    assert (report["changes"], report["written"]) == (1, 0)
    assert not Entry.objects.exists()
    assert not User.objects.filter(username="import").exists()


def test_an_import_is_journalled_as_the_system_administrator_import(
    world: World, write: Any
) -> None:
    import_catalogue_file(write(GOOD), dry_run=False)

    user = User.objects.get(username="import")
    entry = Entry.objects.get()
    assert (entry.actor_id, entry.actor_role, entry.place) == (user.id, "system_admin", DISTRICT)
    assert (entry.origin, user.origin) == ("import", "live")
    assert not user.has_usable_password()


def test_an_import_account_without_its_post_is_refused_in_words(world: World, write: Any) -> None:
    import_catalogue_file(write(GOOD), dry_run=False)
    Posting.objects.filter(user__username="import").update(role="assessor")
    with pytest.raises(Refusal, match="no post as system administrator"):
        import_catalogue_file(write(GOOD.replace("游商", "小贩")), dry_run=False)


def test_a_catalogue_needs_a_district(write: Any) -> None:
    with pytest.raises(Refusal, match="There is no district yet"):
        import_catalogue_file(write(GOOD), dry_run=False)


def test_reasons_are_told_in_chinese_too(
    world: World, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "zh")
    report = import_catalogue_file(write(HEAD + "event,401,x,,,,,\n"), dry_run=True)
    assert report["errors"][0]["reason"] == "“401”应为 4 至 6 位数字,是否丢失了开头的 0?"


# --- the territory -------------------------------------------------------------------------------


def test_an_empty_install_gets_its_district_areas_and_calendar(write: Any) -> None:
    file = write(
        collection(
            feature("320303002001", "community", parent="320303002", name_en="A"),
            feature("320303002", parent="320303"),
        )
    )
    report = import_territory_file(file, dry_run=False, district=YUNLONG)

    assert (report["written"], report["errors"]) == (2, [])
    here = District.objects.get()
    assert (here.code, here.name_zh, here.number_prefix, here.demo) == (
        "320303", "云龙区", "云龙", False,
    )  # fmt: skip
    assert here.outline is not None
    community = Area.objects.get(code="320303002001")
    assert community.parent == Area.objects.get(code="320303002")
    assert community.place == "320303/320303002"
    assert not community.illustrative
    assert CalendarDay.objects.exists()
    assert calendar().valid_until.year >= 2026
    found = locate(Spot(117.205, 34.205), here)
    assert found.area == ("320303002001", "320303/320303002")

    again = import_territory_file(file, dry_run=False, district=YUNLONG)
    assert (again["changes"], again["written"], again["unchanged"]) == (0, 0, 2)
    assert Entry.objects.count() == 1


def test_outside_china_only_weekends_are_known(write: Any) -> None:
    abroad = NewDistrict("SF", "旧金山", "SF", timezone="America/Los_Angeles")
    import_territory_file(write(collection(feature("1"))), dry_run=False, district=abroad)
    assert not CalendarDay.objects.exists()
    assert District.objects.get().name_en == "旧金山"


@pytest.mark.parametrize(
    ("district", "said"),
    [
        (NewDistrict("3203/03", "云龙区", "云龙"), "district's code"),
        (NewDistrict("云龙", "云龙区", "云龙"), "district's code"),
        (NewDistrict("320303", " ", "云龙"), "--name has"),
        (NewDistrict("320303", "云龙区", "云" * 13), "--prefix has"),
        (NewDistrict("320303", "云龙区", "云龙", timezone="Asia/Xuzhou"), "no time zone"),
        (NewDistrict("320303", "云龙区", "云龙", timezone="../etc/passwd"), "no time zone"),
    ],
)
def test_a_district_that_cannot_be_is_refused(write: Any, district: NewDistrict, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        import_territory_file(write(collection(feature("1"))), dry_run=False, district=district)
    assert not District.objects.exists()


def test_a_dry_run_of_the_first_import_sets_nothing_up(write: Any) -> None:
    report = import_territory_file(write(collection(feature("1"))), dry_run=True, district=YUNLONG)
    assert report["changes"] == 1
    assert not District.objects.exists()
    assert not User.objects.exists()


def test_without_a_usable_area_no_district_is_set_up(write: Any) -> None:
    with pytest.raises(Refusal, match="no district was set up. 1: kind"):
        import_territory_file(
            write(collection(feature("1", "village"))), dry_run=False, district=YUNLONG
        )
    assert not District.objects.exists()


def test_another_district_or_the_demo_is_never_overwritten(world: World, write: Any) -> None:
    file = write(collection(feature("1")))
    for wanted in (YUNLONG, NewDistrict(DISTRICT, "试验区", "试验")):
        with pytest.raises(Refusal, match="One install is one district"):
            import_territory_file(file, dry_run=False, district=wanted)
    assert not Entry.objects.exists()


def test_a_district_that_stands_is_not_renamed_by_an_import(write: Any) -> None:
    file = write(collection(feature("1")))
    import_territory_file(file, dry_run=False, district=YUNLONG)
    with pytest.raises(Refusal, match="leave --district out"):
        import_territory_file(file, dry_run=False, district=NewDistrict("320303", "云龙", "云龙"))


def test_a_territory_needs_a_district(write: Any) -> None:
    with pytest.raises(Refusal, match="There is no district yet"):
        import_territory_file(write(collection(feature("1"))), dry_run=False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("{", "stops being JSON at line 1"),
        (collection(feature("1"))[:-40], "stops being JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"type": NaN}', "not valid JSON"),
        ("[]", "not a GeoJSON FeatureCollection"),
        ('{"type": "Feature"}', "not a GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "not a GeoJSON FeatureCollection"),
        (collection(), "has no features"),
        (
            collection(feature("1"), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}),
            "is in urn:ogc:def:crs:EPSG::4549",
        ),
        (collection(feature("1"), crs="odd"), "is in None"),
    ],
)
def test_a_territory_file_that_cannot_be_used_says_why(
    world: World, write: Any, content: str, said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        import_territory_file(write(content), dry_run=False)


def bad(geometry: Any) -> dict[str, Any]:
    return feature("9", geometry=geometry)


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


BOWTIE = [[117.2, 34.2], [117.3, 34.3], [117.3, 34.2], [117.2, 34.3], [117.2, 34.2]]


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ("text", "type", "not a Feature"),
        ({"type": "Feature", "properties": None, "geometry": None}, "properties", "no properties"),
        (feature(""), "code", "1 to 20"),
        (feature(None), "code", "1 to 20"),
        (feature(1.5), "code", "should be text"),
        (feature(True), "code", "should be text"),
        (feature("a/b"), "code", "1 to 20"),
        (feature("9" * 21), "code", "at most 20"),
        (feature(int("9" * 4000)), "code", "at most 20"),
        (feature("9", "village"), "kind", "one of subdistrict"),
        (feature("9", "district"), "code", "here is 990101"),
        (feature("9", name_zh=" "), "name_zh", "empty"),
        (feature("9", name_zh="a\x00b"), "name_zh", "cannot be shown"),
        (feature("9", name_zh="\ud800"), "name_zh", "cannot be shown"),
        (feature("9", name_zh=["x"]), "name_zh", "should be text"),
        (feature("9", name_en="x" * 121), "name_en", "at most 120"),
        (feature("9", "community"), "parent", "needs a parent or a place"),
        (feature("9", "community", parent="8"), "parent", "missing or was left out"),
        (feature("9", parent="9"), "parent", "its own parent"),
        (feature("9", "community", parent="990101001001"), "parent", "is a community"),
        (feature("990101001001", "grid", parent="990101001"), "kind", "a community already"),
        (feature("9", place="320303/9"), "place", "begin with 990101"),
        (feature("9", place="990101/街道"), "place", "begin with 990101"),
        (feature("9", place="990101//x"), "place", "begin with 990101"),
        (bad({"type": "Point", "coordinates": [117.2, 34.2]}), "geometry", "not Point"),
        (bad({"type": "Polygon", "coordinates": []}), "geometry", "not Polygon"),
        (bad({"type": "Polygon"}), "geometry", "not a GeoJSON geometry"),
        (bad({"type": "Polygon", "coordinates": "x"}), "geometry", "not a GeoJSON geometry"),
        (bad({"type": 7, "coordinates": 7}), "geometry", "not a GeoJSON geometry"),
        (bad("POLYGON((0 0))"), "geometry", "not a GeoJSON geometry"),
        (bad([1]), "geometry", "not a GeoJSON geometry"),
        (bad(polygon([[117.2, 34.2]])), "geometry", "not a GeoJSON geometry"),
        (bad(polygon(BOWTIE)), "geometry", "not a valid polygon"),
        (bad(polygon(ring(34.2, 117.2))), "geometry", "swapped"),
        (bad(polygon(ring(39_512_345.0, 3_789_012.0, 500))), "geometry", "not degrees"),
    ],
)
def test_a_feature_that_cannot_be_used_is_left_out_with_its_reason(
    world: World, write: Any, given: Any, field: str, reason: str
) -> None:
    file = write(collection(feature("990101003"), given))
    report = import_territory_file(file, dry_run=False)

    assert (report["read"], report["written"]) == (2, 1)
    (error,) = report["errors"]
    assert (error["row"], error["field"]) == (2, field)
    assert reason in error["reason"]


def test_what_hangs_on_a_left_out_area_is_left_out_too(world: World, write: Any) -> None:
    file = write(
        collection(
            feature("111", "grid", parent="11"),
            feature("11", "community", parent="1"),
            feature("1", name_zh=""),
            feature("2", "community", parent="3"),
            feature("3", "community", parent="2"),
        )
    )
    report = import_territory_file(file, dry_run=False)

    assert report["written"] == 0
    reasons = [(e["row"], e["field"], e["reason"]) for e in report["errors"]]
    assert [(row, field) for row, field, _ in reasons] == [
        (1, "parent"), (2, "parent"), (3, "name_zh"), (4, "parent"), (5, "parent"),
    ]  # fmt: skip
    assert "circle" in reasons[3][2]


def test_an_area_outside_the_outline_is_left_out(world: World, write: Any) -> None:
    outline = {"type": "Feature", "properties": {"code": DISTRICT, "kind": "district"}}
    outline["geometry"] = polygon(ring(117.1, 34.1, 0.5))
    first = import_territory_file(write(collection(outline)), dry_run=False)
    assert (first["changes"], first["written"]) == (1, 1)
    assert District.objects.get().outline["type"] == "Polygon"
    assert import_territory_file(write(collection(outline)), dry_run=False)["changes"] == 0

    far = feature("9", geometry=polygon(ring(100.0, 20.0)))
    report = import_territory_file(write(collection(far)), dry_run=False)
    assert "outside the district" in report["errors"][0]["reason"]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_shifted_coordinates_are_turned_into_wgs_84(world: World, write: Any, datum: str) -> None:
    moved = [Position(lon, lat).to(Datum(datum)) for lon, lat in ring(117.2, 34.2)]
    given = feature("9", geometry=polygon([[p.lon, p.lat] for p in moved]))
    import_territory_file(write(collection(given)), dry_run=False, datum=datum)

    stored = Area.objects.get(code="9").geometry["coordinates"][0]
    for (lon, lat), (wanted_lon, wanted_lat) in zip(stored, ring(117.2, 34.2), strict=True):
        assert lon == pytest.approx(wanted_lon, abs=2e-7)
        assert lat == pytest.approx(wanted_lat, abs=2e-7)


def test_open_rings_are_closed_and_heights_dropped(world: World, write: Any) -> None:
    open_ring = [[*point, 31.5] for point in ring(117.2, 34.2)[:-1]]
    file = write(collection(feature("9", geometry=polygon(open_ring))))
    import_territory_file(file, dry_run=False)

    stored = Area.objects.get(code="9").geometry["coordinates"][0]
    assert stored[0] == stored[-1]
    assert all(len(point) == 2 for point in stored)
    assert import_territory_file(file, dry_run=False)["changes"] == 0


def test_an_area_keeps_its_place_and_shape_when_the_file_is_silent(
    world: World, write: Any
) -> None:
    area = next(iter(world.areas.values()))
    given = feature(area.code, "community", parent="990101001", name_zh="新名", geometry=None)
    import_territory_file(write(collection(given)), dry_run=False)

    stored = Area.objects.get(code=area.code)
    assert (stored.name_zh, stored.place, stored.geometry) == ("新名", area.place, area.geometry)


def test_codes_may_be_numbers_and_names_may_stand_under_name(world: World, write: Any) -> None:
    given = feature(990101009, name="九街道", name_zh=None)
    import_territory_file(write(collection(given)), dry_run=False)
    assert Area.objects.get(code="990101009").name_zh == "九街道"


def test_an_area_without_a_shape_is_an_area(world: World, write: Any) -> None:
    import_territory_file(write(collection(feature("9", geometry=None))), dry_run=False)
    assert Area.objects.get(code="9").geometry is None


def test_a_territory_in_gb18030_is_read(world: World, write: Any) -> None:
    text = json.dumps(json.loads(collection(feature("9"))), ensure_ascii=False)
    report = import_territory_file(write(text.encode("gb18030")), dry_run=False)
    assert report["encoding"] == "gb18030"
    assert Area.objects.get(code="9").name_zh == "区域9"


# --- the command ---------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    # The tests' own connection is open already; the address only keeps a server from starting.
    env = {"LIANQIN_DATABASE": "postgresql:///unused"}
    return CliRunner().invoke(main, ["import", *map(str, arguments)], env=env)


def test_the_command_counts_and_explains(world: World, write: Any) -> None:
    file = write(GOOD + "event,401,x,,,,,\n", "classes.csv")

    tried = run("catalogue", file, "--dry-run")
    assert "2 rows read, 1 to be written (only checked), 0 unchanged, 1 left out" in tried.output
    assert not Entry.objects.exists()

    done = run("catalogue", file)
    assert done.exit_code == 1
    assert "2 rows read, 1 written, 0 unchanged, 1 left out." in done.output
    assert "3: code: '401' should be 4 to 6 digits; was a leading 0 lost?" in done.output

    again = run("catalogue", write(GOOD), "--json")
    assert again.exit_code == 0
    assert json.loads(again.output)["unchanged"] == 1


def test_the_command_says_when_nothing_differs(world: World, write: Any) -> None:
    run("catalogue", write(GOOD))
    assert "nothing was changed" in run("catalogue", write(GOOD)).output


def test_the_command_shows_a_refusal_without_a_trace(world: World, write: Any) -> None:
    result = run("territory", write("{"))
    assert result.exit_code == 1
    assert "stops being JSON" in result.output
    assert "Traceback" not in result.output


def test_a_long_list_of_reasons_is_cut_on_the_console(world: World, write: Any) -> None:
    rows = "".join(f"event,{n},x,,,,,\n" for n in range(50))
    assert "and 10 more: --json lists them" in run("catalogue", write(HEAD + rows)).output


def test_the_command_sets_up_a_district(write: Any) -> None:
    file = write(collection(feature("320303001")))
    named = ("--district", "320303", "--name", "云龙区", "--prefix", "云龙")

    assert run("territory", file, "--district", "320303").exit_code == 2
    assert run("territory", file, *named[2:]).exit_code == 2
    assert not District.objects.exists()

    assert run("territory", file, *named, "--datum", "gcj02").exit_code == 0
    assert District.objects.get().number_prefix == "云龙"


def test_the_entry_of_an_import_names_the_file_it_came_from(world: World, write: Any) -> None:
    told = import_catalogue_file(write(GOOD), dry_run=False)
    entry = Entry.objects.filter(act="import").latest("position")
    assert entry.data == {"counts": {"classes": 1}, "file": told["sha256"]}
