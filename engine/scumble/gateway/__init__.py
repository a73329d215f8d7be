"""The door for other programs: HTTP in front of the engine. It paints nothing itself; it is one more client.

FastAPI and uvicorn are an extra (`gateway`); nothing here is loaded before `scumble gateway` runs.
"""
