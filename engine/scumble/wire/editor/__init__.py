"""What every editor's plug-in uses. Reading pixels, adding the layer and drawing windows is the plug-in's own."""
