// Returns what a person cannot read or use on this screen; [] when all is well. `phone` also measures targets.
(phone) => {
  const faults = [];
  const say = (what, node) => faults.push(what + ": " + node.tagName.toLowerCase() + "." + String(node.className.baseVal ?? node.className) + " " + (node.textContent || "").trim().slice(0, 30));
  const shown = (node) => node.checkVisibility() && node.getClientRects().length > 0;
  const rgb = (text) => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => {
    const part = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] > 0) { return found; }
    }
    return [255, 255, 255];
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !node || !shown(node) || ["SCRIPT", "NOSCRIPT", "OPTION", "TITLE"].includes(node.tagName)) { continue; }
    const style = getComputedStyle(node);
    const ink = rgb(node instanceof SVGElement ? style.fill : style.color);
    const size = parseFloat(style.fontSize);
    const need = size >= 24 || (size >= 18.66 && style.fontWeight >= 600) ? 3 : 4.5;
    const got = ratio(ink, behind(node));
    if (got < need) { say("contrast " + got.toFixed(2), node); }
    if (!(node instanceof SVGElement) && size < 13) { say("small " + size, node); }
  }
  for (const node of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!node.labels.length && !node.getAttribute("aria-label")) { say("no label", node); }
  }
  for (const node of document.querySelectorAll("a[href], button, summary")) {
    if (!shown(node)) { continue; }
    if (!node.textContent.trim() && !node.getAttribute("aria-label")) { say("no name", node); }
  }
  for (const node of document.querySelectorAll("svg, img")) {
    if (!node.getAttribute("aria-label") && !node.getAttribute("alt")) { say("no words", node); }
  }
  if (phone) {
    for (const node of document.querySelectorAll("button, .button, summary, input:not([type=hidden]), select, textarea, nav a")) {
      // A tick or a choice is pressed by its words, too.
      const pressed = ["radio", "checkbox"].includes(node.type) && node.closest("label") || node;
      if (shown(node) && pressed.getBoundingClientRect().height < 43.5) { say("target", node); }
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  ids.filter((id, n) => ids.indexOf(id) !== n).forEach((id) => faults.push("id twice: " + id));
  let last = 0;
  for (const node of document.querySelectorAll("h1, h2, h3, h4, h5")) {
    const rank = Number(node.tagName[1]);
    if (rank > last + 1) { say("heading skips", node); }
    last = rank;
  }
  if (document.querySelectorAll("h1").length !== 1) { faults.push("h1: not exactly one"); }
  if (document.querySelectorAll("main").length !== 1) { faults.push("main: not exactly one"); }
  return faults;
}
