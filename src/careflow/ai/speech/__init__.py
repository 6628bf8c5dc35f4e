"""Writes recordings down on this machine: a voice tells who speaks, so it never leaves."""
