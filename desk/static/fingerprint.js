// Works out the SHA-256 of a file in the browser, so that a document is named without leaving the phone.
(function () {
  "use strict";
  if (!window.crypto || !window.crypto.subtle) { return; }
  document.querySelectorAll("[data-fingerprint-file]").forEach(function (label) {
    var file = label.querySelector("input");
    var form = label.closest("form");
    label.hidden = false;
    file.addEventListener("change", function () {
      var chosen = file.files[0];
      if (!chosen) { return; }
      chosen.arrayBuffer().then(function (bytes) {
        return window.crypto.subtle.digest("SHA-256", bytes);
      }).then(function (digest) {
        var digits = Array.from(new Uint8Array(digest), function (one) { return one.toString(16).padStart(2, "0"); });
        form.querySelector("[data-fingerprint]").value = digits.join("");
        var evidence = form.querySelector("[name=evidence]");
        if (!evidence.value) { evidence.value = chosen.name; }
      });
    });
  });
}());
