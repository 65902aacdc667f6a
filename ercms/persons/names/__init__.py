"""Compare the spellings of Azerbaijani names across scripts and habits of writing.

Pure: the standard library and rapidfuzz. A name is read under each habit that could have produced its spelling
(`conventions`), as a sequence of sounds (`sounds`); two readings are aligned (`alignment`) and judged (`matching`).
The spelling as given is never changed; what is folded is only ever compared.
"""
