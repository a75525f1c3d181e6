"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const { services, packages, stances } = JSON.parse(one("graph-data").textContent);
  const KINDS = ["declared", "locks", "needs"];
  const WORDS = { declared: "clash as declared", locks: "clash in locks only", needs: "needed, no clash" };
  const ROW = 34; // Pixels from one row to the next.
  const GAP = 26; // Pixels more between containers.
  const DRAWN = 300; // Nodes drawn at most.
  const FOLDED = 150; // Nodes beyond which containers begin collapsed.
  const TOLD = 60; // Neighbours listed of each kind.

  let cy;
  let chosen = "";
  const folded = new Set();

  const stance = () => (one("stance-relocked").checked ? "relocked" : "locked");
  const arrangement = () => stances[stance()];
  const amount = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  // The edges of a stance, as [service, package, kind]; a clash outweighs a need.
  const edges = {};
  for (const name of Object.keys(stances)) {
    edges[name] = packages.flatMap((item, number) => {
      const { declared, locks } = item.ties[name];
      const clashing = new Set([...declared, ...locks]);
      const needs = item.needs.filter((service) => !clashing.has(service));
      return Object.entries({ declared, locks, needs }).flatMap(([kind, found]) => found.map((service) => [service, number, kind]));
    });
  }

  // Keys of nodes: s and p with positions, r with the room's position in the arrangement.
  const key = (letter, number) => `${letter}${number}`;
  const number = (node) => Number(node.slice(1));
  const roomOf = (service) => arrangement().rooms.findIndex((room) => room.services.includes(service));
  const named = (node) => {
    if (node[0] === "s") return services[number(node)][1];
    if (node[0] === "p") return packages[number(node)].name;
    return arrangement().rooms[number(node)].title;
  };

  const shownKinds = () => KINDS.filter((kind) => one(`line-${kind}`).checked);

  // What is to be drawn: services and packages that touch what is chosen, or all.
  const kept = (lines) => {
    if (!chosen) return { services: new Set(services.keys()), packages: new Set(lines.map((line) => line[1])) };
    const at = number(chosen);
    if (chosen[0] === "p") return { services: new Set(lines.filter((line) => line[1] === at).map((line) => line[0])), packages: new Set([at]) };
    const own = new Set(chosen[0] === "s" ? [at] : arrangement().rooms[at]?.services);
    const touched = new Set(lines.filter((line) => own.has(line[0])).map((line) => line[1]));
    return { services: new Set([...own, ...lines.filter((line) => touched.has(line[1])).map((line) => line[0])]), packages: touched };
  };

  const stronger = (one, other) => (KINDS.indexOf(one) <= KINDS.indexOf(other) ? one : other);

  // The picture as lists: rooms with their visible services, packages, and bundled lines.
  const picture = () => {
    const kinds = shownKinds();
    const lines = edges[stance()].filter((line) => kinds.includes(line[2]));
    const keep = kept(lines);
    const home = new Map();
    const rooms = arrangement().rooms.flatMap((room, place) => {
      const inside = room.services.filter((service) => keep.services.has(service));
      if (!inside.length) return [];
      const closed = folded.has(place);
      for (const service of inside) home.set(service, closed ? key("r", place) : key("s", service));
      return [{ place, room, inside, closed }];
    });
    const bundles = new Map();
    for (const [service, item, kind] of lines) {
      if (!keep.services.has(service) || !keep.packages.has(item)) continue;
      const ends = `${home.get(service)} ${key("p", item)}`;
      const bundle = bundles.get(ends) ?? { kind, width: 0 };
      bundles.set(ends, { kind: stronger(bundle.kind, kind), width: bundle.width + 1 });
    }
    return { rooms, packages: arrangement().packages.filter((item) => keep.packages.has(item)), bundles };
  };

  // At most so many nodes: those with the most lines.
  const limited = (whole) => {
    const nodes = [...whole.rooms.flatMap(({ place, inside, closed }) => (closed ? [key("r", place)] : inside.map((service) => key("s", service)))), ...whole.packages.map((item) => key("p", item))];
    if (nodes.length <= DRAWN) return { drawn: new Set(nodes), left: 0 };
    const lines = new Map(nodes.map((node) => [node, 0]));
    for (const [ends, { width }] of whole.bundles) for (const end of ends.split(" ")) lines.set(end, lines.get(end) + width);
    const most = nodes.sort((a, b) => (b === chosen) - (a === chosen) || lines.get(b) - lines.get(a)).slice(0, DRAWN);
    return { drawn: new Set(most), left: nodes.length - DRAWN };
  };

  const elements = (whole, drawn, width) => {
    const room = Math.min(260, width * 0.3);
    const across = [room / 2 + 16, width / 2, width - room / 2 - 16];
    const down = [ROW, ROW, ROW];
    const found = [];
    for (const { place, room: { title, column, services: all }, inside, closed } of whole.rooms) {
      const id = key("r", place);
      const shown = inside.filter((service) => drawn.has(key("s", service)));
      if (closed ? !drawn.has(id) : !shown.length) continue;
      const name = closed ? `${title} · ${inside.length < all.length ? `${inside.length} of ` : ""}${amount(all.length, "service")}` : title;
      if (closed) {
        found.push({ data: { id, name, kind: "room", wide: room }, position: { x: across[column], y: down[column] } });
        down[column] += ROW + 8;
        continue;
      }
      found.push({ data: { id, name, kind: "open" } });
      down[column] += 6;
      for (const service of shown) {
        found.push({ data: { id: key("s", service), name: services[service][1], kind: "service", parent: id, wide: room }, position: { x: across[column], y: down[column] } });
        down[column] += ROW;
      }
      down[column] += GAP;
    }
    const middle = whole.packages.filter((item) => drawn.has(key("p", item)));
    const tall = Math.max(down[0], down[2], ROW * (middle.length + 1));
    middle.forEach((item, row) => {
      const y = (tall / (middle.length + 1)) * (row + 1);
      found.push({ data: { id: key("p", item), name: packages[item].name, kind: "package", wide: room * 0.8 }, position: { x: across[1], y } });
    });
    for (const [ends, { kind, width: lines }] of whole.bundles) {
      const [source, target] = ends.split(" ");
      if (drawn.has(source) && drawn.has(target)) found.push({ data: { id: ends, source, target, kind, thick: Math.min(6, 1 + lines) } });
    }
    return { found, tall: Math.ceil(tall) };
  };

  const looks = () => {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const text = { label: "data(name)", "font-family": "sans-serif", "font-size": 12, "min-zoomed-font-size": 4, color: color("ink"), "text-wrap": "ellipsis", "text-valign": "center", "text-halign": "center" };
    const box = { ...text, "text-max-width": (node) => node.data("wide") - 12, width: "data(wide)", height: 24 };
    return [
      { selector: "node", style: { "overlay-opacity": 0, "border-width": 1 } },
      { selector: "[kind = 'service']", style: { ...box, shape: "round-rectangle", "background-color": color("room"), "border-color": color("accent") } },
      { selector: "[kind = 'room']", style: { ...box, shape: "rectangle", height: 28, "background-color": color("room"), "border-width": 4, "border-style": "double", "border-color": color("accent") } },
      { selector: "[kind = 'open']", style: { ...text, "font-size": 11, color: color("soft"), "text-wrap": "none", shape: "rectangle", "text-valign": "top", "text-margin-y": -3, padding: 8, "background-opacity": 0, "border-color": color("soft"), "border-style": "dashed" } },
      { selector: "[kind = 'package']", style: { ...box, shape: "ellipse", height: 26, "background-color": color("wash"), "border-color": color("ink") } },
      { selector: "edge", style: { "curve-style": "straight", "source-endpoint": (edge) => (edge.source().position("x") < edge.target().position("x") ? "90deg" : "270deg"), "target-endpoint": (edge) => (edge.source().position("x") < edge.target().position("x") ? "270deg" : "90deg"), "overlay-opacity": 0, opacity: 0.75 } },
      { selector: "[kind = 'declared']", style: { "line-color": color("bad"), width: "data(thick)", "line-style": "solid" } },
      { selector: "[kind = 'locks']", style: { "line-color": color("lock"), width: "data(thick)", "line-style": "dashed", "line-dash-pattern": [7, 4] } },
      { selector: "[kind = 'needs']", style: { "line-color": color("soft"), width: 1.5, "line-style": "dotted" } },
      { selector: ".faint", style: { opacity: 0.15 } },
      { selector: ".here", style: { "border-width": 3, "border-color": color("ink") } },
    ];
  };

  const whole = () => {
    cy.zoom(1);
    cy.pan({ x: 0, y: 0 });
    cy.userPanningEnabled(false);
  };

  const nearer = (factor) => {
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    cy.userPanningEnabled(true);
  };

  const draw = () => {
    if (!cy) return;
    const [figure, box] = [document.querySelector(".drawing"), one("drawing")];
    const whole_ = picture();
    const { drawn, left } = limited(whole_);
    const { found, tall } = elements(whole_, drawn, figure.clientWidth);
    box.style.height = `${tall}px`;
    cy.resize();
    cy.json({ style: looks() });
    cy.elements().remove();
    cy.add(found);
    cy.getElementById(chosen).addClass("here");
    whole();
    const services = amount(new Set(whole_.rooms.flatMap(({ inside }) => inside)).size, "service");
    one("graph-tally").textContent = `${arrangement().title}: ${services} in ${amount(whole_.rooms.filter(({ room }) => room.housed).length, "container")}, ${amount(whole_.packages.length, "package")}`
      + (left ? `; the ${DRAWN} with the most lines are drawn, ${left} are not` : "");
    one("graph-fold").textContent = whole_.rooms.some(({ closed }) => !closed) ? "Collapse all" : "Expand all";
  };

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    return made;
  };

  const stroke = (kind) => {
    const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
    svg.setAttribute("class", "stroke");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("class", `line-${kind}`);
    path.setAttribute("d", "M0 6H36");
    svg.append(path);
    return svg;
  };

  const listed = (node, kind, note, link) => {
    const item = element("li", "");
    const button = element("button", named(node), { type: "button" });
    button.addEventListener("click", () => choose(node, true));
    item.append(stroke(kind), button, element("span", [WORDS[kind], note].filter(Boolean).join("; ")));
    if (link) item.append(element("a", "its conflicts", { href: link }));
    return item;
  };

  const conflictsOf = (service, item) => {
    const query = { service: services[service][0], ...(packages[item].group ? { package: packages[item].group } : { search: packages[item].name }) };
    return `#conflicts?${new URLSearchParams({ ...query, ...(stance() === "relocked" && { stance: "relocked" }) })}`;
  };

  const others = (item, service) => {
    const { declared, locks } = packages[item].ties[stance()];
    const names = [...declared, ...locks].filter((other) => other !== service && roomOf(other) !== roomOf(service)).map((other) => services[other][1]);
    return names.length ? `others: ${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}` : "";
  };

  const neighbours = () => {
    const at = number(chosen);
    const lines = edges[stance()];
    const rank = (kind) => KINDS.indexOf(kind);
    const sorted = (found) => found.sort((a, b) => rank(a[2]) - rank(b[2]) || a[0] - b[0] || a[1] - b[1]);
    if (chosen[0] === "p") return sorted(lines.filter((line) => line[1] === at)).map(([service, , kind]) => [key("s", service), kind, arrangement().rooms[roomOf(service)].title, kind !== "needs" && conflictsOf(service, at)]);
    if (chosen[0] === "s") return sorted(lines.filter((line) => line[0] === at)).map(([, item, kind]) => [key("p", item), kind, kind !== "needs" && others(item, at), kind !== "needs" && conflictsOf(at, item)]);
    const own = new Set(arrangement().rooms[at].services);
    const best = new Map();
    for (const [service, item, kind] of lines) if (own.has(service)) best.set(item, stronger(best.get(item) ?? kind, kind));
    return sorted([...best].map(([item, kind]) => [at, item, kind])).map(([, item, kind]) => [key("p", item), kind, "", ""]);
  };

  const tell = () => {
    const place = one("neighbours");
    place.hidden = !chosen;
    place.replaceChildren();
    if (!chosen) return;
    const found = neighbours();
    place.append(element("h3", `What touches ${named(chosen)}`));
    if (chosen[0] === "s") {
      const home = roomOf(number(chosen));
      const where = element("p", "", { class: "hint" });
      const room = element("button", named(key("r", home)), { type: "button" });
      room.addEventListener("click", () => choose(key("r", home), true));
      where.append("It is in ", room, "; ", element("a", "what is known of it", { href: `#${services[number(chosen)][0]}` }));
      place.append(where);
    }
    if (chosen[0] === "r") {
      const fold = element("button", folded.has(number(chosen)) ? "Expand it" : "Collapse it", { type: "button", id: "fold-this" });
      fold.addEventListener("click", () => { toggle(number(chosen)); one("fold-this")?.focus(); });
      const inside = arrangement().rooms[number(chosen)].services.slice(0, TOLD).map((service) => {
        const button = element("button", services[service][1], { type: "button" });
        button.addEventListener("click", () => choose(key("s", service), true));
        return button;
      });
      const line = element("p", "");
      line.append(fold, " ", ...inside.flatMap((button) => [button, " "]));
      place.append(line);
    }
    const list = element("ul", "");
    list.append(...found.slice(0, TOLD).map((item) => listed(...item)));
    place.append(found.length ? list : element("p", "No package that anything clashes over.", { class: "none" }));
    if (found.length > TOLD) place.append(element("p", `and ${found.length - TOLD} more`, { class: "hint" }));
  };

  const toggle = (room) => {
    if (!folded.delete(room)) folded.add(room);
    draw();
    tell();
  };

  const remember = () => {
    if (chosen || location.hash.startsWith("#graph?")) history.replaceState(null, "", chosen ? `#graph?at=${chosen}` : "#graph");
  };

  const choose = (node, listed_) => {
    chosen = node;
    one("graph-at").value = node;
    draw();
    tell();
    remember();
    if (listed_) one("neighbours").querySelector("h3").scrollIntoView({ block: "nearest" });
  };

  const entries = () => {
    const group = (label, nodes) => {
      const made = element("optgroup", "", { label });
      made.append(...nodes.map((node) => element("option", named(node), { value: node })));
      return nodes.length ? [made] : [];
    };
    const byName = (a, b) => (named(a) < named(b) ? -1 : 1);
    one("graph-at").replaceChildren(
      element("option", "everything", { value: "" }),
      ...group("Packages", [...packages.keys()].map((item) => key("p", item)).sort(byName)),
      ...group("Services", [...services.keys()].map((item) => key("s", item))),
      ...group("Containers", arrangement().rooms.map((_, place) => key("r", place))),
    );
    one("graph-at").value = chosen;
  };

  const begin = () => {
    const nodes = arrangement().rooms.reduce((sum, room) => sum + room.services.length, packages.length);
    folded.clear();
    if (nodes > FOLDED) for (const place of arrangement().rooms.keys()) folded.add(place);
  };

  const rearranged = () => {
    if (chosen[0] === "r") chosen = "";
    begin();
    entries();
    draw();
    tell();
  };

  const hover = (event) => {
    const near = event.target.closedNeighborhood();
    cy.elements("node[kind != 'open'], edge").difference(near).addClass("faint");
  };

  const open = () => {
    // Cytoscape adds a style element, which the page's policy refuses, unless one of this name is there.
    document.body.append(element("template", "", { id: "__________cytoscape_stylesheet" }));
    document.querySelector(".drawing").hidden = false;
    cy = cytoscape({ container: one("drawing"), layout: { name: "preset" }, autoungrabify: true, boxSelectionEnabled: false, userZoomingEnabled: false, userPanningEnabled: false, selectionType: "single", autounselectify: true });
    cy.on("tap", "node", (event) => {
      const node = event.target.id();
      choose(node);
    });
    cy.on("dbltap", "[kind = 'room'], [kind = 'open']", (event) => toggle(number(event.target.id())));
    cy.on("mouseover", "node[kind != 'open']", hover);
    cy.on("mouseout", "node", () => cy.elements().removeClass("faint"));
    draw();
  };

  const recall = () => {
    const [anchor, query] = location.hash.slice(1).split("?");
    const node = anchor === "graph" && new URLSearchParams(query).get("at");
    if (!node || ![...one("graph-at").options].some((option) => option.value === node)) return;
    choose(node);
    one("graph").scrollIntoView();
  };

  const listen = () => {
    document.querySelector(".graph-tools").hidden = false;
    document.querySelector(".graph-tools").addEventListener("submit", (event) => event.preventDefault());
    document.querySelector("#graph .noscript").remove();
    one("graph-at").addEventListener("change", () => choose(one("graph-at").value));
    for (const kind of KINDS) one(`line-${kind}`).addEventListener("change", draw);
    for (const radio of document.querySelectorAll("[name=stance]")) radio.addEventListener("change", rearranged);
    one("graph-fold").addEventListener("click", () => {
      const fold = one("graph-fold").textContent === "Collapse all";
      for (const place of arrangement().rooms.keys()) folded[fold ? "add" : "delete"](place);
      draw();
    });
    one("graph-nearer").addEventListener("click", () => nearer(1.4));
    one("graph-farther").addEventListener("click", () => nearer(1 / 1.4));
    one("graph-whole").addEventListener("click", whole);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    addEventListener("resize", draw);
    addEventListener("hashchange", recall);
  };

  if (!packages.length) {
    document.querySelector("#graph .noscript").textContent = "Nothing clashes: there is nothing to draw.";
    return;
  }
  begin();
  entries();
  listen();
  new IntersectionObserver((seen, watch) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    open();
  }, { rootMargin: "50%" }).observe(one("graph"));
  addEventListener("beforeprint", () => cy ?? open());
  recall();
})();
