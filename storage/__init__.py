"""What the bot remembers: `schema.sql` first, then one file for each table or two. All SQL lives in this room."""
