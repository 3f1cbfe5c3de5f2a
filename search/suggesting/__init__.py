"""What may be meant by what somebody has begun to type."""
