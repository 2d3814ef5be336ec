/* Lists that can be searched. */
all("input[data-search]").forEach((field) => {
  const items = all(field.dataset.search);
  field.closest("[hidden]").hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    items.forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(wanted); });
    say(`${items.filter((item) => !item.hidden).length} of ${items.length} shown.`);
  });
});
