"""Flags on screen: what each says, and the form in which somebody works on those of a case."""
