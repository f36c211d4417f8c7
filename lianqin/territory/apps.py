from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "lianqin.territory"
    label = "territory"
