"""Forms that lose nothing: what a page needs to let somebody write, beyond reading top to bottom."""
