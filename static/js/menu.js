// Menus are <details class="menu">. This adds: one open at a time, closed by Escape, by a click elsewhere, by leaving;
// arrows walk along what it offers.

const openMenus = () => document.querySelectorAll("details.menu[open]");

function closeAllBut(kept) {
  for (const menu of openMenus()) if (menu !== kept) menu.open = false;
}

document.addEventListener("click", (event) => closeAllBut(event.target.closest("details.menu")));
document.addEventListener("focusin", (event) => closeAllBut(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target.closest("details.menu[open]");
  if (!step || !menu) return;
  event.preventDefault();
  const stops = [...menu.querySelectorAll("summary, a, button")].filter((element) => element.checkVisibility());
  stops[stops.indexOf(event.target) + step]?.focus();
});
