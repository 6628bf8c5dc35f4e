"""Leave that settles what it strands: visits are moved, asked about or telephoned, none is lost."""
