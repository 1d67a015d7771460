"""My mirror, item by item: what is drawn, how it is shared, and how a supervisor sees what was shared."""
