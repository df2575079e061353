"""Room: the sources we hear through; each kind has one reader that turns a place into a Reading."""
