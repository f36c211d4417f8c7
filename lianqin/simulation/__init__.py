"""Replaying real request files through the public HTTP API, and the simulated staff who work them.

No framework and no database: this room talks to the server as any client would.
"""
