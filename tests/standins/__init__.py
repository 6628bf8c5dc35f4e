"""Servers of ours that speak the protocols of services that cannot be had here, faults included."""
