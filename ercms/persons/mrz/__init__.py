"""Read machine-readable zones of travel documents (ICAO Doc 9303, parts 3 to 7).

Pure. Check digits tell that the text was copied rightly; they prove nothing about the document or its holder.
"""
