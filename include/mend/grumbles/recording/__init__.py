"""Recording alike: the judging rules for agents as a card, and how far centres and agents agree in what they record."""
