// htmx keeps the current path in session storage. It may hold a search term, so it goes when the page is left.

const forget = () => sessionStorage.clear();

addEventListener("pagehide", forget);
addEventListener("pageshow", forget);
