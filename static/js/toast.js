// The toast leaves by itself, but not while hovered or focused. Requests of htmx that failed are told in it.

const SHOWN_FOR = 8000;
const toast = document.getElementById("toast");
const text = document.getElementById("toast-text");
const undo = document.getElementById("toast-undo");
let timer;

function leaveLater() {
  clearTimeout(timer);
  if (text.childElementCount) timer = setTimeout(leave, SHOWN_FOR);
}

function leave() {
  if (toast.matches(":hover, :focus-within")) return leaveLater();
  text.replaceChildren();
  undo.replaceChildren();
}

function tell(message) {
  // What asks again and again, as long work does, says once that it cannot.
  if (text.textContent !== message) {
    const line = document.createElement("p");
    line.textContent = message;
    text.replaceChildren(line);
    undo.replaceChildren();
  }
  leaveLater();
}

if (toast) {
  // What stood in the page when it loaded is not spoken: put it in once more.
  setTimeout(() => text.replaceChildren(...text.children), 100);
  leaveLater();
  document.addEventListener("htmx:oobAfterSwap", leaveLater);
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    tell(xhr.status === 404 ? toast.dataset.gone : toast.dataset.failed);
  });
  document.addEventListener("htmx:sendError", () => tell(toast.dataset.offline));
}
