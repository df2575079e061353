// A slider beside a number: moving one moves the other, and says that the numbers are one's own. Works without it, too.
(function () {
  "use strict";
  document.querySelectorAll("input[type=range][data-of]").forEach(function (slider) {
    var form = slider.form, field = form.elements[slider.dataset.of];
    function own() {
      var radio = form.querySelector("[name=preset][value=own]");
      if (radio) { radio.checked = true; }
    }
    slider.value = field.value;
    slider.hidden = false;
    slider.addEventListener("input", function () { field.value = slider.value; own(); });
    field.addEventListener("input", function () { slider.value = field.value; own(); });
  });
})();
