const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const announcer = document.querySelector(".announcer");
const say = (text) => { if (announcer) announcer.textContent = text; };
