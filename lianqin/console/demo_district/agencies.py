"""The tree of agencies, and which of them can be given cases.

A unit with ``takes_cases`` may be given cases inside its ``reach``. Bodies above it in the tree
are not units: nobody dispatches to "the bureau".
"""

from __future__ import annotations

from functools import cache

from lianqin.console.demo_district import areas
from lianqin.console.demo_district.data import DISTRICT, rows
from lianqin.console.demo_district.models import Agency, Name

URBAN, POLICE = "urban-management", "police"
_PARTNERS = (
    ("market-supervision", "市场监督管理局", "Market supervision bureau"),
    ("ecology", "生态环境局", "Ecology and environment bureau"),
    ("health", "卫生健康委员会", "Health commission"),
    ("housing", "住房和城乡建设局", "Housing and construction bureau"),
    ("water", "供水公司", "Water company"),
    ("lighting", "照明管理所", "Lighting office"),
    ("transport", "交通运输局", "Transport bureau"),
)


@cache
def agencies(teams: int = areas.PILOT_TEAMS) -> tuple[Agency, ...]:
    """Every agency, parents before children."""
    return (*_urban_management(), *_police(teams), *_subdistricts(), *_partners())


def units() -> tuple[Agency, ...]:
    """Those that can be given cases."""
    return tuple(agency for agency in agencies() if agency.takes_cases)


def _n(zh: str, en: str) -> Name:
    return {"zh": zh, "en": en}


def _urban_management() -> list[Agency]:
    brigade = "enforcement-brigade"
    found = [
        Agency(URBAN, None, "bureau", _n("城市管理局", "Urban-management bureau"), DISTRICT),
        Agency(
            "digital-centre",
            URBAN,
            "digital_centre",
            _n("数字化城管中心", "Digital urban-management centre"),
            DISTRICT,
        ),
        Agency(brigade, URBAN, "brigade", _n("综合执法大队", "Enforcement brigade"), DISTRICT),
    ]
    for office in areas.offices():
        subdistrict = _subdistrict(office.code)
        found.append(
            Agency(
                f"squad-{office.code}",
                brigade,
                "squad",
                _n(f"{subdistrict['zh']}城管中队", f"{subdistrict['en']} urban-management squad"),
                office.place,
                takes_cases=True,
                reach=office.place,
            )
        )
    return found


def _police(teams: int) -> list[Agency]:
    found = [
        Agency(POLICE, None, "police_sub_bureau", _n("公安分局", "Police sub-bureau"), DISTRICT),
        Agency(
            "patrol-brigade",
            POLICE,
            "patrol_brigade",
            _n("巡防大队", "Police patrol brigade"),
            DISTRICT,
        ),
    ]
    for centre in areas.centres(teams):
        short = centre.short
        name = _n(f"{short['zh']}派出所", f"{short['en']} police station")
        found.append(Agency(centre.station, POLICE, "police_station", name, centre.place))
    return found


def _subdistricts() -> list[Agency]:
    found = []
    for office in areas.offices():
        zh, en = _subdistrict(office.code)["zh"], _subdistrict(office.code)["en"]
        key, place = f"office-{office.code}", office.place
        name = _n(f"{zh}办事处", f"{en} office")
        found.append(Agency(key, None, "subdistrict_office", name, place))
        for section, section_zh, section_en in (
            ("urban", "城市管理科", "urban-management section"),
            ("sanitation", "环卫所", "sanitation section"),
        ):
            name = _n(zh.removesuffix("街道") + section_zh, f"{en} {section_en}")
            unit = f"{section}-{office.code}"
            found.append(Agency(unit, key, "section", name, place, takes_cases=True, reach=place))
    for row in rows("areas.csv"):
        if row["kind"] == "community" and row["statistical"] == "0":
            name = _n(f"{row['name_zh']}居民委员会", f"{row['name_en']} committee")
            place = areas.place_of(row["code"])
            parent = f"office-{row['parent']}"
            found.append(Agency(f"community-{row['code']}", parent, "community", name, place))
    return found


def _partners() -> list[Agency]:
    return [
        Agency(key, None, "partner", _n(zh, en), DISTRICT, takes_cases=True, reach=DISTRICT)
        for key, zh, en in _PARTNERS
    ]


def _subdistrict(code: str) -> Name:
    row = next(row for row in rows("areas.csv") if row["code"] == code)
    return _n(row["name_zh"], row["name_en"].removesuffix(" Subdistrict"))
