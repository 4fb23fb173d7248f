// Selected contacts: the bar counts them, Shift takes a range, "all" goes beyond what is loaded. The form itself, how
// it is reset and whether it shows need none of this.

const form = () => document.getElementById("bulk");
const boxes = () => [...document.querySelectorAll("input.select")];
let last;

function count() {
  const told = form()?.querySelector("[data-selected]");
  const text = form()?.elements.all.checked ? told.dataset.all : boxes().filter((box) => box.checked).length;
  if (told && told.textContent !== `${text}`) told.textContent = text;
}

document.addEventListener("click", ({ target, shiftKey }) => {
  if (!target.matches("input.select")) return;
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((a, b) => a - b);
  if (shiftKey && from >= 0) for (const box of all.slice(from, to)) box.checked = target.checked;
  last = target;
});

document.addEventListener("change", ({ target }) => {
  if (target.form !== form()) return;
  if (target.name === "all") for (const box of boxes()) box.checked = target.checked;
  else if (!target.checked) form().elements.all.checked = false;
  count();
});

document.addEventListener("reset", () => setTimeout(count));

// Rows that come with "Load more" belong to "all" too.
document.addEventListener("htmx:load", () => {
  if (form()?.elements.all.checked) for (const box of boxes()) box.checked = true;
  count();
});

// A thousand contacts go as one field: servers take no more than so many.
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.id !== "bulk") return;
  const chosen = formData.getAll("contact");
  formData.delete("contact");
  if (!formData.has("all")) formData.append("contact", chosen.join());
});

count();
