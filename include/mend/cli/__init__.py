"""The command `mend`. A file holds the commands of one matter; `main` puts them together."""
