"""Software bills of materials: what a scanner found in an image, as a service's dependency sets."""
