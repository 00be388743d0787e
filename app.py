"""Run on every click: page list, sign-in, header, the open page, filter panel."""

import streamlit as st

from pages.server import logs, sign_in
from pages.shown import speaker
from pages.state import page_list

logs.keep_clean()
page = page_list.navigate()
sign_in.hold()

if speaker.asked():
    speaker.show()
    st.stop()

# Slow imports follow the page list: until it is registered, Streamlit may run a page without this file.
from pages.controls import filter_panel  # noqa: E402 -- after the page list
from pages.server import memory  # noqa: E402 -- after the page list
from pages.shown import header, looks, motion, notice, progress, stage  # noqa: E402 -- after the page list
from pages.shown.in_words import in_words  # noqa: E402 -- after the page list
from pages.state import address, asking, presenting, session  # noqa: E402 -- after the page list

memory.keep_uploads_off_disk()
with in_words(ends=True):  # the address then stays as it is, and the next click reads it again
    address.begin()
looks.dress(presenting.on(), presenting.filters_shown())
path = page_list.open_page()
if presenting.on():
    stage.follow(path)
else:
    stage.leave(path)
address.write()
with progress.questions_told():
    if presenting.on():
        with in_words():
            stage.show(path)
            notice.tell()
            motion.show()
            if presenting.filters_shown():
                filter_panel.show(session.whole_cohort())
    else:
        try:
            with in_words():
                view = session.view_of(asking.present())
                header.show(view, path)
                session.hand_over(view)
                page.run()
        finally:
            # Last, so that charts are drawn first, and in `finally`, so that it is drawn if the page ends early too.
            notice.tell()
            motion.show()
            with st.sidebar, in_words():
                filter_panel.show(session.whole_cohort())
            sign_in.offer_sign_out()
