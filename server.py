"""The app on a server: `streamlit run server.py` exits with the reason if `app.py` would refuse every visit."""

import sys

import streamlit as st

from pages.server import door, logs, reach

logs.keep_clean()
refused = reach.refusal()
if refused:
    sys.exit(refused)

app = st.App("app.py", middleware=door.doors())
