// Nothing that was seen stays in the browser. htmx keeps the current path in session storage, and it may hold a search
// term: it goes when the page is left. A page that comes back as it stood is asked for anew: its viewer may have left.

const forget = () => sessionStorage.clear();

addEventListener("pagehide", forget);
addEventListener("pageshow", (event) => {
  forget();
  if (event.persisted) location.reload();
});
