from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lianqin.files"
    label = "files"
