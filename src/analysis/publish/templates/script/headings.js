/* Links to headings, copied when the browser lets us. */
all("main h2[id], main h3[id]").forEach((heading) => {
  if (heading.closest("figcaption, article, .origins, .headline")) return;
  const link = make("a", { className: "anchor", href: `#${heading.id}`, textContent: "#" });
  link.setAttribute("aria-label", `Link to ${heading.textContent.trim()}`);
  link.addEventListener("click", () => {
    navigator.clipboard?.writeText(link.href).then(() => say("The link was copied."), () => {});
  });
  heading.append(" ", link);
});
