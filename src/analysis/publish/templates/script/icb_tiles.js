/* Tiles of ICBs: a choice of their order, and their figures in the search of areas. */
all(".icb-tiles").forEach((figure) => {
  const list = figure.querySelector("ol"), tiles = [...list.children]; // in order of name
  const regionOf = (tile) => tile.querySelector(".tile-region").textContent;
  const sorted = (by) => [...tiles].sort((a, b) => {
    if (by === "region") return regionOf(a).localeCompare(regionOf(b), "en-GB");
    const [one, other] = [a.dataset[by], b.dataset[by]];
    if (one === undefined || other === undefined) return (one === undefined) - (other === undefined); // unknown last
    return Number(other) - Number(one);
  });
  const orders = [
    ...(figure.dataset.map === undefined ? [] : [["map", "Map"]]), ["name", "Name"], ["value", "Figure"],
    ...(tiles.some((tile) => tile.dataset.change !== undefined) ? [["change", "Change in a year"]] : []), ["region", "Region"]];
  const choose = (order) => {
    figure.dataset.order = order;
    list.replaceChildren(...(order === "map" || order === "name" ? tiles : sorted(order)));
  };
  const first = orders[0][0] === "map" && !matchMedia("(min-width: 64rem)").matches ? 1 : 0; // a map needs the room
  const choice = make("fieldset", {}, make("legend", { textContent: "Order" }), ...orders.map(([order, label], number) => {
    const radio = make("input", { type: "radio", name: "icb-order", value: order, checked: number === first });
    radio.addEventListener("change", () => { choose(order); say(`ICBs: ${label.toLowerCase()}.`); });
    return make("label", { className: `order-${order}` }, radio, label);
  }));
  list.before(choice);
  choose(orders[first][0]);
  if (finder) list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-code]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.hash = `#area=${encodeURIComponent(link.dataset.code)}`;
  });
});
