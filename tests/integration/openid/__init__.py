"""Sign-in and signing by an OpenID provider that runs on a thread of its own."""
