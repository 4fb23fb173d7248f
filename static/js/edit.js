// Editing in place by keyboard: Escape gives up, Ctrl-Enter saves what takes several lines; arrows walk along what there
// is to choose from, Enter takes the first. Whoever mends a value goes on where it ends, unless it is of no use.

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  const field = elt.querySelector("input[autofocus], textarea[autofocus]");
  if (!field?.value) return;
  if ("anew" in field.dataset) return field.select();
  // The cursor goes to the end of what is put in, whatever the type of the field.
  const { value } = field;
  field.value = "";
  field.value = value;
});

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Escape") target.closest("[data-edit]")?.querySelector("[data-cancel]").click();
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches("textarea")) target.form.requestSubmit();
  const choices = target.closest("[data-choices]");
  if (!choices) return;
  const input = choices.querySelector("input[type=search]");
  const buttons = [...choices.querySelectorAll("[data-choice]")];
  if (key === "ArrowDown" || key === "ArrowUp") {
    const stops = [input, ...buttons];
    const next = stops[stops.indexOf(target) + (key === "ArrowDown" ? 1 : -1)];
    if (!stops.includes(target) || !next) return;
    event.preventDefault();
    next.focus();
  }
  // While the answer to what was typed is under way, Enter asks for it at once.
  const isAnswered = choices.querySelector("[data-text]").dataset.text === input.value.trim();
  if (key === "Enter" && target === input && input.value && isAnswered && buttons.length) {
    event.preventDefault();
    buttons[0].click();
  }
});
