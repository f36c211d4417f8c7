from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lianqin.accounts"
    label = "accounts"
