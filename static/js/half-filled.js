// A date that is typed halfway, or that no calendar knows, comes to the server as an empty one and would take away what
// is there: the browser tells what is wrong instead. All else that is wrong is told by the server, beside the field;
// without a script the browser tells that as well.

document.addEventListener("htmx:load", () => {
  for (const form of document.querySelectorAll("form[data-server-checks]")) form.noValidate = true;
});

document.addEventListener(
  "submit",
  (event) => {
    const half = [...event.target.elements].find((control) => control.validity?.badInput);
    if (!half) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    half.reportValidity();
  },
  true,
);
