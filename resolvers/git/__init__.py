"""Git clones: which commit of which repository a service puts where."""
