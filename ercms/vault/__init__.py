"""Keys, sealed compartments of personal data, search tokens, sealed files."""
