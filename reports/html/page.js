"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (id) => document.getElementById(id);

  const owners = new Map(all("#by-service option").map((option) => [option.value, option.dataset.owner]));
  const cards = all("[data-code]").map((node) => {
    const service = new Set(node.dataset.services.split(" "));
    return {
      node,
      count: Number(node.dataset.count ?? 1),
      facts: {
        service,
        package: node.closest(".group").id,
        ecosystem: node.dataset.code.replace(/\d+$/, ""),
        boundary: node.closest("[data-boundary]").dataset.boundary,
        owner: new Set([...service].map((key) => owners.get(key))),
        code: node.dataset.code,
        depth: node.classList.contains("lock-only") ? "lock" : "declared",
      },
    };
  });
  const total = cards.reduce((sum, card) => sum + card.count, 0);
  const form = document.querySelector(".filters");
  const choices = all("select", form);

  const text = (card) => (card.text ??= `${card.node.closest(".group").querySelector("h3").firstChild.data} ${card.node.textContent}`.toLowerCase());

  const matches = (card, words, chosen) => words.every((word) => text(card).includes(word))
    && chosen.every(([name, value]) => card.facts[name].has?.(value) ?? card.facts[name] === value);

  const filter = () => {
    const relocked = one("stance-relocked").checked;
    const words = one("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = choices.filter((choice) => choice.value).map((choice) => [choice.name, choice.value]);
    let shown = 0;
    for (const card of cards) {
      card.node.hidden = !matches(card, words, chosen);
      if (!card.node.hidden && !(relocked && card.facts.depth === "lock")) shown += card.count;
    }
    for (const group of all(".group, .systems:not([data-code])")) group.hidden = !group.querySelector("[data-code]:not([hidden])");
    one("tally").textContent = `${shown} of ${total} shown${relocked ? ", after re-locking" : ""}`;
    one("nothing").hidden = shown > 0 || cards.length === 0;
  };

  // What is chosen stands in the address, so that a link leads to it: by names, as keys are those of one page.
  const NAMED = new Set(["service", "package", "owner"]);
  const address = (choice, option) => (NAMED.has(choice.name) ? option.textContent : option.value);

  const remember = () => {
    const chosen = choices.filter((choice) => choice.value).map((choice) => [choice.name, address(choice, choice.selectedOptions[0])]);
    if (one("search").value) chosen.unshift(["search", one("search").value]);
    if (one("stance-relocked").checked) chosen.push(["stance", "relocked"]);
    if (chosen.length || location.hash.startsWith("#conflicts?")) {
      history.replaceState(null, "", chosen.length ? `#conflicts?${new URLSearchParams(chosen)}` : "#conflicts");
    }
  };

  const clear = () => {
    for (const field of [one("search"), ...choices]) field.value = "";
  };

  const recall = (query) => {
    const chosen = new URLSearchParams(query);
    if (chosen.has("id")) return find(chosen.get("id"));
    one("search").value = chosen.get("search") ?? "";
    for (const choice of choices) {
      const option = chosen.has(choice.name) && [...choice.options].find((other) => other.value && address(choice, other) === chosen.get(choice.name));
      choice.value = option ? option.value : "";
    }
    if (chosen.has("stance")) one(`stance-${chosen.get("stance") === "relocked" ? "relocked" : "locked"}`).click();
    filter();
    arrive(one("conflicts"));
  };

  // A conflict's id is the same in every report, its number is not.
  const idOf = (target) => target.querySelector(":scope > .chips code, :scope > code")?.textContent;

  const find = (id) => {
    const drawn = all(".card[id], .pair").find((card) => idOf(card) === id)?.id;
    const waiting = () => all(".lines script").flatMap((list) => JSON.parse(list.textContent)).find((line) => line[1] === id)?.[0];
    const number = drawn ? undefined : waiting();
    if (drawn || number) location.replace(`#${drawn ?? `conflict-${number}`}`);
  };

  // At once: on a slow way there what comes into view gets its true height, and the end is elsewhere.
  const arrive = (target) => target.scrollIntoView({ behavior: "instant" });

  const changed = () => {
    filter();
    remember();
  };

  // The graph's own address tells the stance too.
  const restanced = () => (location.hash.startsWith("#graph?") ? filter() : changed());

  const filters = () => {
    form.hidden = cards.length === 0;
    form.addEventListener("input", changed);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(changed));
    one("clear").addEventListener("click", () => form.reset());
    for (const radio of all("[name=stance]")) radio.addEventListener("change", restanced);
    one("unfold").addEventListener("click", () => {
      const shown = all(".card:not([hidden])");
      const open = shown.some((card) => !card.open);
      for (const card of shown) card.open = open;
      one("unfold").textContent = open ? "Close all" : "Open all";
    });
    filter();
  };

  const reveal = () => {
    const [anchor, query] = location.hash.slice(1).split("?");
    if (anchor === "conflicts" && query) return recall(query);
    const target = anchor && one(anchor);
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    if (target.closest(".lock-only")) one("stance-locked").checked = true;
    filter();
    for (let node = target; node; node = node.parentElement) {
      node.hidden = false;
      if (node.tagName === "DETAILS") node.open = true;
    }
    if (idOf(target)) history.replaceState(null, "", `#conflicts?${new URLSearchParams({ id: idOf(target) })}`);
    arrive(target);
  };

  const copying = () => {
    for (const replay of all(".replay")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        const text = replay.querySelector("pre");
        try {
          await navigator.clipboard.writeText(text.textContent.trimEnd());
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(text);
          button.textContent = "Selected";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      replay.prepend(button);
    }
  };

  filters();
  copying();
  addEventListener("hashchange", reveal);
  addEventListener("load", reveal);
})();
