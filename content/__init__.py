"""Study content: its types, its loader, its checker and the packs that ship with Milepost."""
