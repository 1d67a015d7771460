"""The parts of the monitor page: filters, the list, figures over time, and what can be taken out of it."""
