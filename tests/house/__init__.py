"""The rules of the house, read off the code itself."""
