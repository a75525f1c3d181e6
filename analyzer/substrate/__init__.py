"""What each environment should run on, and what should start them all: recommended by rules that are data."""
