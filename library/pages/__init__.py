"""One file a page, read top to bottom like the page; the only place beside app.py that knows Streamlit."""
