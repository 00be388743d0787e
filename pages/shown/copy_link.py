"""A button that copies the address of the present view, made and answered in the browser alone."""

from __future__ import annotations

import streamlit as st

KEY = "copy_link"
TURNS_BACK_MS = 2_000
HTML = '<button type="button">Copy link</button><span role="status"></span>'
CSS = """
button { font: inherit; font-size: .85rem; color: var(--st-text-color); background: none; border: 0; padding: .25rem;
         cursor: pointer; white-space: nowrap; }
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: 2px; }
span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""
# Where a page is not served by HTTPS, browsers have no clipboard for scripts, but copy what is selected.
SCRIPT = f"""
const copied = async (text) => {{
    try {{
        await navigator.clipboard.writeText(text);
        return true;
    }} catch {{
        const field = document.createElement("textarea");
        field.value = text;
        field.style.cssText = "position: fixed; opacity: 0";
        document.body.append(field);
        field.select();
        const done = document.execCommand("copy");
        field.remove();
        return done;
    }}
}};

export default ({{ parentElement }}) => {{
    const button = parentElement.querySelector("button");
    const status = parentElement.querySelector("span");
    button.onclick = async () => {{
        const done = await copied(location.href);
        button.textContent = done ? "Link copied" : "Copy the address above";
        status.textContent = button.textContent;
        setTimeout(() => {{ button.textContent = "Copy link"; status.textContent = ""; }}, {TURNS_BACK_MS});
    }};
}};
"""

_button = st.components.v2.component(KEY, html=HTML, css=CSS, js=SCRIPT)


def show() -> None:
    """Draw the button. The address holds filters, groups and options of the view, never data."""
    _button(key=KEY, width="content", height="content")
