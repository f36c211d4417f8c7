from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "lianqin.journal"
    label = "journal"
