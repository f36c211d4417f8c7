from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "lianqin.console"
    label = "console"
