// What a script adds to the rep's pages, which are complete without it: answers without a reload,
// keys, copying a line. It sends the same forms and takes the same pages apart.
"use strict";

// What a rep types goes to the field, wherever they clicked before; keys do something only while the
// focus is on a card, where Escape takes it.

const main = () => document.querySelector("main");
const field = () => document.getElementById("text");
const typing = (element) => element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
const asking = () => document.querySelector("form.ask");
const cards = () => [...document.querySelectorAll("article.card, details.choice > summary, .trade")];
const visible = (element) => element.getClientRects().length > 0;
const keysOff = () => localStorage.getItem("keys") === "off";

// Says something to a screen reader without moving the focus.
const said = document.createElement("p");
said.className = "hidden";
said.setAttribute("aria-live", "polite");
document.body.append(said);
const tell = (text) => { said.textContent = text; };

// A button that only works with a script is made by it.
const button = (label, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "small";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
};

const copy = async (line, button) => {
  try {
    await navigator.clipboard.writeText(line.firstChild.textContent.trim());
    button.textContent = "Copied";
    tell("Copied");
  } catch {
    getSelection().selectAllChildren(line); // no clipboard here: one keystroke is left to do
    button.textContent = "Selected: press Ctrl+C";
  }
};

// Dresses a page that has just come.
const dress = () => {
  for (const line of document.querySelectorAll("dd.say, .pushback p.say")) {
    const made = button("Copy", () => copy(line, made));
    line.append(" ", made);
  }
  for (const text of document.querySelectorAll("[data-copy]")) {
    const made = button("Copy", () => copy(text, made));
    const buttons = text.nextElementSibling;
    if (buttons && buttons.matches(".buttons")) buttons.append(made);
    else text.after(made);
  }
  // A form that opens takes the focus, at once; whatever else is opened leaves it in the field.
  for (const form of document.querySelectorAll("details.didnt, details.tell")) {
    form.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      form.open = !form.open;
      const first = form.open && form.querySelector("textarea, input:not([type=hidden])");
      if (first) first.focus();
      else if (field()) field().focus();
    });
  }
  if (field()) field().focus();
  const titles = [...document.querySelectorAll(".card > .head strong")].map((title) => title.textContent);
  const notice = document.querySelector(".problem, .noted, .notice");
  tell([notice && notice.textContent, ...titles].filter(Boolean).join(". "));
};

// Puts the page that was sent into the one that is shown.
const show = (html, address, back) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) throw new Error("No page came back.");
  const canonical = page.querySelector("link[rel=canonical]");
  if (!back) history.pushState(null, "", canonical ? canonical.getAttribute("href") : address);
  document.title = page.title;
  const kept = unsent();
  main().replaceWith(fresh);
  dress();
  keep(kept);
  scrollTo(0, 0);
};

// What was typed and not sent: words in the field that came after those that were asked, and what
// stands in an open form.
let inFlight = null;
const unsent = () => ({
  text: field() && field().value !== inFlight ? field().value : "",
  forms: [...document.querySelectorAll("details.tell, details.didnt")].filter((form) =>
    form.dataset.sent !== "1" &&
    [...form.querySelectorAll("textarea, input[type=text]")].some((input) => input.value.trim())),
});

const keep = ({ text, forms }) => {
  if (text && field()) field().value = text;
  for (const form of forms) {
    form.querySelector("summary").textContent = "Not sent yet";
    form.classList.add("kept");
    main().append(form);
  }
};

// Says something at the field.
const complain = (text) => {
  const old = document.getElementById("problem");
  if (old) old.remove();
  const line = document.createElement("p");
  line.id = "problem";
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = text;
  asking().append(line);
  field().focus();
};

const OFFLINE = "Cornerman did not answer.";
const failed = (why) => {
  const old = document.querySelector(".offline");
  if (old) old.remove();
  const line = document.createElement("p");
  line.className = "problem offline";
  line.setAttribute("role", "alert");
  line.textContent = why + " Your words are still here; press Enter to send them again.";
  main().prepend(line);
};

// What a page that says why something does not work says.
const reason = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const lines = [...page.querySelectorAll(".problem, .problem + p")].map((line) => line.textContent);
  return lines.join(" ") || OFFLINE;
};

let again = false;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  if (form.dataset.busy) {
    // They went on typing and asked again before the answer was there: that is asked next.
    again = again || (form === asking() && field().value !== inFlight);
    return;
  }
  const ask = form === asking();
  if (ask && !field().value.trim()) return complain("Type what the customer said.");
  if (ask && /^\s*[1-3]\s*$/.test(field().value) && pick(Number(field().value))) {
    field().value = "";
    return;
  }
  form.dataset.busy = "1";
  if (ask) inFlight = field().value;
  const parts = form.closest("details.tell, details.didnt");
  if (parts) parts.dataset.sent = "1";
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const reply = await fetch(form.action, { method: "POST", body });
    if (!reply.ok) throw new Error(reason(await reply.text()));
    const { pathname, search } = new URL(reply.url);
    show(await reply.text(), reply.redirected ? pathname + search : location.pathname);
  } catch (error) {
    if (parts) delete parts.dataset.sent;
    failed(error instanceof TypeError ? OFFLINE : error.message);
  } finally {
    delete form.dataset.busy;
    inFlight = null;
  }
  if (again && asking()) {
    again = false;
    asking().requestSubmit();
  }
});

// A click on what is no form leaves the focus in the field, so that what is typed next is asked.
document.addEventListener("click", (event) => {
  const inForm = event.target.closest("form, details.tell, details.didnt, dialog, nav, a, select");
  if (event.detail > 0 && field() && !inForm && !String(getSelection())) field().focus();
});

