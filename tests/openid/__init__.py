"""An OpenID provider of its own, by idpyoidc, which shares no code with what the door asks it by."""
