"""The keys of a clicker, the black screen, the size of the stage, and a pointer at rest; answered in the browser.

Streamlit's `shortcut` gives a button one key, and asks the server: a clicker sends one of several, and the black screen
must also come while no server answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from pages.state import presenting
from pages.state.presenting import Place

KEY = "stage_keys"
WIDTH, HEIGHT = 960, 540  # CSS pixels that the stage is laid out for before it is magnified to the screen
# Moves are counted, as of those made while the server is busy only the last message reaches it; `heard` is the last
# count that it answered. Once a lost connection is back, a move by 0 has the app run. A server that was started anew
# overlooks every move before it has drawn the stage: a move that is not answered by the end of a run is sent again.
SCRIPT = f"""
const MOVES = {{ PageDown: 1, ArrowRight: 1, ArrowDown: 1, " ": 1, PageUp: -1, ArrowLeft: -1, ArrowUp: -1 }};
const BLACK = new Set(["b", "B", "."]);
const TYPED = "input, textarea, select, [contenteditable], [role=slider], [role=listbox], [role=grid]";
const CONNECTED = "[data-test-connection-state=CONNECTED]";
const connected = () => document.querySelector(CONNECTED) !== null;
const idle = () => document.querySelector(`${{CONNECTED}}[data-test-script-state=notRunning]`) !== null;
const PRESSED = ":is(button, a, summary):focus-visible";
const mount = crypto.getRandomValues(new Uint32Array(2)).join("-");
const AGAIN = 3, AGAIN_AFTER_MS = 300; // the answer is drawn shortly after the end of the run
let made = 0, heard = 0, again = 0, black = null, leave = () => {{}};

// The pointer rests where it was left, as on the button that began the presentation: until it moves, no help is shown
// over the figure.
const rest = () => {{ document.documentElement.dataset.resting = ""; }};
const onPointer = () => {{ delete document.documentElement.dataset.resting; }};

const light = () => {{ black?.remove(); black = null; }};
const blank = () => {{
    black = document.createElement("div");
    black.className = "stage-black";
    black.style.cssText = "position: fixed; inset: 0; background: #000; z-index: 2147483647";
    black.onclick = light;
    document.body.append(black);
}};
const fit = () => {{
    const enlarged = Math.min(innerWidth / {WIDTH}, innerHeight / {HEIGHT});
    document.documentElement.style.setProperty("--enlarged", Math.max(enlarged, 0.5).toFixed(3));
}};

export default ({{ data, setTriggerValue }}) => {{
    leave();
    if (data.mount === mount) heard = data.made;
    const send = (move) => setTriggerValue("moves", {{ mount, made: (made += move), heard }});
    const onKey = (event) => {{
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const target = event.composedPath()[0], move = MOVES[event.key];
        if (black) light();
        else if (target.closest?.(TYPED) || (event.key === " " && target.closest?.(PRESSED))) return;
        else if (BLACK.has(event.key)) blank();
        else if (event.key === "/" && !document.querySelector("[class*=st-key-typed_filters]")) {{
            document.documentElement.dataset.typing = "wanted"; // the box of the filters takes the focus once drawn
            document.querySelector(".st-key-show_filters button")?.click();
        }}
        else if (!move) return;
        else if (connected()) {{ again = 0; send(move); }}
        event.preventDefault();
        event.stopImmediatePropagation();
    }};
    let lost = !connected(), unanswered;
    const askAgain = () => {{
        clearTimeout(unanswered);
        if (idle() && made > heard && again < AGAIN)
            unanswered = setTimeout(() => {{ again += 1; send(0); }}, AGAIN_AFTER_MS);
    }};
    const line = new MutationObserver(() => {{
        if (lost && connected()) {{ heard = made; send(0); }}
        lost = !connected();
        askAgain();
    }});
    const app = document.querySelector("[data-test-connection-state]");
    line.observe(app, {{ attributeFilter: ["data-test-connection-state", "data-test-script-state"] }});
    fit();
    rest();
    askAgain();
    window.addEventListener("keydown", onKey, true);
    window.addEventListener("pointermove", onPointer, true);
    window.addEventListener("resize", fit);
    leave = () => {{
        window.removeEventListener("keydown", onKey, true);
        window.removeEventListener("pointermove", onPointer, true);
        window.removeEventListener("resize", fit);
        line.disconnect();
        clearTimeout(unanswered);
    }};
    return leave;
}};
"""

_keys = st.components.v2.component(KEY, js=SCRIPT)


@dataclass(frozen=True)
class Heard:
    """What is known of the moves that the browser counts.

    Attributes
    ----------
    mount
        Which of its counters was heard last.
    made
        The number to which that had counted.
    begun
        Where the stage was when a move began that has not ended: the next key may end the run in the middle of it.
    """

    mount: str = ""
    made: int = 0
    begun: Place | None = None


def show(move: Callable[[int], None]) -> None:
    """Listen to the keys; `move` is called with the number of steps to go on, or back if negative."""
    heard = _heard()
    data = {"mount": heard.mount, "made": heard.made}
    _keys(key=KEY, data=data, height="content", on_moves_change=partial(_moved, move))


def _moved(move: Callable[[int], None]) -> None:
    moves, last = st.session_state[KEY].moves, _heard()
    mount, made = str(moves["mount"]), int(moves["made"])
    if last.begun is None:
        st.session_state["stage_heard"] = replace(last, begun=presenting.place())
    else:
        presenting.go(last.begun)  # this key moves for both
    move(made - (last.made if mount == last.mount else int(moves["heard"])))
    st.session_state["stage_heard"] = Heard(mount, made)


def _heard() -> Heard:
    found: Heard = st.session_state.setdefault("stage_heard", Heard())
    return found
