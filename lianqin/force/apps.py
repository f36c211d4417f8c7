from django.apps import AppConfig


class ForceConfig(AppConfig):
    name = "lianqin.force"
    label = "force"
