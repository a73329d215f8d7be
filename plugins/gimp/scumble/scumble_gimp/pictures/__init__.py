"""GIMP's layers and selections as pixels, and pixels as new layers."""
