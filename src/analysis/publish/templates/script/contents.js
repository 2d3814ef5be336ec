/* Contents: where the reader is; and out of the way once used on a small screen. */
const nav = document.querySelector(".contents");
if (nav) {
  const links = new Map(all("a", nav).map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  nav.addEventListener("click", (event) => {
    if (event.target.closest("a")) nav.querySelector("details").open = false;
  });
  const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => {
    links.forEach((link) => link.removeAttribute("aria-current"));
    links.get(target.id).setAttribute("aria-current", "true");
  }), { rootMargin: "0px 0px -70% 0px" });
  links.forEach((_, id) => { const heading = document.getElementById(id); if (heading) seen.observe(heading); });
}
