"""Styles to choose from: the library, files and layers, with pictures; favourites; what a page for choosing knows."""
