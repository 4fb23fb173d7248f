// A picture with data-picture (when it was sent) opens in the dialog: arrows go on, Escape closes. Without this file its
// link opens the picture by itself.

let pictures = [];
let at = 0;

function show(index) {
  at = (index + pictures.length) % pictures.length;
  const box = document.getElementById("lightbox");
  const link = pictures[at];
  const place = box.querySelector("[data-place]");
  const { alt } = link.querySelector("img");
  Object.assign(box.querySelector("img"), { src: link.href, alt });
  Object.assign(box.querySelector("[download]"), { href: link.href, download: alt });
  box.querySelector("figcaption").textContent = `${alt} · ${link.dataset.picture}`;
  place.hidden = !placeOf(link);
  place.href = placeOf(link)?.href ?? "";
  for (const button of box.querySelectorAll("[data-step]")) button.hidden = pictures.length < 2;
}

const placeOf = (link) => link.parentElement.querySelector(".place");

document.addEventListener("click", (event) => {
  const box = document.getElementById("lightbox");
  const link = event.target.closest("[data-picture]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    pictures = [...link.closest(".panel, .thread").querySelectorAll("[data-picture]")];
    show(pictures.indexOf(link));
    box.showModal();
  } else if (event.target.closest("[data-step]")) {
    show(at + Number(event.target.closest("[data-step]").dataset.step));
  } else if (event.target.closest("[data-place]")) {
    event.preventDefault();
    const place = placeOf(pictures[at]);
    box.close();
    place.click();
  } else if (event.target === box) {
    box.close();
  }
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step && document.getElementById("lightbox")?.open) show(at + step * (document.dir === "rtl" ? -1 : 1));
});

document.addEventListener("close", ({ target }) => target.id === "lightbox" && pictures[at].focus(), true);
