"""What the clinic plans with, as people change it: hours, odd days, kinds of visits."""
