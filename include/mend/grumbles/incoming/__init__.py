"""As it comes in: what a grumble is the moment an agent records it. What answers loads no engine."""
