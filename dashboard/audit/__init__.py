"""The log on screen: what of it is asked for, and its lines."""
