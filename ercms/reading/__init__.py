"""How many people's files one reader opens within a time, what is unusual, and who is told."""
