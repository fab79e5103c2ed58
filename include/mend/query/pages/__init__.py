"""What pages show: published to the operations database by nights and months, read from it by the pages. The readers
use PostgreSQL alone: nothing here imports the engine or the lake before something is published.
"""
