"""Parts of the world builder: sources in, one clean coverage out."""