addEventListener("popstate", async () => {
  try {
    const reply = await fetch(location.href);
    show(await reply.text(), location.href, true);
  } catch {
    location.reload();
  }
});

const click = (css) => {
  const found = document.querySelector(css);
  if (found) found.click();
  return Boolean(found);
};

const pick = (number) => {
  const found = document.querySelectorAll("details.choice, .choices button")[number - 1];
  if (!found) return false;
  if (found.tagName === "BUTTON") found.click();
  else found.open = true;
  found.scrollIntoView({ block: "nearest" });
  if (found.open) tell(found.querySelector("summary").textContent);
  return true;
};

const KEYS = [
  ["Enter", "ask"],
  ["Esc", "from the field to the card, where the keys below work; and back"],
  ["/", "back to the field"],
  ["1 2 3", "pick one of several (in the field with Enter)", (key) => pick(Number(key))],
  ["c", "copy the line to say", () => click("dd.say button")],
  ["m", "more of the card", () => click("details.more > summary")],
  ["w", "it worked", () => click(".marks form:not(.didnt form) button")],
  ["d", "it didn't", () => click(".didnt > summary")],
  ["u", "undo", () => click(".noted form button")],
  ["0", "none of these", () => click("form.none button")],
  ["t", "tell marketing", () => click(".tell > summary")],
  ["?", "these keys", () => { help(); return true; }],
];

const help = (keys = KEYS) => {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys");
  const head = document.createElement("h2");
  head.id = "keys";
  head.textContent = "Keys";
  const list = document.createElement("dl");
  for (const [key, what] of keys) {
    const name = document.createElement("dt");
    name.textContent = key;
    const line = document.createElement("dd");
    line.textContent = what;
    list.append(name, line);
  }
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !keysOff();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  label.append(box, " Single-key shortcuts");
  const close = button("Close", () => dialog.close());
  dialog.append(head, list, label, close);
  dialog.addEventListener("close", () => { dialog.remove(); if (field()) field().focus(); });
  document.body.append(dialog);
  dialog.showModal();
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog")) return;
  if (!field()) return;
  const inForm = target.closest("form, details.tell, details.didnt");
  const onCard = !inForm && cards().find((card) => card.contains(target) && visible(card));
  if (key === "Escape") {
    const card = cards().find(visible);
    if (target === field() && card && !keysOff()) card.focus({ preventScroll: true });
    else field().focus();
    return;
  }
  if (typing(target)) {
    // An empty field has no use for a question mark.
    if (key === "?" && target.value === "") { event.preventDefault(); help(); }
    return;
  }
  const known = onCard && !keysOff() && KEYS.find(([keys, , act]) => act && keys.split(" ").includes(key));
  if (known) {
    event.preventDefault();
    known[2](key);
  } else if (key === "/") {
    event.preventDefault();
    field().focus();
  } else if (key === "?" && field().value === "") {
    event.preventDefault();
    help();
  } else if (key.length === 1 && key !== " ") {
    // Some browsers would lose the letter with which the focus moves.
    event.preventDefault();
    field().focus();
    field().setRangeText(key, field().value.length, field().value.length, "end");
  }
});

// Keys of the inbox: a button says which key presses it; j and k go through the list.
document.documentElement.classList.add("scripted");
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (field() || keysOff() || typing(target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog")) return;
  const links = [...document.querySelectorAll(".list a.title")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = key === "j" ? links[at + 1] : key === "k" ? links[at - 1] : null;
  const pressed = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (key === "?" && links.length) inboxHelp();
  else if (next) next.click();
  else if (pressed) decide(pressed);
  else return;
  event.preventDefault();
});

// A decision that lacks something takes the focus to where it belongs instead.
const decide = (pressed) => {
  const form = pressed.form;
  const lacks = {
    declined: () => form.elements.reply,
    duplicate: () => form.elements.same_as,
  }[pressed.value];
  const field = lacks && lacks();
  if (field && !field.value.trim()) {
    field.focus();
    tell(pressed.value === "declined" ? "Say why, then press Decline." : "Choose the original, then press Duplicate.");
  } else form.requestSubmit(pressed);
};

const INBOX_KEYS = [
  ["j", "next recommendation"],
  ["k", "previous recommendation"],
  ["1", "accept"],
  ["2", "duplicate of another one"],
  ["3", "decline, with a reason"],
  ["h", "snooze for a week"],
  ["u", "undo the last decision"],
  ["?", "these keys"],
];
const inboxHelp = () => help(INBOX_KEYS);
if (document.querySelector(".list")) document.querySelector(".foot").append(button("Keys", inboxHelp));

// Where nothing can be asked, there is nothing that keys could do.
if (field()) document.querySelector(".foot").append(button("Keys", () => help()));
dress();

// What comes into the log while the dashboard is open. Without a script a reload shows the same.
for (const line of document.querySelectorAll("[data-news]")) {
  const names = {
    gap: ["new unanswered question", "new unanswered questions"],
    recommendation: ["new recommendation", "new recommendations"],
    approval: ["new request for approval", "new requests for approval"],
  };
  const counts = {};
  let news = null;
  const told = ({ data }) => {
    if (!names[data]) return;
    counts[data] = (counts[data] || 0) + 1;
    const all = Object.entries(counts).map(([kind, count]) => `${count} ${names[kind][count > 1 ? 1 : 0]}`);
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Show";
    line.replaceChildren(`${all.join(", ")}. `, link);
    line.hidden = false;
  };
  // A browser has six connections for a site: a tab that nobody sees keeps none of them.
  const listen = () => {
    if (news) news.close();
    news = document.hidden ? null : new EventSource(line.dataset.news);
    if (news) news.addEventListener("message", told);
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { if (news) news.close(); });
  listen();
}
