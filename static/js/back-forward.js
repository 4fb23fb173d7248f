// Back and forward swap only what differs. The list finds the pages that were loaded and its place again, also when the
// page comes back from elsewhere: history.state keeps two numbers, rows and scroll; no contact is kept in the browser.

const NOT_OF_THE_LIST = ["after", "before", "message", "older"];
const list = () => document.querySelector("#results > ul");
const rowCount = () => document.querySelectorAll("#results > ul > li > .row").length;
let shown = location.pathname + location.search;
let turn = 0;
let timer;
// The list that was scrolled, and how far: asking it anew would lay the page out before what was swapped is painted.
let scrolled;
let place = 0;

function remember() {
  clearTimeout(timer);
  if (list()) history.replaceState({ ...history.state, rows: rowCount(), top: list() === scrolled ? place : 0 }, "");
}

function rememberSoon() {
  clearTimeout(timer);
  timer = setTimeout(remember, 150);
}

async function restore({ rows = 0, top = 0 }) {
  const mine = turn;
  for (let more; rowCount() < rows && (more = document.querySelector("#more > a")); ) {
    await htmx.ajax("GET", more.href, { source: more, target: "#more", swap: "outerHTML" });
    if (mine !== turn) return;
  }
  if (list()) list().scrollTop = top;
}

const queryOf = (search) => {
  const query = new URLSearchParams(search);
  for (const name of NOT_OF_THE_LIST) query.delete(name);
  return query.toString();
};

function fetchInto(id) {
  const source = document.getElementById(id);
  htmx.trigger(source, "htmx:abort");
  return htmx.ajax("GET", shown, { source, target: source, swap: "outerHTML" });
}

addEventListener("popstate", async (event) => {
  event.stopImmediatePropagation(); // htmx would load the whole page anew
  const url = location.pathname + location.search;
  if (url === shown) return;
  shown = url;
  document.getElementById("q").value = new URLSearchParams(location.search).get("q") ?? "";
  const mine = ++turn;
  const isSameList = queryOf(location.search) === queryOf(document.getElementById("results").dataset.query);
  try {
    await Promise.all([fetchInto("detail"), isSameList || fetchInto("results")]);
  } catch {
    return; // a later click took over
  }
  if (mine === turn && !isSameList) await restore(event.state ?? {});
});

// htmx clears the state of the page that is left. Typing on in a search is one step back, not one for each letter.
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  const isTypedOn = detail.requestConfig.elt.id === "search" && new URLSearchParams(location.search).has("q");
  if (isTypedOn) detail.history.type = "replace";
  else remember();
  turn++;
});
document.addEventListener("htmx:afterSettle", () => {
  shown = location.pathname + location.search;
  rememberSoon();
});
document.addEventListener("scroll", ({ target }) => {
  if (target !== list()) return;
  scrolled = target;
  place = target.scrollTop;
  rememberSoon();
}, { capture: true, passive: true });
// A form that loads the page anew, as Undo does, leaves the list where it was. session.js forgets this once it is read.
let isSent = false;
addEventListener("submit", ({ target, defaultPrevented }) => {
  isSent = !defaultPrevented && Boolean(target.closest("#toast, #detail"));
});
addEventListener("pagehide", () => {
  remember();
  if (isSent) sessionStorage.setItem("list", JSON.stringify({ ...history.state, query: queryOf(location.search) }));
});

const sent = JSON.parse(sessionStorage.getItem("list"));
if (history.state?.rows) restore(history.state);
else if (sent?.query === queryOf(location.search)) restore(sent);
