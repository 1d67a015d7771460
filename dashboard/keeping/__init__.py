"""Parts of the page Keeping and erasing."""
