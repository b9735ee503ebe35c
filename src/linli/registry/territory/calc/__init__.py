"""Arithmetic on places: coordinates, codes and paths, polygons, and the index that locates a point."""
