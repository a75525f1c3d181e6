"""Gradle builds, read without running Gradle."""
