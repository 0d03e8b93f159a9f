// The live map of a case: airspaces coloured by answer, routes, entries; a globe or flat. Nothing comes from elsewhere.
const place = document.getElementById("map");
const figure = place?.closest("figure");
const said = document.getElementById("map-said");
const tools = document.getElementById("map-tools");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const dark = matchMedia("(prefers-color-scheme: dark)");
const fonts = ["Inter", "Helvetica Neue", "Arial", "Liberation Sans", "sans-serif"];
const none = { type: "FeatureCollection", features: [] };
const colours = () => {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
};

const drawn = () => figure?.classList.add("nolive");

const canDraw = () => {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
};

// A small tile of a pattern: lines one way, both ways, or upright.
const tile = (kind, colour) => {
  const size = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour;
  pen.lineWidth = kind === "both" ? 1.6 : 2.4;
  const line = (a, b, c, d) => {
    pen.beginPath();
    pen.moveTo(a, b);
    pen.lineTo(c, d);
    pen.stroke();
  };
  for (const shift of [-size, 0, size]) {
    if (kind !== "upright") line(shift - 2, size + 2, shift + size + 2, -2);
    if (kind !== "upright") line(shift - 2 + size / 2, size + 2, shift + size + 2 + size / 2, -2);
    if (kind === "both") line(shift - 2, -2, shift + size + 2, size + 2);
    if (kind === "both") line(shift - 2 + size / 2, -2, shift + size + 2 + size / 2, size + 2);
    if (kind === "upright") line(shift + 4, -2, shift + 4, size + 2);
    if (kind === "upright") line(shift + 12, -2, shift + 12, size + 2);
  }
  return pen.getImageData(0, 0, size, size);
};

const graticule = () => {
  const lines = [];
  for (let lon = -180; lon < 180; lon += 20) lines.push(Array.from({ length: 81 }, (_, n) => [lon, n * 2 - 80]));
  for (let lat = -60; lat <= 80; lat += 20) lines.push(Array.from({ length: 121 }, (_, n) => [n * 3 - 180, lat]));
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
};

// Ways that none of the states lies on that are supposed to refuse.
const open = () => ["!", ["any", false, ...chosen().map((code) => ["in", `,${code},`, ["get", "codes"]])]];
const supposedly = (value) => ["case", ["boolean", ["feature-state", "supposed"], false], value, 0];
const standing = (key) => Object.keys(state.about).filter((code) => state.about[code].standing === key);
const within = (codes) => ["in", ["get", "state"], ["literal", codes]];
const of = (style) => ["==", ["get", "style"], style];
const state = { about: {}, world: null, flight: none, map: null, hover: null, supposed: new Set() };

