"""The speed of the real application, beside other bots and by itself."""
