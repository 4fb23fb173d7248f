// A form is sent once, however fast its button is clicked. Those of htmx look after themselves.

const HELD_FOR = 3000;
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (sent.has(event.target)) return event.preventDefault();
  sent.add(event.target);
  setTimeout(() => sent.delete(event.target), HELD_FOR);
});
