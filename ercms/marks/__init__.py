"""Marks on a person's data that travel with the record: accuracy contested, corrected, use restricted."""
