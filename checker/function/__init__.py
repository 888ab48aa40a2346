"""The serverless function: the checker over HTTP, as an ASGI application."""
