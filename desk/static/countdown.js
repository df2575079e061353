// Lets countdowns tick in step with the server's clock and says when something changed. Screens work without it.
(function () {
  "use strict";
  var body = document.body;
  var began = performance.now();
  var server = Date.parse(body.dataset.now);
  var speed = 1;
  var asked = began, heard = server, guess = 1;
  var mark = null;
  var dirty = false;

  function now() {
    return server + (performance.now() - began) * speed;
  }

  function face(ms) {
    var s = Math.floor(Math.abs(ms) / 1000);
    var two = function (n) { return (n < 10 ? "0" : "") + n; };
    var h = Math.floor(s / 3600), m = Math.floor((s % 3600) / 60);
    return (h ? h + ":" : "") + two(m) + ":" + two(s % 60);
  }

  function tick() {
    document.querySelectorAll("[data-due]").forEach(function (box) {
      var left = Date.parse(box.dataset.due) - now();
      box.querySelector(".face").textContent = face(left);
      box.querySelector(".count-word").textContent = left > 0 ? box.dataset.left : box.dataset.over;
      box.classList.toggle("count-over", left <= 0);
    });
    document.querySelectorAll("[data-since]").forEach(function (box) {
      box.textContent = face(now() - Date.parse(box.dataset.since));
    });
  }

  // The server's clock may run faster than ours (the demo). One look sets the time; only two that agree set the speed,
  // so that a clock that jumped once (a sleeping laptop) does not run away.
  function learn(moment) {
    var here = performance.now();
    var told = Date.parse(moment);
    if (here - asked > 700) {
      var seen = (told - heard) / (here - asked);
      var agree = Math.abs(seen - guess) < 0.2 * Math.max(1, Math.abs(seen));
      speed = agree ? seen : 1;
      if (Math.abs(speed - 1) < 0.2) { speed = 1; }
      guess = seen;
    }
    asked = began = here;
    heard = server = told;
  }

  function news() {
    if (body.hasAttribute("data-live") && !dirty) {
      location.reload();
      return;
    }
    var box = document.querySelector(".news");
    if (!box.hidden) { return; }
    var link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = body.dataset.news;
    box.appendChild(link);
    box.hidden = false;
  }

  function pulse() {
    fetch(body.dataset.pulse, { headers: { Accept: "application/json" }, redirect: "error" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (found) {
        if (!found) { return; }
        learn(found.now);
        if (mark !== null && mark !== found.mark) { news(); }
        mark = found.mark;
      })
      .catch(function () { /* away: the next look will tell */ });
  }

  document.addEventListener("input", function () { dirty = true; });
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value).then(function () {
        button.textContent = button.dataset.done;
      });
    });
  });
  tick();
  setInterval(tick, 1000);
  if (body.dataset.pulse) {
    setTimeout(pulse, 1500);
    setTimeout(pulse, 4000);
    setInterval(pulse, 15000);
  }
})();
