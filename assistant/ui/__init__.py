"""The web page and the endpoints for programs; the only package that imports gradio.

``server.serve`` starts both. The conversation lives in the reader's browser, not here: what a request brings is all
that is known of it, so sessions cannot see one another.
"""
