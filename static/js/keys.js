// Single keys: j, k and the arrows walk along the list, every other one clicks the element with its data-key, or puts
// the cursor into it; a visible one rather than one in a closed menu. Off while typing and with modifiers. Who wants
// none gets pages without this file.

const TYPES = "input:not([type=checkbox], [type=radio]), textarea, select";
const help = document.getElementById("keys");

const all = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
const visible = (selector) => all(selector)[0];
const focused = () => document.activeElement.closest("#results li")?.querySelector(".row");
const current = () => focused() ?? document.querySelector("#results .row[aria-current]");

function walk(step) {
  const rows = all("#results .row");
  const next = current() ? rows[rows.indexOf(current()) + step] : rows[0];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function turn(step) {
  const tabs = all(visible("#detail .tabs") ? "#detail .tabs a" : "#results .tabs a");
  tabs[tabs.findIndex((tab) => tab.ariaCurrent) + step]?.click();
}

const ACTIONS = {
  j: () => walk(1),
  ArrowDown: () => walk(1),
  k: () => walk(-1),
  ArrowUp: () => walk(-1),
  "[": () => turn(-1),
  "]": () => turn(1),
  x: () => current()?.closest("li").querySelector("input.select")?.click(),
  "?": () => help.showModal(),
};

function clicks(key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  const element = visible(named) ?? document.querySelector(named);
  return element && (() => (element.matches(TYPES) ? element.focus() : element.click()));
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const isArrow = key.startsWith("Arrow");
  // Arrows scroll everywhere but in the list; the one down leads from the search into it.
  if (target.matches(TYPES) ? target.id !== "q" || key !== "ArrowDown" : isArrow && !focused()) return;
  const act = ACTIONS[key] ?? (isArrow ? undefined : clicks(key));
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-shows-keys]")) return;
  event.preventDefault();
  help.showModal();
});
