"""Edge: the public form at ``/report``, for people who tell of a side effect once in their life.

It builds the body of ``POST /v1/reports`` and hands its bytes to the same use case: same schema, same durable path.
"""
