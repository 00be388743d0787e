"""The frame: page list, filters in the sidebar, header strip."""

from pages.parts import frame

page = frame.navigate()

# The page list must stand before anything slow is imported: until then Streamlit may run a page without this file.
from pages.parts import header, looks, session, sidebar  # noqa: E402

looks.dress()
session.begin()
sidebar.show(session.whole_cohort())
session.write_to_address()
view = session.present_view()
header.show(view)
session.hand_over(view)
page.run()
