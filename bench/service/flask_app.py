"""The same answer from Flask, for gunicorn to serve."""

from uuid import uuid4

from flask import Flask, Response

app = Flask(__name__)


@app.get("/cluster")
def cluster():
    response = Response("This is service1 in cluster cluster1", content_type="text/plain; charset=utf-8")
    response.headers["X-Request-Id"] = str(uuid4())
    return response
