"""`lianqin import`: a district's own files into its rooms, through the rooms' own actions.

`files`, `tables`, `features` read what people bring; `columns` knows the tables and their headings;
one module for each kind of row says what is wrong with it; `territory`, `force`, `catalogue` and
`requests` compare with the install and call the actions.
"""
