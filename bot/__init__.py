"""The machinery: from Telegram to a handler, from the outbox to Telegram, and the clock."""
