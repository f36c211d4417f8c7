from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "lianqin.catalogue"
    label = "catalogue"
