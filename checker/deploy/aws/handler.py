"""What AWS Lambda calls, with the events of a function URL (payload format 2.0).

The answer is sent in one piece: a client that asks for a stream of events gets all of them at the
end. Settings come from the environment (``CHECKER_…``).
"""

from mangum import Mangum

from checker.function.asgi import load

# Loaded at once: Lambda gives a function more processor before the first event than after it.
# Mangum's lifespan begins and ends with each event, but the checker outlives them.
handle = Mangum(load(), lifespan="off")
