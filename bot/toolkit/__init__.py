"""Small parts that adapters share and that know nothing of the rest of Milepost."""
