// Keeps list, address and focus in step when htmx has swapped the open contact or the list.

const search = document.getElementById("q");

// A note that is being written waits, in this page alone, while its writer looks at something else.
const drafts = new Map();
const draft = () => document.querySelector("#notes > form textarea");
const opened = () => document.getElementById("detail").dataset.contact;
const holdsDraft = (pane) => ["detail", "inspector"].includes(pane.id) && pane.contains(draft());

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (holdsDraft(target)) drafts.set(opened(), draft().value);
});

// A contact may stand in the list several times: as itself, and by what was found in its messages and notes.
let chosen;
document.addEventListener("click", ({ target }) => {
  chosen = target.closest(".row") ?? chosen;
});

document.addEventListener("htmx:load", (event) => {
  const pane = event.detail.elt;
  if (holdsDraft(pane)) draft().value ||= drafts.get(opened()) ?? "";
  if (pane.id === `row-${opened()}`) pane.setAttribute("aria-current", "true");
  if (pane.id === "results" && document.activeElement !== search) search.value = new URLSearchParams(location.search).get("q") ?? "";
  if (pane.id !== "detail") return;
  document.querySelector(".app").dataset.pane = pane.dataset.pane;
  const left = document.querySelector(".row[aria-current]");
  for (const row of document.querySelectorAll(".row[aria-current]")) row.removeAttribute("aria-current");
  const isChosen = chosen?.isConnected && location.pathname.startsWith(chosen.pathname);
  const row = isChosen ? chosen : document.getElementById(`row-${pane.dataset.contact}`);
  row?.setAttribute("aria-current", "true");
  // What is wrong in a form, what was asked for, else the heading; with none nobody is open: back to the row that was.
  const heir = ["[aria-invalid=true]", "[autofocus]", "h1"].map((one) => pane.querySelector(one)).find(Boolean);
  // With the frame: focus wants the page laid out, which is not done with yet.
  requestAnimationFrame(() => (heir ?? left)?.focus());
});

// Search and filters replace the query string of the page, where htmx would add to it; what is blank stays out of it.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!detail.elt.matches("#search, #filter-form")) return;
  detail.path = location.pathname;
  for (const [name, value] of [...detail.formData]) if (!value) detail.formData.delete(name);
});

// Nobody looks at a hidden tab.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[hx-trigger^=every]")) event.preventDefault();
});
