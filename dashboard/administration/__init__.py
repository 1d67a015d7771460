"""What administrators set up: people, teams, invitations. Written directly, and refused where the button is."""
