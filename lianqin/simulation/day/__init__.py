"""The living day: an invented day of the demo district, played over the public HTTP API.

A plan is pure: figures, a seed and a date give the same reports, people and minutes every time.
The player sends it as any client would, on the demo's time or as fast as the server answers.
"""
