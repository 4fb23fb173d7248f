// What had the focus may go with what htmx swaps. Elements with an id get it back from htmx; in place of all others,
// the nearest element with data-takes-focus gets it.

let hadFocus = false;

document.addEventListener("htmx:beforeSwap", () => {
  hadFocus = document.activeElement !== document.body;
});
document.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  // With the frame: who can be seen is known when the page is laid out, once.
  if (hadFocus) requestAnimationFrame(() => pass(elt));
});

function pass(elt) {
  if (document.activeElement !== document.body && document.activeElement.checkVisibility()) return;
  const heir = elt.querySelector("[data-takes-focus]") ?? elt.closest("[data-takes-focus]");
  heir?.focus({ preventScroll: true });
}
