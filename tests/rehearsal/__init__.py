"""The rehearsal: invented women live through the nine days with the real bot, before real ones do."""
