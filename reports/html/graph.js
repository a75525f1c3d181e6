"use strict";
(() => {
  const one = (id) => document.getElementById(id);
  const { services, packages, stances } = JSON.parse(one("graph-data").textContent);
  const KINDS = ["declared", "locks", "needs"];
  const WORDS = { declared: "clash as declared", locks: "clash in locks only", needs: "needed, no clash" };
  const ROW = 34; // Pixels from one row to the next.
  const GAP = 26; // Pixels more between containers.
  const EDGE = 12; // Pixels of a container's side that one more line makes it taller by, at most.
  const NARROW = 600; // Pixels of width.
  const DRAWN = 300; // Nodes drawn at most.
  const LINES = 150; // Lines drawn at most, those of what is chosen apart.
  const LABELS = 60; // Lines up to which each has its number beside it.
  const FOLDED = 150; // Nodes beyond which containers begin collapsed.
  const TOLD = 60; // Neighbours listed of each kind.
  const FEW = 4; // Names in a tip.

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
  const roomsOf = (service) => arrangement().rooms.flatMap((room, place) => (room.services.includes(service) ? [place] : []));
  const named = (node) => {
    if (node[0] === "p") return packages[number(node)].name;
    if (node[0] === "r") return arrangement().rooms[number(node)].title;
    const replicas = roomsOf(number(node)).length;
    return services[number(node)][1] + (replicas > 1 ? ` ×${replicas}` : "");
  };
  const few = (names) => names.slice(0, FEW).join(", ") + (names.length > FEW ? ` and ${names.length - FEW} more` : "");

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

  const stronger = (first, second) => (KINDS.indexOf(first) <= KINDS.indexOf(second) ? first : second);

  // The picture as lists: rooms with their visible services, packages, and bundled lines. A service is drawn in each of its rooms.
  const picture = () => {
    const kinds = shownKinds();
    const lines = edges[stance()].filter((line) => kinds.includes(line[2]));
    const keep = kept(lines);
    const homes = new Map();
    const rooms = arrangement().rooms.flatMap((room, place) => {
      const inside = room.services.filter((service) => keep.services.has(service));
      if (!inside.length) return [];
      const closed = folded.has(place);
      for (const service of inside) homes.set(service, [...(homes.get(service) ?? []), closed ? key("r", place) : tenant(service, place)]);
      return [{ place, room, inside, closed }];
    });
    const bundles = new Map();
    for (const [service, item, kind] of lines) {
      if (!keep.services.has(service) || !keep.packages.has(item)) continue;
      for (const home of homes.get(service)) {
        const [source, target] = [home, key("p", item)];
        const bundle = bundles.get(`${source} ${target}`) ?? { source, target, kind, who: [] };
        bundles.set(`${source} ${target}`, { ...bundle, kind: stronger(bundle.kind, kind), who: [...bundle.who, service] });
      }
    }
    return { rooms, packages: arrangement().packages.filter((item) => keep.packages.has(item)), bundles: [...bundles.values()] };
  };

  const tenant = (service, place) => `${key("s", service)}${key("r", place)}`;
  const isChosen = (id) => chosen !== "" && (id === chosen || id.startsWith(`${chosen}r`));

  // At most so many nodes: those with the most lines.
  const limited = (whole) => {
    const nodes = [...whole.rooms.flatMap(({ place, inside, closed }) => (closed ? [key("r", place)] : inside.map((service) => tenant(service, place)))), ...whole.packages.map((item) => key("p", item))];
    if (nodes.length <= DRAWN) return { drawn: new Set(nodes), left: 0 };
    const lines = new Map(nodes.map((node) => [node, 0]));
    for (const { source, target, who } of whole.bundles) for (const end of [source, target]) lines.set(end, lines.get(end) + who.length);
    const most = nodes.sort((a, b) => isChosen(b) - isChosen(a) || lines.get(b) - lines.get(a)).slice(0, DRAWN);
    return { drawn: new Set(most), left: nodes.length - DRAWN };
  };

  // At most so many lines: the strongest of each node first, then the strongest of all.
  const strongest = (bundles) => {
    const rank = ({ kind, who }) => KINDS.indexOf(kind) * services.length - who.length;
    const sorted = bundles.toSorted((a, b) => rank(a) - rank(b));
    const own = ({ source, target }) => isChosen(source) || isChosen(target);
    const met = new Set();
    const needed = new Set(sorted.filter((line) => {
      const fresh = own(line) || !met.has(line.source) || !met.has(line.target);
      met.add(line.source).add(line.target);
      return fresh;
    }));
    const rest = sorted.filter((line) => !needed.has(line));
    return [...needed, ...rest.slice(0, Math.max(0, LINES - needed.size))];
  };

  // Both sides are drawn as tall as the tallest column, and lines leave a box side by side in the order of where they lead.
  const elements = ({ rooms, packages: items }, drawn, bundles, width) => {
    // A narrow window needs what there is for the lines.
    const [room, middling, margin] = width < NARROW ? [width * 0.24, width * 0.24, 10] : [Math.min(260, width * 0.3), Math.min(208, width * 0.24), 16];
    const across = [room / 2 + margin, width / 2, width - room / 2 - margin];
    const ends = new Map();
    for (const { source } of bundles) ends.set(source, (ends.get(source) ?? 0) + 1);
    const blocks = rooms.flatMap(({ place, room: { title, column, services: all }, inside, closed }) => {
      const shown = closed ? [] : inside.filter((service) => drawn.has(tenant(service, place)));
      if (closed ? !drawn.has(key("r", place)) : !shown.length) return [];
      const told = closed ? `${title} · ${inside.length < all.length ? `${inside.length} of ` : ""}${amount(all.length, "service")}` : title;
      return [{ id: key("r", place), told, column, shown, closed, height: closed ? ROW + 8 : ROW * shown.length + GAP + 6 }];
    });
    const sums = [0, 2].map((column) => blocks.filter((block) => block.column === column).reduce((sum, { height }) => sum + height, 0));
    const middle = items.filter((item) => drawn.has(key("p", item)));
    const tall = Math.max(...sums, ROW * middle.length) + ROW;
    const spare = Object.fromEntries([0, 2].map((column, at) => [column, (tall - ROW - sums[at]) / blocks.filter((block) => block.column === column).length]));
    const found = [];
    const down = { 0: ROW / 2, 2: ROW / 2 };
    for (const { id, told, column, shown, closed, height } of blocks) {
      const top = down[column] + spare[column] / 2;
      down[column] += height + spare[column];
      if (closed) {
        const high = (width < NARROW ? 40 : 28) + Math.max(0, Math.min(spare[column] * 0.7, EDGE * ((ends.get(id) ?? 1) - 1)));
        found.push({ data: { id, key: id, name: told, kind: "room", wide: room, high }, position: { x: across[column], y: top + height / 2 } });
        continue;
      }
      found.push({ data: { id, key: id, name: told, kind: "open" } });
      shown.forEach((service, row) => found.push({
        data: { id: tenant(service, number(id)), key: key("s", service), name: named(key("s", service)), kind: "service", parent: id, wide: room, high: 24 },
        position: { x: across[column], y: top + GAP / 2 + 6 + ROW * (row + 0.5) },
      }));
    }
    middle.forEach((item, row) => {
      const y = (tall / (middle.length + 1)) * (row + 1);
      found.push({ data: { id: key("p", item), key: key("p", item), name: packages[item].name, kind: "package", wide: middling }, position: { x: across[1], y } });
    });
    return { found: [...found, ...strokes(found, bundles)], tall: Math.ceil(tall) };
  };

  const strokes = (nodes, bundles) => {
    const places = new Map(nodes.filter((node) => node.position).map((node) => [node.data.id, node]));
    const leaving = new Map();
    for (const line of bundles) leaving.set(line.source, [...(leaving.get(line.source) ?? []), line]);
    return [...leaving].flatMap(([source, lines]) => {
      const { data: { high }, position: { x } } = places.get(source);
      const sorted = lines.toSorted((a, b) => places.get(a.target).position.y - places.get(b.target).position.y);
      return sorted.map(({ target, kind, who }, at) => {
        const side = x < places.get(target).position.x ? 50 : -50;
        const from = `${side}% ${((at + 0.5) / sorted.length - 0.5) * (high - 8)}px`;
        const data = { id: `${source} ${target}`, source, target, kind, who, from, to: `${-side}% 0px`, thick: 1.4 + Math.log2(who.length) * 0.6, label: who.length > 1 ? String(who.length) : "" };
        return { data, classes: bundles.length > LABELS ? "many" : "counted" };
      });
    });
  };

  const looks = () => {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const text = { label: "data(name)", "font-family": "sans-serif", "font-size": 12, "min-zoomed-font-size": 4, color: color("ink"), "text-wrap": "ellipsis", "text-valign": "center", "text-halign": "center" };
    const box = { ...text, "text-max-width": (node) => Math.max(12, node.data("wide") - 12), width: "data(wide)", height: 24 };
    return [
      { selector: "node", style: { "overlay-opacity": 0, "border-width": 1 } },
      { selector: "[kind = 'service']", style: { ...box, shape: "round-rectangle", "background-color": color("room"), "border-color": color("accent") } },
      { selector: "[kind = 'room']", style: { ...box, "text-wrap": "wrap", shape: "rectangle", height: "data(high)", "background-color": color("room"), "border-width": 4, "border-style": "double", "border-color": color("accent") } },
      { selector: "[kind = 'open']", style: { ...text, "font-size": 11, color: color("soft"), "text-wrap": "none", shape: "rectangle", "text-valign": "top", "text-margin-y": -3, padding: 8, "background-opacity": 0, "border-color": color("soft"), "border-style": "dashed" } },
      { selector: "[kind = 'package']", style: { ...box, shape: "ellipse", height: 26, "background-color": color("wash"), "border-color": color("ink") } },
      { selector: "edge", style: { "curve-style": "straight", "source-endpoint": (edge) => edge.data("from"), "target-endpoint": (edge) => edge.data("to"), width: "data(thick)", "overlay-opacity": 0, "overlay-padding": 4, opacity: 0.8 } },
      { selector: "edge.many", style: { opacity: 0.6 } },
      { selector: "edge.counted, edge.near", style: { label: "data(label)", "font-family": "sans-serif", "font-size": 11, color: color("ink"), "text-background-color": color("card"), "text-background-opacity": 1, "text-background-padding": 1, "source-text-offset": 30, opacity: 0.9 } },
      { selector: "[kind = 'declared']", style: { "line-color": color("bad"), "line-style": "solid" } },
      { selector: "[kind = 'locks']", style: { "line-color": color("lock"), "line-style": "dashed", "line-dash-pattern": [7, 4] } },
      { selector: "[kind = 'needs']", style: { "line-color": color("soft"), "line-style": "dotted" } },
      { selector: ".faint", style: { opacity: 0.12, "text-opacity": 0 } },
      { selector: "node.faint", style: { opacity: 0.3, "text-opacity": 1 } },
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
    const [figure, box] = [document.querySelector(".drawing"), one("drawing")];
    const shown = picture();
    const { drawn, left } = limited(shown);
    const lines = shown.bundles.filter(({ source, target }) => drawn.has(source) && drawn.has(target));
    const bundles = lines.length > LINES ? strongest(lines) : lines;
    const { found, tall } = elements(shown, drawn, bundles, figure.clientWidth);
    box.style.height = `${tall}px`;
    count(shown, left, bundles.length, lines.length);
    if (!cy) return;
    tip.hidden = true;
    cy.resize();
    cy.json({ style: looks() });
    cy.elements().remove();
    cy.add(found);
    cy.nodes().filter((node) => node.data("key") === chosen).addClass("here");
    whole();
  };

  const count = ({ rooms, packages: items }, left, drawn, lines) => {
    const inside = amount(new Set(rooms.flatMap((room) => room.inside)).size, "service");
    one("graph-tally").textContent = `${arrangement().title}: ${inside} in ${amount(rooms.filter(({ room }) => room.housed).length, "container")}, ${amount(items.length, "package")}`
      + (left ? `; the ${DRAWN} with the most lines are drawn, ${left} are not` : "")
      + (drawn < lines ? `; of ${lines} lines the ${drawn} strongest are drawn: choose one of their ends to see all that it has` : "");
    one("graph-fold").textContent = rooms.some(({ closed }) => !closed) ? "Collapse all" : "Expand all";
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

  const button = (node) => {
    const made = element("button", named(node), { type: "button" });
    made.addEventListener("click", () => choose(node, true));
    return made;
  };

  const listed = (node, kind, note, link) => {
    const item = element("li", "");
    item.append(stroke(kind), button(node), element("span", [WORDS[kind], note].filter(Boolean).join("; ")));
    if (link) item.append(element("a", "its conflicts", { href: link }));
    return item;
  };

  const relocked = () => (stance() === "relocked" ? { stance: "relocked" } : {});

  const conflictsOf = (service, item) => {
    const { group, name } = packages[item];
    return `#conflicts?${new URLSearchParams({ service: services[service][1], ...(group ? { package: group } : { search: name }), ...relocked() })}`;
  };

  const apart = (first, second) => !roomsOf(first).some((room) => roomsOf(second).includes(room));

  const others = (item, service) => {
    const { declared, locks } = packages[item].ties[stance()];
    const names = [...declared, ...locks].filter((other) => other !== service && apart(service, other)).map((other) => services[other][1]);
    return names.length ? `others: ${few(names)}` : "";
  };

  const titles = (service) => roomsOf(service).map((room) => named(key("r", room)));

  const neighbours = () => {
    const at = number(chosen);
    const lines = edges[stance()];
    const rank = (kind) => KINDS.indexOf(kind);
    const sorted = (found) => found.sort((a, b) => rank(a[2]) - rank(b[2]) || a[0] - b[0] || a[1] - b[1]);
    if (chosen[0] === "p") return sorted(lines.filter((line) => line[1] === at)).map(([service, , kind]) => [key("s", service), kind, few(titles(service)), kind !== "needs" && conflictsOf(service, at)]);
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
      const where = element("p", "", { class: "hint" });
      const homes = roomsOf(number(chosen)).map((room) => button(key("r", room)));
      where.append(homes.length > 1 ? `It has ${homes.length} replicas, in ` : "It is in ", ...homes.flatMap((home) => [home, " "]), element("a", "What is known of it", { href: `#${services[number(chosen)][0]}` }));
      place.append(where);
    }
    if (chosen[0] === "r") {
      const fold = element("button", folded.has(number(chosen)) ? "Expand it" : "Collapse it", { type: "button", id: "fold-this" });
      fold.addEventListener("click", () => { toggle(number(chosen)); one("fold-this")?.focus(); });
      const all = arrangement().rooms[number(chosen)].services;
      const inside = all.slice(0, TOLD).map((service) => button(key("s", service)));
      const line = element("p", "");
      line.append(fold, " ", ...inside.flatMap((found) => [found, " "]), all.length > TOLD ? `and ${all.length - TOLD} more` : "");
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

  // A link names what it is about, never a position, which another report gives to something else. A container is that of one of its services, of one with replicas the so many-th.
  const address = () => {
    const at = number(chosen);
    if (chosen[0] === "s") return { service: services[at][1] };
    if (chosen[0] === "p") return { package: packages[at].address };
    const inside = arrangement().rooms[at].services;
    const service = inside.find((each) => roomsOf(each)[0] === at) ?? inside[0];
    const replica = roomsOf(service).indexOf(at) + 1;
    return { "container-of": services[service][1], ...(replica > 1 && { replica }) };
  };

  const addressed = (query) => {
    const serviceOf = (name) => services.findIndex((service) => service[1] === query.get(name));
    const [service, item, housed] = [serviceOf("service"), packages.findIndex((other) => other.address === query.get("package")), serviceOf("container-of")];
    if (service >= 0) return key("s", service);
    if (item >= 0) return key("p", item);
    const homes = housed < 0 ? [] : roomsOf(housed);
    return homes.length ? key("r", homes[Number(query.get("replica") ?? 1) - 1] ?? homes[0]) : "";
  };

  const remember = () => {
    if (chosen || location.hash.startsWith("#graph?")) history.replaceState(null, "", chosen ? `#graph?${new URLSearchParams({ ...address(), ...relocked() })}` : "#graph");
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
    if (location.hash.startsWith("#graph?")) remember();
  };

  const tip = element("div", "", { class: "tip", "aria-hidden": "true" });
  tip.hidden = true;

  const about = (item) => {
    const kind = item.data("kind");
    if (item.isEdge()) {
      const who = item.data("who");
      return `${packages[number(item.data("target"))].name}: ${WORDS[kind]}, ${few(who.map((service) => services[service][1]))}`;
    }
    const at = number(item.data("key"));
    if (kind === "package") {
      const { declared, locks } = packages[at].ties[stance()];
      return `${named(item.data("key"))}: contested by ${amount(declared.length, "service")} as declared, by ${locks.length} in locks only`;
    }
    if (kind === "service") return `${named(item.data("key"))}, in ${few(titles(at))}; clashes over ${amount(edges[stance()].filter((line) => line[0] === at && line[2] !== "needs").length, "package")}`;
    return `${named(item.data("key"))}: ${few(arrangement().rooms[at].services.map((service) => services[service][1]))}`;
  };

  const follow = ({ clientX, clientY }) => {
    tip.style.left = `${Math.max(4, Math.min(clientX + 14, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${clientY + 18 + tip.offsetHeight > innerHeight ? clientY - tip.offsetHeight - 10 : clientY + 18}px`;
  };

  const hover = ({ target, originalEvent }) => {
    const near = target.isEdge() ? target.union(target.connectedNodes()) : target.isParent() ? target.children().closedNeighborhood() : target.closedNeighborhood();
    cy.elements("node[kind != 'open'], edge").difference(near).addClass("faint");
    near.edges().addClass("near");
    tip.textContent = about(target);
    tip.hidden = false;
    follow(originalEvent);
  };

  const leave = () => {
    cy.elements().removeClass("faint near");
    tip.hidden = true;
  };

  const open = () => {
    // Cytoscape adds a style element, which the page's policy refuses, unless one of this name is there.
    document.body.append(element("template", "", { id: "__________cytoscape_stylesheet" }), tip);
    cy = cytoscape({ container: one("drawing"), layout: { name: "preset" }, autoungrabify: true, boxSelectionEnabled: false, userZoomingEnabled: false, userPanningEnabled: false, selectionType: "single", autounselectify: true });
    cy.on("tap", "[kind = 'service'], [kind = 'package']", (event) => choose(event.target.data("key")));
    cy.on("onetap", "[kind = 'room'], [kind = 'open']", (event) => choose(event.target.data("key")));
    cy.on("dbltap", "[kind = 'room'], [kind = 'open']", (event) => toggle(number(event.target.data("key"))));
    cy.on("mouseover", "node, edge", hover);
    cy.on("mousemove", "node, edge", (event) => follow(event.originalEvent));
    cy.on("mouseout", "node, edge", leave);
    one("drawing").addEventListener("pointerleave", leave);
    draw();
  };

  const recall = () => {
    const [anchor, query] = location.hash.slice(1).split("?");
    if (anchor !== "graph" || !query) return;
    const asked = new URLSearchParams(query);
    if (Object.hasOwn(stances, asked.get("stance"))) one(`stance-${asked.get("stance")}`).click();
    const node = addressed(asked);
    if (node) choose(node);
  };

  const listen = () => {
    document.querySelector(".graph-tools").hidden = document.querySelector(".drawing").hidden = false;
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
  draw();
  new IntersectionObserver((seen, watch) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    open();
  }, { rootMargin: "50%" }).observe(one("graph"));
  addEventListener("beforeprint", () => cy ?? open());
  addEventListener("load", recall);
})();
