"""The JDK of services: what their builds ask for, and what their images bring."""
