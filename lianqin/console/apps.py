from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "lianqin.console"
    label = "console"

    def ready(self) -> None:
        """The present of this process is the install's – in a demo it may be a paced one – and
        what happens at the door is written down."""
        from .demo_time import follow
        from .signing import noting

        follow()
        noting.connect()
