// <button data-copy="text" data-told="Copied"> copies its text, shows that it did, and has it spoken.

const SHOWN_FOR = 1500;
const spoken = document.createElement("span");
spoken.className = "vh";
spoken.setAttribute("role", "status");
document.body.append(spoken);

function show(button, isCopied) {
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, isCopied ? "#check" : "#copy"));
  button.toggleAttribute("data-copied", isCopied);
  spoken.textContent = isCopied ? button.dataset.told : "";
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  show(button, true);
  setTimeout(show, SHOWN_FOR, button, false);
});
