// The upload of an import: drop a file anywhere on the page, see how far it is. The form works without any of this.

const form = () => document.querySelector("[data-upload]");

function hold(event) {
  if (!form() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form().classList.toggle("over", event.type !== "drop");
  if (event.type === "drop" && event.dataTransfer.files.length) {
    const input = form().querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function show(isSending, share = 0) {
  const sending = form()?.querySelector("[data-sending]");
  if (!sending) return;
  sending.hidden = !isSending;
  sending.querySelector("progress").value = share;
}

document.addEventListener("dragover", hold);
document.addEventListener("drop", hold);
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form()?.classList.remove("over");
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-upload] input[type=file]")) form().classList.toggle("chosen", event.target.files.length > 0);
});
document.addEventListener("htmx:beforeRequest", () => show(true));
document.addEventListener("htmx:afterRequest", () => show(false));
document.addEventListener("htmx:xhr:progress", ({ detail }) => {
  if (detail.lengthComputable && detail.loaded) show(true, detail.loaded / detail.total);
});
