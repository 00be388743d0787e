"""The style of every page: title, width, type, and the header that stays in view.

A rule that starts with `[class*=...]` ends in a class, a tag or a `data-testid`: ending in `*` or another attribute, it
would have the browser go through all marks of the charts at every click, for one of them may be meant.
"""

from __future__ import annotations

import streamlit as st

from analysis.figures.common.theme import Look, palette
from pages.server.sign_in import TITLE
from pages.state import browser

# Limits the width of the content on wide screens; the header with n stays in view while the page scrolls.
STYLE = """
<style>
.stMainBlockContainer { max-width: 1664px; padding: .5rem 2rem 3rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-strip) { position: sticky; top: 0; z-index: 90; }
.st-key-pages { margin: 0 3.5rem 0 -.6rem; }
.stApp:has([data-testid="stExpandSidebarButton"]) .st-key-pages { margin-left: 2rem; }
[data-testid="stHeader"] { background: transparent; }
[data-testid="stHeader"], [data-testid="stHeader"] * { pointer-events: none; }
[data-testid="stHeader"] button, [data-testid="stHeader"] button * { pointer-events: auto; }
.st-key-pages a { padding: .25rem .6rem; }
@media (max-width: 1100px) {
  .st-key-pages { gap: 0; margin-right: 2.2rem; }
  .st-key-pages a { padding: .25rem .22rem; }
  .st-key-pages button { padding: 0 .2rem; }
  .st-key-pages p { font-size: .8rem; }
  .st-key-pages kbd { display: none; }
}
.st-key-page_menu { display: none; }
.st-key-rows_of { flex-wrap: nowrap; }
.st-key-rows_of > :first-child { flex: none; }
@media (min-width: 701px) { .st-key-rows_of > :last-child { flex: 1 1 0; min-width: 0; } }
@media (max-width: 700px) {
  .stMainBlockContainer { padding: .5rem .8rem 3rem; }
  .st-key-pages { flex-wrap: nowrap; max-width: calc(100% - 5rem); }
  .st-key-pages :is([data-testid="stElementContainer"], div):has(> .stPageLink) { display: none; }
  .st-key-page_menu { display: block; }
  .st-key-pages p { font-size: .95rem; }
  .st-key-headline > .stElementContainer { min-width: 40%; }
  :is(.st-key-facts, .st-key-rows_of) { flex-wrap: nowrap; overflow-x: auto; }
  :is(.st-key-facts, .st-key-rows_of) > * { flex: none; }
  :is(.st-key-facts, .st-key-rows_of) p { white-space: nowrap; }
}
.st-key-strip { padding: .35rem 0 .3rem;
                background: BACKGROUND; border-bottom: 1px solid rgba(128,128,128,.25); }
.st-key-strip p { font-variant-numeric: tabular-nums; font-size: .92rem; }
.st-key-facts { gap: .5rem; }
.st-key-facts > :has(> .stVerticalBlock > .st-key-deaths) { flex: none; width: auto; }
.st-key-strip .stButton button { min-height: 1.7rem; padding: 0 .7rem; border-radius: 1rem; font-size: .85rem; }
.st-key-undo kbd, .st-key-redo kbd, .st-key-escape kbd { display: none; }
.st-key-heading_of_filters button { padding: 0; min-height: 1.6rem; }
[class*="st-key-range_"] .range { font-size: .875rem; padding-bottom: .2rem; }
[class*="st-key-range_"] [data-testid="stSlider"] { margin-top: .35rem; }
/* Values of sets one below the other, each with a "no" beside it; the rest of its name is for screen readers. */
[class*="st-key-sets_"] [role="toolbar"] { flex-direction: column; flex-wrap: nowrap; gap: .15rem; }
[class*="st-key-sets_"] [role="toolbar"] button { min-height: 0; height: 1.65rem; padding: 0 .6rem; }
[class*="st-key-sets_"] > .stElementContainer[class*="st-key-filter_"] { flex: 0 1 auto; min-width: 0;
                                                                         overflow: hidden; }
[class*="st-key-sets_"] > .stElementContainer[class*="st-key-without_"] { flex: none; }
[class*="st-key-sets_"] > [class*="st-key-without_"] button p { width: 1.25em; height: 1lh; overflow: hidden;
                                                               white-space: normal; }
[data-testid="stSidebarContent"] [data-testid="stSidebarHeader"] { height: 2.2rem; }
[data-testid="stCaptionContainer"] { opacity: .75; }
.stMultiSelect [data-tag], .stMultiSelect [data-tag] * { color: BACKGROUND !important; }
:is(a, button, summary, [data-tag]):focus-visible,
[data-testid="stSlider"] :has(> div > input:focus-visible) { outline: 2px solid TEXT !important; outline-offset: 2px; }
:is(canvas, [data-testid="stMain"]):focus-visible, canvas:focus-within, .stTextInput div:has(> input:focus-visible),
:is(.stSelectbox, .stMultiSelect) [role="group"]:has(input:focus-visible) { outline: 2px solid TEXT !important;
                                                                            outline-offset: -2px; }
h1, h2, h3 { letter-spacing: 0; }
[data-testid="stMain"] h3 { font-size: 1.3rem; font-weight: 600; padding: .4rem 0 .1rem; }
[data-testid="stMain"] h4 { font-size: 1.02rem; font-weight: 600; padding: .2rem 0 0; }
[class*="st-key-verdict_"] p { font-size: 1.12rem; font-weight: 500; line-height: 1.4; }
.stDataFrame, table { font-variant-numeric: tabular-nums; }
[data-testid="stElementToolbar"] button[aria-label^="Download as"] { display: none; }
.stButtonGroup [role="radiogroup"] { flex-wrap: wrap; overflow: visible; }
/* A figure in words, for screen readers only. */
[data-testid="stElementContainer"]:has(.in-words) { position: absolute; width: 1px; }
.in-words { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%);
            white-space: nowrap; }
.st-key-motion { position: absolute; }
.numbers { overflow-x: auto; display: grid; grid-template-columns: 1fr auto; column-gap: .6rem; align-items: baseline; }
.numbers > :is(table, p) { grid-column: 1 / -1; }
.numbers h4 { margin: 0 0 .4rem; }
.numbers .copy { font: inherit; font-size: .8rem; line-height: 1; min-height: 1.5rem; padding: 0 .3rem; margin: 0;
                 color: TEXT; background: none; border: 0; cursor: pointer; opacity: .75; }
.numbers .copy:is(:hover, :focus-visible) { opacity: 1; text-decoration: underline; }
.numbers table { width: 100%; border-collapse: collapse; font-size: .88rem; line-height: 1.35; }
.numbers :is(th, td) { padding: .16rem .45rem; border-bottom: 1px solid rgba(128,128,128,.25); text-align: right;
                       font-weight: 400; vertical-align: top; }
.numbers :is(th, td):first-child { text-align: left; min-width: 3.6rem; }
.numbers thead th { opacity: .8; }
.numbers .long { overflow-wrap: anywhere; min-width: 9rem; }
.numbers h4 { overflow-wrap: anywhere; }
[class*="st-key-pair"] [data-testid="stColumn"]:first-child { flex: 2 1 440px; min-width: min(440px, 100%); }
[class*="st-key-pair"] [data-testid="stColumn"]:last-child { flex: 1 1 300px; min-width: 300px; }
[class*="st-key-halves"] [data-testid="stColumn"] { flex: 1 1 440px; min-width: min(440px, 100%); }
.st-key-halves_receipt [data-testid="stColumn"] { flex: 1 1 290px; min-width: min(290px, 100%); }
[class*="st-key-fold_"] { border: 1px solid rgba(128,128,128,.3); border-radius: .5rem; margin-top: -.55rem; }
[class*="st-key-fold_"] [data-testid="stExpander"] details { border: 0; }
[class*="st-key-fold_"] summary p { font-weight: 600; }
[class*="st-key-fold_"] > .stElementContainer > .stMarkdown { padding: 0 1rem .55rem 2.35rem; margin-top: -.35rem; }
[class*="st-key-fold_"] > .stElementContainer > .stMarkdown p { font-size: .92rem; }
.st-key-glance [data-testid="stColumn"] { flex: 1 1 235px; min-width: min(235px, 100%); }
.st-key-glance [class*="st-key-small_"] { flex-wrap: nowrap; min-height: 2.6rem; }
.st-key-glance :is([class*="st-key-take_"], [class*="st-key-who_"]) { width: auto; flex: none; }
.st-key-glance h4 { font-size: .95rem; padding: 0; }
.st-key-glance :is(.stPopover, .stMenuButton) button { padding: 0 .1rem; min-height: 1.4rem; }
.st-key-glance :is(.stPopover, .stMenuButton) button p { position: absolute; width: 1px;
                                                                           overflow: hidden; clip-path: inset(50%); }
.st-key-glance .stMenuButton button > div > [aria-hidden] { display: none; }
.st-key-glance [data-testid="stLayoutWrapper"]:has(> * > [class*="st-key-who_"]) { width: auto; min-width: 0;
                                                                                   flex: none; }
.st-key-answers p { font-size: .95rem; line-height: 1.3; }
.st-key-answers p:not(:last-child) { margin-bottom: .2rem; }
.st-key-glance [data-testid="stColumn"] > [data-testid="stVerticalBlock"] { gap: .2rem; }
.st-key-way > :has([data-testid="stCaptionContainer"]) { flex: 1 1 16rem; width: 16rem; }
.st-key-way [data-testid="stCaptionContainer"] { opacity: 1; }
.st-key-way .stButtonGroup { display: flex; align-items: center; gap: .8rem; flex-wrap: wrap; }
.st-key-headline > .stElementContainer { flex: 1 1 0; }
.st-key-headline [data-testid="stMetricLabel"] * { white-space: normal; overflow: visible; }
.st-key-headline [data-testid="stMetric"] > div { gap: 0; }
.st-key-headline [data-testid="stMetricValue"] { font-size: 1.4rem; padding: 0; line-height: 1.25; }
</style>
"""


