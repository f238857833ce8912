"""What the containers run before the services, on real servers."""
