// What a click puts on the clipboard: the address of the present view, or a table with its shape.
const TURNS_BACK_MS = 2000;
const COUNT = /^\d{1,15}$/; // a spreadsheet would read 3/6 and 12.3 as dates
const FORMULA = /^[=+\-@＝＋－＠]/u;
const NEGATIVE = /^-\d[\d.,]*$/;

// Where a page is not served by HTTPS, browsers have no clipboard for scripts, but copy what is selected.
const copied = async (kinds) => {
    try {
        const blobs = Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], {type: kind})]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
        return true;
    } catch {
        const field = document.createElement("textarea");
        field.value = kinds["text/plain"];
        field.style.cssText = "position: fixed; opacity: 0";
        const put = (event) => {
            event.preventDefault();
            event.stopImmediatePropagation();
            Object.entries(kinds).forEach(([kind, text]) => event.clipboardData.setData(kind, text));
        };
        const focused = document.activeElement;
        document.body.append(field);
        field.select();
        document.addEventListener("copy", put, true);
        const done = document.execCommand("copy");
        document.removeEventListener("copy", put, true);
        field.remove();
        focused?.focus();
        return done;
    }
};

// A text that would be a formula in a spreadsheet gets an apostrophe, as in files.
const wordsOf = (cell) => {
    const words = cell.textContent.replace(/[\t\r\n\v\f\u0085\u2028\u2029]+/g, " ").trim();
    return FORMULA.test(words) && !NEGATIVE.test(words) ? `'${words}` : words;
};
const escaped = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.codePointAt(0)};`);

const htmlCell = (cell, place) => {
    const [words, tag] = [wordsOf(cell), cell.tagName.toLowerCase()];
    const side = `text-align: ${place ? "right" : "left"}; font-weight: normal`;
    const kept = COUNT.test(words) ? "" : "; mso-number-format: '\\@'";
    return `<${tag} style="${side}${kept}">${escaped(words)}</${tag}>`;
};
const htmlRows = (part) =>
    [...part.rows].map((row) => `<tr>${[...row.cells].map(htmlCell).join("")}</tr>`).join("");

const kindsOf = (table, note) => {
    const plain = [...table.rows].map((row) => [...row.cells].map(wordsOf).join("\t"));
    const body = [...table.tBodies].map((part) => `<tbody>${htmlRows(part)}</tbody>`).join("");
    return {
        "text/html": `<table><thead>${htmlRows(table.tHead)}</thead>${body}</table>${note && `<p>${escaped(note)}</p>`}`,
        "text/plain": [...plain, ...(note ? [note] : [])].join("\n").replace(/[\u00a0\u202f]/g, " "),
    };
};

const answer = (button, status, words) => {
    const before = button.dataset.words ??= button.textContent;
    button.textContent = status.textContent = words;
    setTimeout(() => { button.textContent = before; status.textContent = ""; }, TURNS_BACK_MS);
};

let copyTable; // called anew each time the page changes, it listens once

export default ({parentElement}) => {
    const link = parentElement.querySelector("button"), status = parentElement.querySelector("span");
    link.onclick = async () => {
        const done = await copied({"text/plain": location.href});
        answer(link, status, done ? "Link copied" : "Copy the address above");
    };
    document.removeEventListener("click", copyTable);
    copyTable = async ({target}) => {
        const button = target.closest?.(".numbers .copy");
        if (!button) return;
        const held = button.closest(".numbers");
        const done = await copied(kindsOf(held.querySelector("table"), held.querySelector(":scope > p")?.textContent ?? ""));
        answer(button, status, done ? "Copied" : "Not copied");
    };
    document.addEventListener("click", copyTable);
    return () => document.removeEventListener("click", copyTable);
};
