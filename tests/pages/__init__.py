"""Of what leaves the course as pages."""
