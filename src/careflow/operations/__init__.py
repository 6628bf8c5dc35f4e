"""Running the platform: the host, the stacks, what is rolled out and watched."""
