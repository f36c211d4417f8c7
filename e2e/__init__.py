"""A real browser through all of it: `lianqin serve --demo` in front, people at their desks."""
