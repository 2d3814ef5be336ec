/* Tables: a button in each column heading sorts by the unrounded value; cells without one come last. */
const sortKey = (cell) => {
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  return cell.classList.contains("number") ? null : cell.textContent.trim();
};
const compare = (a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en-GB", { numeric: true }));
const sortBy = (table, column, header) => {
  const direction = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  const rows = all("tr", table.tBodies[0]).map((row) => ({ row, key: sortKey(row.cells[column]) }));
  const known = rows.filter(({ key }) => key !== null && key !== "");
  const unknown = rows.filter(({ key }) => key === null || key === "");
  known.sort((a, b) => (direction === "ascending" ? 1 : -1) * compare(a.key, b.key));
  table.tBodies[0].append(...[...known, ...unknown].map(({ row }) => row));
  all("th[aria-sort]", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
  header.setAttribute("aria-sort", direction);
  say(`Sorted by ${header.textContent.trim()}, ${direction}.`);
};
all("table[data-sortable]").forEach((table) => {
  if (!table.tHead || table.tBodies[0].rows.length < 2) return;
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    const button = make("button", { type: "button" }, ...header.childNodes);
    button.addEventListener("click", () => sortBy(table, column, header));
    header.append(button);
  });
});

/* Downloads: a page that was sent alone has no folder beside it, so that what it shows can be saved from the page. */
const csvCell = (cell) => {
  const text = cell.dataset.value ?? cell.textContent.trim();
  const harmless = cell.dataset.value === undefined && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};
const csvOf = (table) => {
  const synthetic = document.body.classList.contains("is-synthetic");
  return [...table.rows].map((row, number) =>
    [...[...row.cells].map(csvCell), ...(synthetic ? [number ? "yes" : "synthetic_data"] : [])].join(",")).join("\r\n");
};
all("p.download").forEach((line) => {
  const link = line.querySelector("a[download]");
  const table = line.parentElement.querySelector("table");
  if (!link || !table) return;
  const button = make("button", { type: "button", className: "plain", textContent: "Save what is shown" });
  button.addEventListener("click", () => {
    const href = URL.createObjectURL(new Blob([`\ufeff${csvOf(table)}\r\n`], { type: "text/csv" }));
    make("a", { href, download: link.getAttribute("href").split("/").pop() }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
    say("Saved the table as it stands on the page.");
  });
  line.append(" ", button);
});

/* A region takes a tab stop only while there is something to scroll. */
const regions = all(".table-scroll, .chart-scroll");
const tabStop = (region) => region.scrollWidth > region.clientWidth + 1
  ? region.setAttribute("tabindex", "0") : region.removeAttribute("tabindex");
const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => tabStop(target)));
regions.forEach((region) => watcher.observe(region));
