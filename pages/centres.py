"""The Centres page: ask several centres, answer one that asks, and see the sum of their counts."""

import streamlit as st

from pages.controls import centre_exchange
from pages.shown import centre_results
from pages.state import centre_files, session

view = session.view()
st.markdown("### Several centres together, without pooling rows of patients")
st.space("xsmall")  # a fold is drawn close below what stands before it
centre_exchange.ask(view)
centre_exchange.answer(view)
centre_exchange.put_together()
merged = centre_files.merged()
if merged is not None:
    centre_results.show(merged)
