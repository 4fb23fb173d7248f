// <button data-copy="text"> copies its text and shows that it did.

const SHOWN_FOR = 1500;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.copied = "";
  setTimeout(() => delete button.dataset.copied, SHOWN_FOR);
});
