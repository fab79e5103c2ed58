"""What people ask of the lake: one door, with rights and masking."""
