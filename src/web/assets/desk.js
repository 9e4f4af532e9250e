// What a script adds to the rep's pages, which are complete without it: answers without a reload,
// keys, copying a line. It sends the same forms and takes the same pages apart.
"use strict";

const main = () => document.querySelector("main");
const field = () => document.getElementById("text");
const typing = (element) => element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
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
  const choice = document.querySelector("details.choice > summary");
  const choosing = document.querySelector("[data-outcome=choice]");
  if (choice && choosing) choice.focus();
  else if (field()) field().focus();
  const titles = [...document.querySelectorAll(".card > .head strong")].map((title) => title.textContent);
  const notice = document.querySelector(".problem, .noted, .notice");
  tell([notice && notice.textContent, ...titles].filter(Boolean).join(". "));
};

// Puts the page that was sent into the one that is shown.
const show = (html, address, back) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) throw new Error("no page came back");
  const canonical = page.querySelector("link[rel=canonical]");
  if (!back) history.pushState(null, "", canonical ? canonical.getAttribute("href") : address);
  document.title = page.title;
  main().replaceWith(fresh);
  dress();
  scrollTo(0, 0);
};

const failed = () => {
  const old = document.querySelector(".offline");
  if (old) old.remove();
  const line = document.createElement("p");
  line.className = "problem offline";
  line.setAttribute("role", "alert");
  line.textContent = "Cornerman did not answer. Your words are still here; press Enter to send them again.";
  main().prepend(line);
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.busy) {
    if (form.dataset.busy) event.preventDefault();
    return;
  }
  event.preventDefault();
  form.dataset.busy = "1";
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const reply = await fetch(form.action, { method: "POST", body });
    show(await reply.text(), reply.redirected ? new URL(reply.url).pathname : location.pathname);
  } catch {
    failed();
  } finally {
    delete form.dataset.busy;
  }
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
  ["Esc", "leave the field, so that the keys below work"],
  ["/", "back to the field"],
  ["1 2 3", "pick one of several", (key) => pick(Number(key))],
  ["c", "copy the line to say", () => click("dd.say button")],
  ["m", "more of the card", () => click("details.more > summary")],
  ["w", "it worked", () => click(".marks form:not(.didnt form) button")],
  ["d", "it didn't", () => click(".didnt > summary")],
  ["t", "tell marketing", () => click(".tell > summary")],
  ["?", "these keys", () => { help(); return true; }],
];

const help = () => {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys");
  const head = document.createElement("h2");
  head.id = "keys";
  head.textContent = "Keys";
  const list = document.createElement("dl");
  for (const [key, what] of KEYS) {
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
  label.append(box, " single letters and digits are keys");
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
  if (key === "Escape" && typing(target)) return target.blur();
  if (typing(target)) {
    // An empty field has no use for a question mark.
    if (key === "?" && target.value === "") { event.preventDefault(); help(); }
    return;
  }
  if (key === "/") { event.preventDefault(); return field().focus(); }
  if (keysOff()) return;
  const known = KEYS.find(([keys, , act]) => act && keys.split(" ").includes(key));
  if (known && known[2](key)) event.preventDefault();
});

// Where nothing can be asked, there is nothing that keys could do.
if (field()) document.querySelector("nav").append(" ", button("Keys", help));
dress();
