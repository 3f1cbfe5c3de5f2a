"""Suggestions of links from local knowledge and skills to shared concepts."""
