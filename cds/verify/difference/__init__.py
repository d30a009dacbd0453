"""The semantic difference of two versions of a pack: for whom the result changes, each with a patient who shows it."""