const layers = () => {
  const c = colours();
  const fill = (id, codes, colour, opacity) => ({ id, type: "fill", source: "states", filter: within(codes), paint: { "fill-color": colour, "fill-opacity": opacity } });
  const pattern = (id, codes, image, opacity = 1) => ({ id, type: "fill", source: "states", filter: within(codes), paint: { "fill-pattern": image, "fill-opacity": opacity } });
  const line = (id, source, colour, width, more = {}) => ({ id, type: "line", source, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": colour, "line-width": width, ...more } });
  // Of lines as thin as these no round corner is to be seen, and each costs as much as the line itself.
  const thin = (...given) => ({ ...line(...given), layout: {} });
  const text = (size, colour, halo = 1.6) => ({ paint: { "text-color": colour, "text-halo-color": c("map-halo"), "text-halo-width": halo }, size });
  const main = Object.keys(state.about).filter((code) => state.about[code].on_line || state.about[code].standing !== "never");
  const left = open();
  return [
    { id: "sea", type: "background", paint: { "background-color": c("map-sea") } },
    thin("grid", "grid", c("map-grid"), 0.7),
    { id: "land", type: "fill", source: "land", paint: { "fill-color": c("map-land"), "fill-antialias": true } },
    fill("hit", Object.keys(state.names ?? {}), c("map-land"), 0),
    fill("on-line", standing("never").filter((code) => state.about[code].on_line).concat(standing("ends")), c("map-line"), 0.75),
    fill("asked", standing("asked"), c("state-asked"), 0.72),
    fill("unsettled", standing("unsettled"), c("state-unsettled"), 0.8),
    fill("stale-ground", standing("stale"), c("map-line"), 0.75),
    fill("allowed", standing("allowed"), c("state-allowed"), 0.7),
    fill("shut-ground", [...standing("refused"), ...standing("landing")], c("state-refused"), 0.16),
    pattern("stale", standing("stale"), "upright", 0.75),
    pattern("landing", standing("landing"), "both", 0.8),
    pattern("refused", standing("refused"), "hatch", 0.85),
    { id: "supposed", type: "fill", source: "states", paint: { "fill-pattern": "supposed", "fill-opacity": supposedly(0.7) } },
    { id: "disputed", type: "fill", source: "disputed", paint: { "fill-pattern": "dispute", "fill-opacity": 0.45 } },
    thin("limits", "limits", c("map-limit"), 0.8),
    thin("coast", "land", c("map-coast"), ["interpolate", ["linear"], ["zoom"], 1, 0.4, 5, 0.9]),
    thin("borders", "borders", c("map-border"), ["interpolate", ["linear"], ["zoom"], 1, 0.5, 5, 1.2]),
    thin("contested", "contested", c("map-border"), 1, { "line-dasharray": [3, 2] }),
    line("supposed-line", "states", c("map-supposed"), supposedly(2.2)),
    line("hover", "states", c("map-name-main"), ["case", ["boolean", ["feature-state", "near"], false], 2, 0], { "line-opacity": state.hover ? 1 : 0 }),
    { ...line("band", "flight", c("map-route"), ["interpolate", ["linear"], ["zoom"], 1, 3, 6, 13], { "line-opacity": 0.055, "line-blur": 2 }), filter: of("band"), layout: { "line-join": "round", visibility: shows("band") } },
    { ...line("ways", "flight", c("map-way"), 1.9, { "line-dasharray": [3, 2] }), filter: ["all", of("alternative"), left], layout: { visibility: shows("ways") } },
    { ...line("ways-gone", "flight", c("map-way"), 1.2, { "line-dasharray": [1, 3], "line-opacity": 0.55 }), filter: ["all", of("alternative"), ["!", left]], layout: { visibility: shows("ways") } },
    { ...line("route-halo", "flight", c("map-halo"), 5, { "line-opacity": 0.7 }), filter: of("route") },
    { ...line("route", "flight", c("map-route"), 2.8), filter: of("route") },
    { id: "points", type: "circle", source: "flight", filter: of("entry"), paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 1, 1.5, 4, 3.2], "circle-color": c("map-route"), "circle-stroke-color": c("map-halo"), "circle-stroke-width": 1.2 } },
    { id: "stops", type: "circle", source: "flight", filter: of("stop"), paint: { "circle-radius": 5, "circle-color": c("map-name-main"), "circle-stroke-color": c("map-halo"), "circle-stroke-width": 2 } },
    { id: "names", type: "symbol", source: "labels", filter: ["!", within(main)], layout: { "text-field": ["get", "name"], "text-font": fonts, "text-size": ["interpolate", ["linear"], ["zoom"], 1, 9, 5, 12.5], "text-max-width": 7, "symbol-sort-key": ["-", 0, ["get", "size"]], "text-padding": 6 }, paint: text(11, c("map-name")).paint, minzoom: 1.6 },
    { id: "names-main", type: "symbol", source: "labels", filter: within(main), layout: { "text-field": ["get", "words"], "text-font": fonts.map((font) => (font === "sans-serif" ? font : `${font} Bold`)), "text-size": ["interpolate", ["linear"], ["zoom"], 1, 10.5, 5, 14], "text-max-width": 9, "text-padding": 3, "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 0.6 }, paint: text(13, c("map-name-main"), 1.9).paint },
    { id: "letters", type: "symbol", source: "flight", filter: ["all", of("alternative"), left], layout: { "symbol-placement": "line-center", "text-field": ["concat", ["get", "letter"], "  ", ["number-format", ["round", ["get", "km"]], {}], " km"], "text-font": fonts.map((font) => (font === "sans-serif" ? font : `${font} Bold`)), "text-size": 12, "text-rotation-alignment": "viewport", visibility: shows("ways") }, paint: text(12, c("map-way"), 2.2).paint },
    { id: "numbers", type: "symbol", source: "flight", filter: of("entry"), layout: { "text-field": ["to-string", ["get", "number"]], "text-font": fonts, "text-size": 11.5, "text-variable-anchor": ["bottom", "top", "left", "right"], "text-radial-offset": 0.55, "symbol-sort-key": ["get", "number"], "text-padding": 1 }, paint: text(11, c("map-route"), 1.8).paint },
    { id: "stop-names", type: "symbol", source: "flight", filter: of("stop"), layout: { "text-field": ["get", "name"], "text-font": fonts.map((font) => (font === "sans-serif" ? font : `${font} Bold`)), "text-size": 13, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.8, "text-allow-overlap": true }, paint: text(13, c("map-name-main"), 2).paint },
  ];
};

const shows = (kind) => (tools?.querySelector(`[data-map=${kind}]`)?.getAttribute("aria-pressed") === "false" ? "none" : "visible");
const chosen = () => [...document.querySelectorAll("#suppose input[name=refuse]:checked")].map((box) => box.value);

const sources = () => {
  const data = (found) => ({ type: "geojson", data: found });
  const labels = structuredClone(state.world.labels);
  for (const one of labels.features) {
    const about = state.about[one.properties.state];
    const told = about && !["never", "ends"].includes(about.standing);
    one.properties.words = told ? `${one.properties.name}\n(${state.legend[about.standing].split(",")[0]})` : one.properties.name;
  }
  return {
    land: { ...data(state.world.land), tolerance: 0.8 },
    states: { ...data(state.world.states), promoteId: "state", tolerance: 0.5 },
    disputed: data(state.world.disputed),
    borders: data(state.world.borders),
    contested: data(state.world.contested),
    limits: data(state.world.limits),
    labels: data(labels),
    grid: data(graticule()),
    flight: data(state.flight),
  };
};

const projection = () => (tools.querySelector("[data-map=globe]").getAttribute("aria-pressed") === "true" ? "globe" : "mercator");
const style = () => ({ version: 8, projection: { type: projection() }, sources: sources(), layers: layers() });

const images = () => {
  const c = colours();
  const want = { hatch: tile("one", c("state-refused")), both: tile("both", c("state-landing")), upright: tile("upright", c("state-stale")), dispute: tile("upright", c("map-dispute")), supposed: tile("one", c("map-supposed")) };
  for (const [name, image] of Object.entries(want)) {
    if (state.map.hasImage(name)) state.map.removeImage(name);
    state.map.addImage(name, image, { pixelRatio: 2 });
  }
};

// The box around the flight; longitudes run on over the date line.
const extent = () => {
  const points = [];
  for (const one of state.flight.features) {
    if (!["route", "alternative"].includes(one.properties.style)) continue;
    const lines = one.geometry.type === "MultiLineString" ? one.geometry.coordinates : [one.geometry.coordinates];
    for (const [lon, lat] of lines.flat()) {
      const last = points.at(-1)?.[0] ?? lon;
      points.push([lon - 360 * Math.round((lon - last) / 360), lat]);
    }
  }
  const lons = points.map((p) => p[0]);
  const lats = points.map((p) => p[1]);
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
};

const fit = (how = {}) => state.map.fitBounds(extent(), { padding: { top: 40, bottom: 48, left: 70, right: 70 }, maxZoom: 6, duration: calm ? 0 : 500, ...how });

const day = (text) => new Date(text).toLocaleString("en-GB", { timeZone: "UTC", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

const told = (code, name) => {
  const about = state.about[code];
  if (!about) return [`${name} lies on no way of this flight.`];
  const out = [about.standing === "ends" ? "Departure or arrival." : `${about.words[0].toUpperCase()}${about.words.slice(1)}.`];
  for (const reason of about.stale) out.push(`Stale: ${reason}.`);
  if (about.entry) out.push(`Enters ${day(about.entry[0])} to ${day(about.entry[1])} UTC.`);
  if (about.share !== null && about.share >= 0.005) out.push(`On ${Math.round(about.share * 100)} % of plausible routes.`);
  if (about.ways) out.push(`On ${about.ways} open ${about.ways === 1 ? "way" : "ways"}.`);
  return out;
};

const say = (code, name, more = "") => {
  const strong = document.createElement("strong");
  strong.textContent = `${name}: `;
  said.replaceChildren(strong, [...told(code, name), more].filter(Boolean).join(" "));
  if (document.getElementById(`state-${code}`)) {
    const link = document.createElement("a");
    link.href = `#state-${code}`;
    link.textContent = "Its row";
    said.append(" ", link);
  }
};

const suppose = (code, name) => {
  const box = document.querySelector(`#suppose input[name=refuse][value="${code}"]`);
  if (!box) {
    say(code, name, state.about[code] ? "" : "Its refusal changes nothing.");
    return;
  }
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  say(code, name, box.checked ? "Supposed to refuse." : "No longer supposed to refuse.");
};

const near = (code) => {
  if (state.hover) {
    state.map.setFeatureState({ source: "states", id: state.hover }, { near: false });
    document.getElementById(`state-${state.hover}`)?.classList.remove("near");
  }
  state.hover = code;
  state.map.setPaintProperty("hover", "line-opacity", code ? 1 : 0);
  if (code) {
    state.map.setFeatureState({ source: "states", id: code }, { near: true });
    document.getElementById(`state-${code}`)?.classList.add("near");
  }
};

const tip = document.createElement("div");
tip.id = "map-tip";
tip.hidden = true;

const pointed = (event) => {
  const disputed = state.map.queryRenderedFeatures(event.point, { layers: ["disputed"] })[0];
  const found = state.map.queryRenderedFeatures(event.point, { layers: ["hit"] })[0];
  const code = found?.properties.state ?? null;
  if (code !== state.hover) near(code);
  state.map.getCanvas().style.cursor = code ? "pointer" : "";
  tip.hidden = !code;
  if (!code) return;
  const strong = document.createElement("strong");
  strong.textContent = found.properties.name;
  const words = told(code, found.properties.name);
  if (disputed) words.push(`Disputed: ${disputed.properties.name}.`);
  tip.replaceChildren(strong, words.join(" "));
  const right = event.point.x > place.clientWidth / 2;
  tip.style.left = right ? "" : `${event.point.x + 14}px`;
  tip.style.right = right ? `${place.clientWidth - event.point.x + 14}px` : "";
  tip.style.top = `${Math.max(4, Math.min(event.point.y + 10, place.clientHeight - 110))}px`;
};

// A supposed refusal moves no border: only the state of its features, and which ways are left.
const mark = () => {
  const now = new Set(chosen());
  for (const code of new Set([...now, ...state.supposed])) {
    state.map.setFeatureState({ source: "states", id: code }, { supposed: now.has(code) });
  }
  state.supposed = now;
  const left = open();
  for (const id of ["ways", "letters"]) state.map.setFilter(id, ["all", of("alternative"), left]);
  state.map.setFilter("ways-gone", ["all", of("alternative"), ["!", left]]);
};

const redraw = () => {
  images();
  for (const layer of layers()) {
    if (!state.map.getLayer(layer.id)) continue;
    if (layer.filter) state.map.setFilter(layer.id, layer.filter);
    for (const [name, value] of Object.entries(layer.paint)) state.map.setPaintProperty(layer.id, name, value);
    if (layer.layout?.visibility) state.map.setLayoutProperty(layer.id, "visibility", layer.layout.visibility);
  }
};

const flight = async () => {
  const answer = await fetch(place.dataset.case, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no map of this case");
  state.flight = await answer.json();
  state.about = state.flight.states;
  state.legend = state.flight.legend;
};

const begin = async () => {
  const [library, world] = await Promise.all([
    import(place.dataset.module),
    fetch(place.dataset.world).then((answer) => answer.json()),
    flight(),
  ]);
  state.world = world;
  state.names = Object.fromEntries(world.states.features.map((one) => [one.properties.state, one.properties.name]));
  library.setWorkerUrl(new URL(place.dataset.worker, location.href).href);
  const waiting = document.getElementById("map-waiting");
  waiting?.remove();
  state.map = new library.Map({
    container: place,
    style: style(),
    bounds: extent(),
    fitBoundsOptions: { padding: 44, maxZoom: 6 },
    attributionControl: false,
    maxZoom: 8,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    fadeDuration: calm ? 0 : 200,
  });
  state.map.on("styleimagemissing", images);
  images();
  state.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
  state.map.addControl(new library.ScaleControl({ maxWidth: 120 }), "bottom-left");
  state.map.addControl(new library.AttributionControl({ compact: false, customAttribution: "Borders © OpenStreetMap contributors, ODbL" }), "bottom-right");
  state.map.getCanvas().setAttribute("aria-label", `${place.dataset.label}. Arrow keys move it, plus and minus zoom; the table below says the same.`);
  place.append(tip, ...(waiting ? [waiting] : []));
  state.map.on("movestart", (event) => {
    if (event.originalEvent) state.moved = true;
  });
  state.map.on("mousemove", pointed);
  state.map.on("mouseout", () => {
    near(null);
    tip.hidden = true;
  });
  state.map.on("click", (event) => {
    const found = state.map.queryRenderedFeatures(event.point, { layers: ["hit"] })[0];
    if (found) suppose(found.properties.state, found.properties.name);
  });
  state.map.once("load", () => {
    fit({ duration: 0 });
    mark();
    waiting?.remove();
    place.dataset.ready = "yes";
  });
  tools.hidden = false;
};

const press = (kind, on) => tools.querySelector(`[data-map=${kind}]`).setAttribute("aria-pressed", String(on));

tools?.addEventListener("click", (event) => {
  const kind = event.target.closest("[data-map]")?.dataset.map;
  if (!kind || !state.map) return;
  if (kind === "fit") fit();
  else if (kind === "globe" || kind === "flat") {
    press("globe", kind === "globe");
    press("flat", kind === "flat");
    state.map.setProjection({ type: projection() });
    fit({ duration: 0 });
  } else {
    press(kind, shows(kind) === "none");
    for (const id of kind === "band" ? ["band"] : ["ways", "ways-gone", "letters"]) {
      state.map.setLayoutProperty(id, "visibility", shows(kind));
    }
  }
});

if (place) {
  if (!place.dataset.module || !canDraw()) drawn();
  else {
    begin().catch((fault) => {
      console.warn(fault);
      drawn();
    });
    dark.addEventListener("change", () => state.map && redraw());
    document.addEventListener("change", (event) => event.target.name === "refuse" && state.map && mark());
    document.body.addEventListener("figures", async () => {
      await flight();
      if (!state.map) return;
      const fresh = sources();
      for (const name of ["flight", "labels"]) state.map.getSource(name).setData(fresh[name].data);
      redraw();
      if (!state.moved) fit(); // the ways that have come may lie further out
    });
  }
}
