"""Packages of channels, found as one types their names: which versions there are, and what they are for."""
