"""What a question asks about, without the words around it."""
