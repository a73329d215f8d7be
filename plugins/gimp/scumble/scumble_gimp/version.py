"""The plug-in's version: that of the package it comes with."""

VERSION = "0.1.0"
