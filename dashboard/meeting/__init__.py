"""The supervision meeting: preparing it, presenting it, a member’s own view, and what follows."""
