"""Photos and documents: checked before they are believed, stored by their content."""
