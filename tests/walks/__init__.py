"""Random walks by women who know nothing of any form. They tap, type, start anew; the bot dies meanwhile."""
