"""The registers: data that an analyst edits with a text editor, and the loaders that check it."""
