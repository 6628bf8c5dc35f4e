"""One Debian or Ubuntu host as plain text: its units, its proxy, its upkeep, its first start."""
