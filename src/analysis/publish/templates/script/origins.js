/* Origins: the entry at the end of the page, shown beside its figure. Escape closes; focus goes back. */
const inputText = (link) => {
  const input = document.getElementById(link.hash.slice(1));
  return input ? [...input.cloneNode(true).childNodes] : [link.textContent];
};
const fillCard = (card, entry) => {
  const copy = entry.cloneNode(true);
  const links = all('a[href^="#input-"]', copy);
  if (links.length) {
    const used = links.map((link) => make("li", {}, ...inputText(link), link.nextSibling.textContent.replace(/,\s*$/, "")));
    links[0].parentElement.replaceChildren(make("ul", {}, ...used));
  }
  const close = make("button", { type: "button", className: "plain", textContent: "Close" });
  close.addEventListener("click", () => card.close());
  card.replaceChildren(close, ...copy.childNodes);
};
const place = (card, near) => {
  const figure = near.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const below = figure.bottom + 8;
  const top = below + size.height > innerHeight ? Math.max(8, figure.top - size.height - 8) : below;
  card.style.top = `${Math.min(top, Math.max(8, innerHeight - size.height - 8))}px`;
  card.style.left = `${Math.max(8, Math.min(figure.left, innerWidth - size.width - 8))}px`;
};
const facts = all("a.fact");
if (facts.length && typeof HTMLDialogElement === "function") {
  const card = make("dialog", { className: "card" });
  card.setAttribute("aria-label", "Origin of this figure");
  document.querySelector("main").append(card);
  card.addEventListener("click", (event) => { if (event.target === card) card.close(); });
  facts.forEach((fact) => {
    fact.setAttribute("aria-haspopup", "dialog");
    fact.addEventListener("click", (event) => {
      const entry = document.getElementById(decodeURIComponent(fact.hash.slice(1)));
      if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      fillCard(card, entry);
      card.showModal();
      place(card, fact);
      card.addEventListener("close", () => fact.focus(), { once: true });
    });
  });
}
