"""What the acts on accounts ask for. Forms only read; what may be, the actions decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest

from lianqin.accounts.administering import both, places
from lianqin.accounts.policy import ROLES, SERVICE_ROLES
from lianqin.accounts.principal import within
from lianqin.accounts.rules import TOKEN_DAYS, PostWanted
from lianqin.accounts.scopes import SCOPES, offered
from lianqin.cases.queries import labels_of_places
from lianqin.force.models import Agency, Crew
from lianqin.force.queries import name_of
from lianqin.journal.queries import in_places
from lianqin.territory.queries import district

from .people import POWER, today_here
from .site import language_of, role_word


class ActForm(forms.Form):
    """The key that makes an act happen once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.request = request
        for field in self.fields.values():
            field.error_messages["required"] = both("请填写此项。", "Fill this in.")

    def refused(self, field: str, message: str) -> None:
        """Say beside its field what an action refused; what was typed stays."""
        self.add_error(field if field in self.fields else None, message)


def _day(zh: str, en: str, hint: tuple[str, str] | None = None, **more: Any) -> forms.DateField:
    # ISO in the value: that is what a browser's own field for dates reads and sends.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=both(zh, en),
        widget=widget,
        input_formats=["%Y-%m-%d"],
        help_text=both(*hint) if hint else "",
        **more,
    )


class PostForm(ActForm):
    """A role at a place from one day to another."""

    role = forms.ChoiceField(label=both("岗位", "Role"))
    place = forms.ChoiceField(
        label=both("范围", "Place"),
        required=False,
        help_text=both(
            "选了班组或承办单位的可不选。", "May be left out where a crew or unit is chosen."
        ),
    )
    crew = forms.ChoiceField(
        label=both("联勤组", "Crew"),
        required=False,
        help_text=both("只用于联勤组队员。", "For crew members alone."),
    )
    unit = forms.ChoiceField(
        label=both("承办单位", "Unit"),
        required=False,
        help_text=both("只用于单位联络员。", "For unit liaisons alone."),
    )
    start = _day("起始日", "From")
    last_day = _day(
        "末日", "Last day", ("含当日；留空为长期。", "Counted in; empty: open."), required=False
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        reached = places(request, POWER)
        language = language_of()
        here = district()
        hidden = SERVICE_ROLES if here.demo else SERVICE_ROLES | {"replayer"}
        self._choose("role", [(r, role_word(r)) for r in ROLES if r not in hidden])
        labels = sorted(labels_of_places().items())
        self._choose(
            "place", [(p, _indented(p, n[language])) for p, n in labels if _in(p, reached)]
        )
        crews = Crew.objects.filter(in_places(reached)).order_by("place", "shift")
        self.crews = {str(crew.id): crew for crew in crews}
        self._choose("crew", [(i, name_of(c)[language]) for i, c in self.crews.items()])
        units = Agency.objects.filter(in_places(reached, "reach"), takes_cases=True).order_by(
            "code"
        )
        self.units = {str(unit.id): unit for unit in units}
        self._choose("unit", [(i, name_of(u)[language]) for i, u in self.units.items()])
        self.fields["start"].initial = today_here()

    def _choose(self, field: str, options: Iterable[tuple[str, str]]) -> None:
        found = self.fields[field]
        assert isinstance(found, forms.ChoiceField)
        found.choices = [("", "—"), *options]

    def clean(self) -> dict[str, Any]:
        """A place is needed, be it the crew's or the unit's."""
        cleaned = super().clean() or {}
        if not (cleaned.get("place") or cleaned.get("crew") or cleaned.get("unit")):
            self.add_error("place", str(both("请选择范围。", "Choose a place.")))
        return cleaned

    def wanted(self) -> PostWanted:
        """The post as the action takes it."""
        said = self.cleaned_data
        crew, unit = self.crews.get(said["crew"]), self.units.get(said["unit"])
        place = said["place"] or (crew.place if crew else unit.reach if unit else "")
        last: date | None = said["last_day"]
        return PostWanted(
            said["role"],
            place,
            UUID(said["crew"]) if said["crew"] else None,
            UUID(said["unit"]) if said["unit"] else None,
            said["start"],
            last + timedelta(days=1) if last and last < date.max else None,
        )


def _in(place: str, reached: list[str]) -> bool:
    return any(within(place, outer) for outer in reached)


def _indented(place: str, name: str) -> str:
    return "\u3000" * place.count("/") + name


class InviteForm(PostForm):
    """A new account with its first post."""

    username = forms.CharField(
        label=both("用户名", "User name"),
        max_length=150,
        help_text=both(
            "字母、数字和 @ . + - _；建议用工号，不用手机号。",
            "Letters, digits and @ . + - _; a staff number rather than a telephone number.",
        ),
    )
    name = forms.CharField(label=both("姓名", "Name"), max_length=60)
    field_order = ("key", "username", "name")


class EndPostForm(ActForm):
    """From when on a post no longer counts."""

    last_day = _day("末日", "Last day", ("含当日。", "Counted in."), required=False)
    at_once = forms.BooleanField(
        label=both("立即结束，今天起不再有效", "At once: from today on it no longer counts"),
        required=False,
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.fields["last_day"].initial = today_here()

    def clean(self) -> dict[str, Any]:
        """A last day, or at once."""
        cleaned = super().clean() or {}
        if not cleaned.get("at_once") and not cleaned.get("last_day") and not self.errors:
            said = both("请填末日，或选“立即结束”。", "Give a last day, or end it at once.")
            self.add_error("last_day", str(said))
        return cleaned


class TokenForm(ActForm):
    """What a token is for, what it opens and how long."""

    name = forms.CharField(
        label=both("用途", "What it is for"),
        max_length=60,
        help_text=both("例如“市平台对接”。", "For instance 'city platform'."),
    )
    scopes = forms.MultipleChoiceField(
        label=both("可用于", "May be used to"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=both("有效天数", "Days"), min_value=1, max_value=TOKEN_DAYS, initial=90
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        column = 1 if language_of() == "en" else 0
        found = self.fields["scopes"]
        assert isinstance(found, forms.MultipleChoiceField)
        found.choices = [(s, f"{SCOPES[s][column]} ({s})") for s in offered(district().demo)]
