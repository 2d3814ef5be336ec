/* Charts: one tab stop for all marks, arrows between them, the value written below. */
all("figure.chart").forEach((figure) => {
  const drawings = all("svg", figure).filter((svg) => !svg.parentElement.closest("svg") && svg.querySelector(".mark"));
  if (!drawings.length) return;
  const value = make("p", { className: "mark-value" });
  value.setAttribute("aria-hidden", "true"); // a screen reader hears the mark itself
  drawings.at(-1).after(value);
  drawings.forEach((svg) => {
    const marks = all(".mark", svg);
    if (svg.getAttribute("role") === "img") svg.setAttribute("role", "group"); // an image hides what is inside it
    const show = (mark) => { value.textContent = mark.getAttribute("aria-label") || mark.querySelector("title")?.textContent || ""; };
    const go = (mark) => {
      marks.forEach((other) => other.setAttribute("tabindex", other === mark ? "0" : "-1"));
      mark.focus();
    };
    marks.forEach((mark, index) => {
      mark.setAttribute("tabindex", index ? "-1" : "0");
      mark.addEventListener("focus", () => show(mark));
      mark.addEventListener("pointerenter", () => show(mark));
      mark.addEventListener("keydown", (event) => {
        const to = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1, Home: 0, End: marks.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        if (marks[to]) go(marks[to]);
      });
    });
  });
});
