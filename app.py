"""The frame: page list, filters in the sidebar, header strip."""

from pages.parts import frame

page = frame.navigate()

# The page list must stand before anything slow is imported: until then Streamlit may run a page without this file.
from pages.parts import address, header, looks, presenting, session, sidebar  # noqa: E402

address.begin()
looks.dress(presenting.on(), presenting.filters_shown())
sidebar.show(session.whole_cohort())
address.write()
view = session.present_view(presenting.on())
header.show(view, page)
session.hand_over(view)
page.run()
