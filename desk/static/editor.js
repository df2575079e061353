// Lint while typing, text kept on the device until it is saved, and a button that must be held. Works without it too.
(function () {
  "use strict";
  var form = document.getElementById("writing");
  var key = form ? "text:" + form.getAttribute("action") : "";

  function keep(text) { try { localStorage.setItem(key, text); } catch (full) { /* no room: nothing is kept */ } }
  function kept() { try { return localStorage.getItem(key); } catch (barred) { return null; } }
  function drop() { try { localStorage.removeItem(key); } catch (barred) { /* nothing was kept */ } }
  function ask(url, fields) {
    return fetch(url, { method: "POST", body: new URLSearchParams(fields), headers: { "Content-Type": "application/x-www-form-urlencoded" } });
  }

  function line(parent, tag, text, look) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (look) { made.className = look; }
    parent.appendChild(made);
    return made;
  }

  function showFindings(found, area) {
    var box = document.querySelector(".live-findings");
    if (!box) { return; }
    box.querySelectorAll(".rows, .quiet").forEach(function (old) { old.remove(); });
    if (!found.length) { line(box, "p", form.dataset.none, "quiet"); return; }
    var list = line(box, "ul", "", "rows");
    found.forEach(function (one) {
      var row = line(list, "li", "", "finding");
      line(row, "b", form.dataset["level" + one.level], "finding-" + one.level);
      row.appendChild(document.createTextNode(" " + one.message + " "));
      line(row, "span", one.rule, "beside");
      if (one.end > one.start) {
        row.appendChild(document.createElement("br"));
        line(line(row, "span", "", "around"), "mark", Array.from(area.value).slice(one.start, one.end).join(""));
      }
      row.appendChild(document.createElement("br"));
      line(row, "span", form.dataset.better + one.suggestion);
      if (one.adopt) {
        row.appendChild(document.createElement("br"));
        var take = line(row, "button", form.dataset.adopt);
        take.setAttribute("form", "writing");
        take.formAction = form.getAttribute("action") + "/adopt";
        take.name = "adopt";
        take.value = one.rule + ":" + one.start;
      }
    });
  }

  function writing() {
    var area = form.querySelector("textarea"), first = area.value, timer = null, turn = 0;
    var banner = document.querySelector(".kept"), away = document.querySelector(".away"), waiting = false;
    var old = kept();
    if (old !== null && old !== first) {
      banner.hidden = false;
      banner.querySelector(".restore").addEventListener("click", function () { area.value = old; banner.hidden = true; lint(); });
      banner.querySelector(".drop").addEventListener("click", function () { drop(); banner.hidden = true; });
    } else { drop(); }

    function lint() {
      var mine = ++turn;
      ask(form.dataset.lint, { csrf: form.elements.csrf.value, body: area.value })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (said) { if (said && mine === turn) { showFindings(said.findings, area); } })
        .catch(function () { /* away: saving will say so */ });
    }
    area.addEventListener("input", function () {
      keep(area.value);
      clearTimeout(timer);
      timer = setTimeout(lint, 350);
    });

    function save() {
      var fields = {};
      new FormData(form).forEach(function (value, name) { fields[name] = value; });
      keep(area.value);
      ask(form.getAttribute("action"), fields).then(function (answer) {
        if (answer.redirected && answer.ok) { drop(); location.assign(answer.url); return null; }
        // Refused: the server's own screen says why and holds both texts.
        return answer.text().then(function (html) { document.open(); document.write(html); document.close(); });
      }).catch(function () {
        away.textContent = away.dataset.away;
        away.hidden = false;
        if (!waiting) { waiting = true; setTimeout(function () { waiting = false; save(); }, 5000); }
      });
    }
    form.addEventListener("submit", function (event) {
      if (event.submitter && event.submitter.name === "adopt") { drop(); return; }
      event.preventDefault();
      save();
    });
  }

  function holding(box) {
    var button = box.querySelector("button"), timer = null;
    button.textContent = box.dataset.word;
    function begin(event) {
      if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") { return; }
      if (timer !== null) { return; }
      button.textContent = box.dataset.holding;
      timer = setTimeout(function () {
        var digits = document.createElement("input");
        digits.type = "hidden"; digits.name = "confirm"; digits.value = box.dataset.digits;
        box.appendChild(digits);
        box.submit();
      }, Number(box.dataset.hold));
    }
    function end() { clearTimeout(timer); timer = null; button.textContent = box.dataset.word; }
    button.addEventListener("pointerdown", begin);
    button.addEventListener("keydown", begin);
    ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"].forEach(function (name) { button.addEventListener(name, end); });
    box.addEventListener("submit", function (event) { event.preventDefault(); });
  }

  if (form) { writing(); }
  document.querySelectorAll(".hold").forEach(holding);
})();
