"""What measures. Nothing here is imported by the product."""
