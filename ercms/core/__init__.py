"""What every domain stands on: time, the actor, errors, the unit of work, column types."""
