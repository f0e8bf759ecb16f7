"""What runs the batches."""
