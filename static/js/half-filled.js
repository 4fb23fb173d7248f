// A date that is typed halfway, or that no calendar knows, comes to the server as an empty one and would take away what
// is there: the browser tells what is wrong instead.

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
