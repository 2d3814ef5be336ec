/* Origins: a card beside the figure, always within the window. Escape closes it; the focus goes back to the figure. */
{
const originsData = JSON.parse(document.getElementById("origins-data")?.textContent || "null");
const row = (term, ...said) => make("div", {}, make("dt", { textContent: term }), make("dd", {}, ...said));
const code = (text) => make("code", { textContent: text });
const inputItem = (input, rows) => {
  const [file, used, checksum] = originsData.inputs[input];
  const counted = rows ? `${rows.toLocaleString("en-GB")} row${rows === 1 ? "" : "s"}` : "no rows counted";
  return make("li", {}, code(file), ` (${counted})${used ? `, used for ${used}` : ""}, sha256 `, code(checksum));
};
const fillCard = (card, id, href) => {
  const texts = originsData.cards[id].slice(0, -1).map((places) => places.map((place) => originsData.parts[place]).join(" "));
  const [figure, inWords, formula, value, printed] = texts;
  const counts = originsData.cards[id].at(-1);
  const inputs = counts.flatMap((input, at) => (at % 2 ? [] : [inputItem(input, counts[at + 1])]));
  const close = make("button", { type: "button", className: "plain", textContent: "Close" });
  close.addEventListener("click", () => card.close());
  card.replaceChildren(
    close,
    make("h2", { id: "card-title", textContent: figure }),
    make("p", { textContent: inWords }),
    make("dl", {}, ...(inputs.length ? [row(inputs.length === 1 ? "File" : "Files", make("ul", {}, ...inputs))] : []),
      row("Formula", code(formula)), row("Value", code(value), `, ${printed}`), row("Name", code(id))),
    make("p", {}, make("a", { href, textContent: "Where every figure comes from" })),
  );
  card.scrollTop = 0;
};
const within = (wanted, size, room) => Math.max(8, Math.min(wanted, room - size - 8));
const placeCard = (card, figure) => {
  const size = card.getBoundingClientRect();
  const above = figure.top - size.height - 8;
  const top = figure.bottom + 8 + size.height > innerHeight && above > 0 ? above : figure.bottom + 8;
  card.style.top = `${within(top, size.height, innerHeight)}px`;
  card.style.left = `${within(figure.left, size.width, innerWidth)}px`;
};
const facts = all("a.fact");
if (originsData && facts.length && typeof HTMLDialogElement === "function") {
  const card = make("dialog", { className: "card" });
  card.setAttribute("aria-labelledby", "card-title");
  document.querySelector("main").append(card);
  card.addEventListener("click", (event) => { if (event.target === card) card.close(); });
  facts.forEach((fact) => {
    const id = fact.querySelector("data").dataset.fact;
    if (!originsData.cards[id]) return;
    fact.setAttribute("aria-haspopup", "dialog");
    fact.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const figure = fact.getBoundingClientRect(); // before anything that could scroll the page
      fillCard(card, id, fact.getAttribute("href"));
      card.showModal();
      placeCard(card, figure);
      card.addEventListener("close", () => fact.focus({ preventScroll: true }), { once: true });
    });
  });
}
}
