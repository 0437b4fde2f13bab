"""Writing packs: YAML as a person would write it, entries added to files that stay as they are, new ids."""
