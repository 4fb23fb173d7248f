// Keeps list, address and focus in step when htmx has swapped the open contact.

document.addEventListener("htmx:load", (event) => {
  const pane = event.detail.elt;
  if (pane.id !== "detail") return;
  document.querySelector(".app").dataset.pane = pane.dataset.pane;
  const left = document.querySelector(".row[aria-current]");
  left?.removeAttribute("aria-current");
  document.getElementById(`row-${pane.dataset.contact}`)?.setAttribute("aria-current", "true");
  // What is wrong in a form, else the heading; with neither nobody is open: back to the row that was.
  (pane.querySelector("[aria-invalid=true]") ?? pane.querySelector("h1") ?? left)?.focus();
});

// A search replaces the query string of the page; htmx by itself would add to it.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id !== "search") return;
  detail.path = location.pathname;
  if (!detail.parameters.q) delete detail.parameters.q;
});
