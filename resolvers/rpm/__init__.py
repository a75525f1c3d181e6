"""RPM packages: gathered from what installs them, judged in the metadata of repositories."""
