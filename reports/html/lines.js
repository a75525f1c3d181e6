"use strict";
// Before page.js: what it looks for must have been drawn.
(() => {
  const lists = [...document.querySelectorAll(".lines")].filter((list) => list.querySelector("script"));
  const data = (list) => JSON.parse(list.querySelector("script").textContent);

  const line = ([number, id, against, ...services]) => {
    const item = document.createElement("li");
    item.className = "pair";
    item.id = `conflict-${number}`;
    const code = document.createElement("code");
    code.textContent = id;
    const names = services.map((service) => document.querySelector(`#by-service option[value="service-${service}"]`).textContent);
    item.append(`${names.join(" × ")}: ${against} `, code);
    return item;
  };

  const draw = (list) => {
    if (list.querySelector("ul")) return;
    const drawn = document.createElement("ul");
    drawn.append(...data(list).map(line));
    list.querySelector(".noscript").remove();
    list.append(drawn);
  };

  const find = () => {
    const number = Number(/^#conflict-(\d+)$/.exec(location.hash)?.[1]);
    if (!number || document.getElementById(`conflict-${number}`)) return;
    const list = lists.find((one) => data(one).some(([other]) => other === number));
    if (!list) return;
    draw(list);
    location.replace(location.hash); // Only now there is what it names.
  };

  for (const list of lists) list.addEventListener("toggle", () => draw(list));
  addEventListener("hashchange", find);
  find();
})();
