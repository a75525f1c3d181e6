"""Resolvers: gather dependency sets from the real world, and judge them per ecosystem."""
