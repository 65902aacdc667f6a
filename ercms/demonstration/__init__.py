"""Makes the demonstration: invented organisations, officers and people, and cases that went through the real services.

Everything that names a State, a person or a text stands in the data files of this folder.
"""
