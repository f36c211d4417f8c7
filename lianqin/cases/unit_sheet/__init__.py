"""The sheet of a unit's tasks: out with columns to fill in, and in again, row by row an act."""
