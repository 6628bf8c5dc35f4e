"""The privacy gateway: what identifies a person is taken out before anything leaves the machine."""
