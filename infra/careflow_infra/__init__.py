"""The stacks of AWS: the planner's plain data and a deployment's description in, templates out."""