# The stage is laid out for 960 x 540 pixels and magnified to the screen by `stage_keys`, which sets how much; until
# then by its width. At 1920 x 1080 type of 12 pixels in a chart becomes 24, lines of 2 become 4, the sentence has 36.
PRESENTING = """
<style>
:root { --enlarged: 1; font-size: calc(13px * var(--enlarged)); }
@media (min-width: 1200px) { :root { --enlarged: 1.5; } }
@media (min-width: 1700px) { :root { --enlarged: 2; } }
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"] { display: none; }
.stMainBlockContainer { max-width: none; padding: .3rem 1.2rem 0; }
.st-key-strip p { font-size: 1rem; }
.st-key-strip .stButton button { font-size: 1rem; border-radius: .3rem; min-height: 1.5rem; padding: 0 .4rem; }
.st-key-escape { position: absolute; left: -9999px; }
.st-key-line { flex-wrap: nowrap !important; gap: .4rem; }
.st-key-line > * { flex-shrink: 0; min-width: 0 !important; }
.st-key-line > :first-child { flex: 1 1 0 !important; }
.st-key-line > :first-child p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.st-key-line a { font-size: 1rem; min-height: 1.5rem; padding: 0 .4rem; }
.st-key-stage { margin-top: -.6rem; gap: .6rem; }
.st-key-stage h2 { font-size: calc(22px * var(--enlarged)); font-weight: 600; padding: 0; }
.st-key-verdict p { font-size: calc(18px * var(--enlarged)); line-height: 1.3; }
[data-testid="stHeadingWithActionElements"] a { display: none; }
.qr-code { display: block; width: min(100%, 72vh); margin: 0 auto; }
.st-key-stage_keys { position: absolute; }
[data-testid="stLayoutWrapper"]:has(> .st-key-notice) { position: fixed; left: 1.2rem; bottom: .3rem; z-index: 95;
                                                        width: auto; max-width: 60vw; background: BACKGROUND; }
[data-testid="stElementToolbar"], [data-resting] [data-testid="stTooltipContent"] { display: none; }
.st-key-stage [data-stale="true"] { opacity: 1 !important; }
[data-testid="stVegaLiteChart"] { width: calc(100% / var(--enlarged)) !important; }
[data-testid="stVegaLiteChart"] > * { zoom: var(--enlarged); }
.stApp:not([data-test-connection-state="CONNECTED"])::after { content: "Connection lost: the picture stays, B is black";
  position: fixed; right: 1rem; bottom: .5rem; font-size: 1rem; padding: .2rem .6rem; border-radius: .3rem;
  color: BACKGROUND; background: TEXT; }
body:has(.stApp:not([data-test-connection-state="CONNECTED"])) [data-testid="stDialog"] { display: none; }
</style>
"""
FILTERS_SHOWN = '<style>[data-testid="stSidebar"] { display: flex !important; }</style>'


def dress(presenting: bool, filters_shown: bool) -> None:
    """Set the window title, the width and the type of every page."""
    st.set_page_config(page_title=TITLE, layout="wide", initial_sidebar_state="auto")
    parts = [STYLE, *([PRESENTING] if presenting else []), *([FILTERS_SHOWN] if presenting and filters_shown else [])]
    colours = palette(Look(browser.dark()))
    st.html("".join(parts).replace("BACKGROUND", colours.background).replace("TEXT", colours.text))
