// A combobox: suggestions for the word at the end of the text. Enter asks the server, "/" leads here from anywhere.
const MOST = 8;
const LAST_WORD = /(^|[\s,;])(-?)("[^"]*|[^\s,;"]*)$/;
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll('"', "");
const editable = (target) => target.closest?.("input, textarea, select, [contenteditable=true]");

export default function ({ data, parentElement: root, setTriggerValue }) {
  const [input, list, help, told] = ["input", "ul", ".help", ".told"].map((each) => root.querySelector(each));
  let active = -1;

  const lastWord = () => LAST_WORD.exec(input.value) ?? ["", "", "", ""];
  const fitting = (word) =>
    data.fits.filter(([text, of]) =>
      [...fold(text).split(/[\s:_]/), fold(text), ...fold(of).split(" ")].some((each) => each.startsWith(word)));

  const close = () => {
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (text) => {
    const [, before, minus, word] = lastWord();
    input.value = input.value.slice(0, input.value.length - minus.length - word.length) + minus + text;
    input.value += text.endsWith(">") ? "" : " ";
    close();
    input.focus();
  };
  const row = ([text, of, n], place, minus) => {
    const item = document.createElement("li");
    item.id = `fit${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const count = n === null ? "" : minus ? `removes ${n.toLocaleString("en")}` : n.toLocaleString("en");
    for (const [name, words] of [["what", minus + text], ["of", of], ["n", count]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = words;
      item.append(part);
    }
    item.onmousedown = (event) => { event.preventDefault(); take(text); };
    return item;
  };
  const suggest = (all = false) => {
    const [, , minus, word] = lastWord();
    const fits = word || all ? fitting(fold(word)).slice(0, MOST) : [];
    close();
    list.replaceChildren(...fits.map((fit, place) => row(fit, place, minus)));
    list.hidden = !fits.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    help.hidden = input.value !== "";
  };
  const move = (step) => {
    if (list.hidden) suggest(true);
    const items = [...list.children];
    if (!items.length) return;
    active = (active + step + items.length + (active < 0 && step < 0 ? 1 : 0)) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
    input.setAttribute("aria-activedescendant", items[active].id);
  };

  input.oninput = () => suggest();
  input.onfocus = () => { help.hidden = input.value !== ""; };
  input.onblur = () => { close(); help.hidden = true; };
  input.onkeydown = (event) => {
    event.stopPropagation(); // the keys of the app are letters here
    const chosen = list.children[active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (chosen && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      take(chosen.querySelector(".what").textContent.replace(/^-/, ""));
    } else if (event.key === "Enter" && input.value.trim()) {
      setTriggerValue("asked", input.value);
      input.value = "";
      close();
    } else if (event.key === "Escape") {
      list.hidden ? input.blur() : close();
    }
  };

  if (Number(input.dataset.answer ?? 0) !== data.answer) {
    input.dataset.answer = data.answer;
    input.value ||= data.text;
  }
  told.textContent = data.told;

  if (document.documentElement.dataset.typing) { // asked for on stage, before it was drawn
    delete document.documentElement.dataset.typing;
    input.focus();
  }
  const here = () => { const { left, width } = input.getBoundingClientRect(); return width > 0 && left >= 0; };
  const lead = (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || editable(event.composedPath()[0])) return;
    event.preventDefault();
    if (!here()) {
      document.querySelector(".st-key-show_filters button, [data-testid=stExpandSidebarButton]")?.click();
    }
    let tries = 100;
    const focus = () => {
      if (here()) input.focus();
      else if (tries--) setTimeout(focus, 50);
    };
    focus();
  };
  document.addEventListener("keydown", lead);
  return () => document.removeEventListener("keydown", lead);
}
