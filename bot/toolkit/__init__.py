"""Small parts that adapters share. They know nothing of the rest of Milepost."""
