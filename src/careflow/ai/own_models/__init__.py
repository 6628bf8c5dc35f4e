"""An operator's own models: ONNX files with a card each, run apart from everything else."""
