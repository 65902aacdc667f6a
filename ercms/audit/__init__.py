"""Who did what, when, on which record: append-only, hash-chained, checked from outside."""
