/* All disclosures at once. On paper stand those that are open. */
const disclosures = all("main details");
if (nav && disclosures.length > 1) {
  const button = make("button", { type: "button", className: "plain", textContent: "Open all details" });
  button.addEventListener("click", () => {
    const open = disclosures.some((details) => !details.open);
    disclosures.forEach((details) => { details.open = open; });
    button.textContent = open ? "Close all details" : "Open all details";
  });
  nav.querySelector("details").append(button);
}
